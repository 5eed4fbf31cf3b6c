// The tables of this crate's examples and tests, as a user would write them.

#[allow(unused_imports)]
use jsonsql::{MacAddr, SqlType, Table};

/// The id of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
pub(crate) struct SubscriberId(pub i64);

/// The id of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
pub(crate) struct PackageId(pub i64);

/// A subscriber of the operator.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(
    name = "subscriber",
    reserved("email", "phone", "address", "domain_id")
)]
pub(crate) struct Subscriber {
    #[column(key, generated)]
    pub id: SubscriberId,
    /// The login.
    pub username: String,
    pub password: Option<String>,
    #[column(default)]
    pub disabled: bool,
    pub max_terminal: Option<i32>,
}

/// A set-top box or player.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "terminal")]
pub(crate) struct Terminal {
    #[column(key, generated)]
    pub id: i64,
    pub subscriber_id: SubscriberId,
    pub mac_addr: MacAddr,
    pub inet_addr: Option<String>,
    #[column(default)]
    pub registered: bool,
}

/// A TV channel or another resource.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "media")]
pub(crate) struct Media {
    #[column(key, generated)]
    pub id: i64,
    pub name: String,
    pub protocol: String,
    pub inet_addr: String,
    pub port: Option<i32>,
    pub path: Option<String>,
    #[column(default)]
    pub is_tv: bool,
}

/// A package of resources.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "package")]
pub(crate) struct Package {
    #[column(key, generated)]
    pub id: PackageId,
    pub name: String,
    pub paid: bool,
}

/// A package of a subscriber.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "subscriber_package")]
pub(crate) struct SubscriberPackage {
    #[column(key)]
    pub subscriber_id: SubscriberId,
    #[column(key)]
    pub package_id: PackageId,
    #[column(default)]
    pub enabled: bool,
}

/// What a terminal played.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "terminal_playlog")]
pub(crate) struct TerminalPlaylog {
    #[column(key)]
    pub start: String,
    pub domain_id: i64,
    #[column(key)]
    pub mac_addr: MacAddr,
    pub channel_id: i64,
}

/// A TV channel of the programme guide.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "tv_channel")]
pub(crate) struct TvChannel {
    #[column(key, generated)]
    pub id: i64,
    pub name: String,
}

/// A programme on a channel.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "tv_program")]
pub(crate) struct TvProgram {
    #[column(key, generated)]
    pub id: i64,
    pub start: String,
    pub stop: String,
    pub channel_id: i64,
    pub epg_provider_id: i64,
}

/// A category of a programme.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "tv_program_category")]
pub(crate) struct TvProgramCategory {
    #[column(key)]
    pub program_id: i64,
    #[column(key)]
    pub category_id: i64,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "tv_category")]
pub(crate) struct TvCategory {
    #[column(key, generated)]
    pub id: i64,
    pub name: String,
}
