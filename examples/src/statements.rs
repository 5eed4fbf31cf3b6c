//! The statements of the vendor's document and scripts, typed.

use jsonsql::prelude::*;

use crate::tables::*;

/// The login of the subscriber that the quickstart adds.
pub const LOGIN: &str = "123456";

/// Every TV channel and its address.
pub fn channels() -> Select<(String, String)> {
    select(|mut q| {
        let m = q.from(Media);
        let port = coalesce(concat((":", m.port)), "");
        let path = coalesce(concat(("/", m.path)), "");
        let mrl = concat((m.protocol, "://", m.inet_addr, port, path));
        q.filter(m.is_tv.eq(true));
        q.select((m.name, mrl.named("mrl")))
    })
}

/// Every terminal and the login of its owner, if it has one.
pub fn terminals() -> Select<(Option<String>, MacAddr, Option<String>)> {
    select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
        q.order_by(s.username.asc());
        q.select((t.inet_addr, t.mac_addr, s.username))
    })
}

/// A subscriber to be added.
#[derive(Insertable)]
#[insertable(table = Subscriber)]
pub struct NewSubscriber<'a> {
    /// The login.
    pub username: &'a str,
    /// In clear: the server stores it so.
    pub password: &'a str,
}

/// Adds the subscriber.
pub fn add_subscriber() -> Insert<Subscriber, SubscriberId> {
    insert(&NewSubscriber {
        username: LOGIN,
        password: "111",
    })
}

/// Binds a terminal to the subscriber, by login.
pub fn bind_terminal(mac_addr: MacAddr) -> Insert<Terminal, i64> {
    insert_from(
        Terminal,
        |t| (t.subscriber_id, t.mac_addr, t.registered),
        |mut q| {
            let s = q.from(Subscriber);
            q.filter(s.username.eq(LOGIN));
            q.select((s.id, mac_addr, true))
        },
    )
}

/// A package to be added.
#[derive(Insertable)]
#[insertable(table = Package)]
pub struct NewPackage<'a> {
    /// Its name.
    pub name: &'a str,
    /// `true` if it is not for everybody.
    pub paid: bool,
}

/// Adds two packages.
pub fn add_packages() -> Insert<Package, PackageId> {
    insert_many(&["movie", "sports"].map(|name| NewPackage { name, paid: true }))
}

/// Gives the subscriber both packages, by their names.
pub fn subscribe() -> Insert<SubscriberPackage, PackageId> {
    insert_from(
        SubscriberPackage,
        |sp| (sp.subscriber_id, sp.package_id, sp.enabled),
        |mut q| {
            let s = q.from(Subscriber);
            let p = q.from(Package);
            q.filter(s.username.eq(LOGIN));
            q.filter(p.name.is_in(["movie", "sports"]));
            q.select((s.id, p.id, true))
        },
    )
    .returning(|sp| sp.package_id)
}

/// Disables the subscriber.
pub fn disable() -> Update<Subscriber, SubscriberId> {
    Subscriber::update(|s| s.username.eq(LOGIN)).set(|s| s.disabled.to(true))
}

/// Deletes the subscriber's terminals.
pub fn delete_terminals() -> Delete<Terminal, i64> {
    Terminal::delete(|t| t.subscriber_id.in_query(the_subscriber()))
}

/// Takes the subscriber's packages away.
pub fn delete_packages() -> Delete<SubscriberPackage, PackageId> {
    SubscriberPackage::delete(|sp| sp.subscriber_id.in_query(the_subscriber()))
        .returning(|sp| sp.package_id)
}

fn the_subscriber() -> Select<SubscriberId> {
    Subscriber::filter(|s| s.username.eq(LOGIN)).column(|s| s.id)
}
