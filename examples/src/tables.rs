//! The tables, as far as the quickstart uses them.

use jsonsql::prelude::*;

/// The id of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
pub struct SubscriberId(pub i64);

/// The id of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
pub struct PackageId(pub i64);

/// A subscriber of the operator.
#[derive(Debug, Table)]
#[table(reserved("email", "phone", "address", "domain_id", "type", "billing"))]
pub struct Subscriber {
    /// Made by the server.
    #[column(key, generated)]
    pub id: SubscriberId,
    /// The login, unique within the operator's domain.
    pub username: String,
    /// Readable in clear.
    pub password: Option<String>,
    /// `true` if the subscriber sees nothing.
    #[column(default)]
    pub disabled: bool,
}

/// A set-top box or player of a subscriber.
#[derive(Debug, Table)]
pub struct Terminal {
    /// Made by the server.
    #[column(key, generated)]
    pub id: i64,
    /// The subscriber, if there is one.
    pub subscriber_id: Option<SubscriberId>,
    /// Its hardware address.
    pub mac_addr: MacAddr,
    /// Its last address, if it has had one.
    pub inet_addr: Option<String>,
    /// `true` if it may be used.
    #[column(default)]
    pub registered: bool,
}

/// A channel or another resource.
#[derive(Debug, Table)]
pub struct Media {
    /// Made by the server.
    #[column(key, generated)]
    pub id: i64,
    /// The name that viewers see.
    pub name: String,
    /// `udp`, `http`, …
    pub protocol: String,
    /// The address it is sent from or to.
    pub inet_addr: String,
    /// The port, if it has one.
    pub port: Option<i32>,
    /// The path, if it has one.
    pub path: Option<String>,
    /// `true` if it is a TV channel.
    #[column(default)]
    pub is_tv: bool,
}

/// A package of channels.
#[derive(Debug, Table)]
pub struct Package {
    /// Made by the server.
    #[column(key, generated)]
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// `true` if it is not for everybody.
    pub paid: bool,
}

/// A package that a subscriber has.
#[derive(Debug, Table)]
pub struct SubscriberPackage {
    /// The holder.
    #[column(key)]
    pub subscriber_id: SubscriberId,
    /// The kind of value that came.
    #[column(key)]
    pub package_id: PackageId,
    /// `true` if it is in force.
    #[column(default)]
    pub enabled: bool,
}
