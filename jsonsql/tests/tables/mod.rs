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
