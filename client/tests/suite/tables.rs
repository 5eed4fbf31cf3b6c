//! The tables of the tests.

use jsonsql::prelude::*;

/// A subscriber of the operator.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "subscriber", reserved("email"))]
pub(crate) struct Subscriber {
    #[column(key, generated)]
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) password: Option<String>,
    #[column(default)]
    pub(crate) disabled: bool,
}

#[derive(Insertable)]
#[insertable(table = Subscriber)]
pub(crate) struct NewSubscriber<'a> {
    pub(crate) username: &'a str,
    pub(crate) password: Option<&'a str>,
}

pub(crate) fn new_subscriber() -> Insert<Subscriber, i64> {
    insert(&NewSubscriber {
        username: "ivanov",
        password: Some("rowsecret77"),
    })
}

pub(crate) fn ids() -> Select<i64> {
    Subscriber::all().column(|s| s.id)
}
