//! The tables of the benchmarks.

use jsonsql::prelude::*;

/// The id of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
pub struct SubscriberId(pub i64);

/// A subscriber.
#[derive(Debug, PartialEq, Table)]
pub struct Subscriber {
    /// Its id.
    #[column(key, generated)]
    pub id: SubscriberId,
    /// Its login.
    pub username: String,
    /// `true` if it sees nothing.
    pub disabled: bool,
    /// The greatest number of boxes.
    pub max_terminal: Option<i32>,
}

/// A set-top box.
#[derive(Debug, PartialEq, Table)]
pub struct Terminal {
    /// Its id.
    #[column(key, generated)]
    pub id: i64,
    /// The owner.
    pub subscriber_id: SubscriberId,
    /// Its address.
    pub mac_addr: String,
    /// Its network address.
    pub inet_addr: Option<String>,
    /// `true` if it may be used.
    pub registered: bool,
}

/// The table of the decode benchmark, eight columns of it.
#[derive(Debug, PartialEq, Table)]
pub struct Channel {
    /// Its id.
    #[column(key)]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The protocol.
    pub protocol: String,
    /// The address it is sent to.
    pub inet_addr: String,
    /// On which port.
    pub port: Option<i32>,
    /// The file there.
    pub path: Option<String>,
    /// `true` if it is TV.
    pub is_tv: bool,
    /// The price.
    pub cost: f64,
}
