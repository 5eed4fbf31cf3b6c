//! The tables of the compile-fail files.

use jsonsql::{MacAddr, SqlType, Table};

#[derive(Debug, Clone, Copy, SqlType)]
pub struct SubscriberId(pub i64);

#[derive(Debug, Clone, Copy, SqlType)]
pub struct PackageId(pub i64);

#[derive(Table)]
pub struct Subscriber {
    #[column(key, generated)]
    pub id: SubscriberId,
    pub username: String,
    pub password: Option<String>,
    #[column(default)]
    pub disabled: bool,
    pub max_terminal: Option<i32>,
}

#[derive(Table)]
pub struct Terminal {
    #[column(key, generated)]
    pub id: i64,
    pub subscriber_id: SubscriberId,
    pub mac_addr: MacAddr,
    #[column(default)]
    pub registered: bool,
}

#[derive(Table)]
pub struct Package {
    #[column(key, generated)]
    pub id: PackageId,
    pub name: String,
    pub paid: bool,
}
