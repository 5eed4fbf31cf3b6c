//! Inserts, updates and deletes.

use jsonsql::prelude::*;

use crate::tables::*;

#[derive(Insertable)]
#[insertable(table = Package)]
struct NewPackage<'a> {
    name: &'a str,
    paid: bool,
}

#[derive(Insertable)]
#[insertable(table = Terminal)]
struct NewTerminal {
    subscriber_id: SubscriberId,
    mac_addr: MacAddr,
    inet_addr: Option<String>,
}

#[derive(Insertable)]
#[insertable(table = Terminal)]
struct WithoutAddress {
    subscriber_id: SubscriberId,
    mac_addr: MacAddr,
    inet_addr: jsonsql::expr::NullValue,
}

#[derive(Default, Changeset)]
#[changeset(table = Subscriber)]
struct Edit {
    username: Option<String>,
    password: Change<String>,
    max_terminal: Change<i32>,
}

fn movie() -> NewPackage<'static> {
    NewPackage {
        name: "movie",
        paid: true,
    }
}

fn ids_of(username: &str) -> Select<SubscriberId> {
    Subscriber::filter(|s| s.username.eq(username)).column(|s| s.id)
}

snapshots! {
    insert_of_one_row => insert(&movie());
    insert_of_null => insert(&NewTerminal {
        subscriber_id: SubscriberId(7),
        mac_addr: "00:1a:79:0c:bb:01".parse().unwrap(),
        inet_addr: None,
    });
    insert_of_a_typed_null => insert(&WithoutAddress {
        subscriber_id: SubscriberId(7),
        mac_addr: "00:1a:79:0c:bb:01".parse().unwrap(),
        inet_addr: null(),
    });
    insert_of_several_rows => insert_many(&[movie(), NewPackage { name: "sports", paid: false }]);
    insert_returning_rows => insert(&movie()).returning(|p| (p.id, p.name, p.paid));
    insert_returning_the_whole_row => insert(&movie()).returning(|p| p);
    insert_of_a_query => insert_from(
        SubscriberPackage,
        |sp| (sp.subscriber_id, sp.package_id, sp.enabled),
        |mut q| {
            let s = q.from(Subscriber);
            let p = q.from(Package);
            q.filter(s.username.eq("12345")).filter(p.name.is_in(["movie", "sports"]));
            q.select((s.id, p.id, true))
        },
    );
    insert_of_constants => insert_from(
        Package,
        |p| (p.name, p.paid),
        |q| q.select(("movie", true)),
    );
    insert_of_a_table_of_constants => insert_from(
        Package,
        |p| (p.name, p.paid),
        |mut q| {
            let (name, paid) = q.from_select(|q| q.select(("movie", true)));
            q.select((name, paid))
        },
    );
    update => Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true));
    update_of_several_columns => Subscriber::update(|s| s.id.eq(SubscriberId(7)))
        .set(|s| (s.username.to("7"), s.password.to("secret")))
        .set(|s| s.max_terminal.to(Some(3)));
    update_to_null => Subscriber::update(|s| s.id.eq(SubscriberId(7)))
        .set(|s| s.password.to(None::<String>));
    update_to_an_expression => Subscriber::update(|s| s.id.eq(SubscriberId(7)))
        .set(|s| (s.disabled.to(!s.disabled), s.max_terminal.to(s.max_terminal + 1)));
    update_of_all_rows => Package::update_all().set(|p| p.paid.to(true));
    update_with_a_changeset => Subscriber::update(|s| s.id.eq(SubscriberId(7))).set_changes(&Edit {
        username: Some("8".to_owned()),
        password: Change::Null,
        max_terminal: Change::To(2),
    });
    update_returning_rows => Package::update(|p| p.name.eq("movie"))
        .set(|p| p.paid.to(false))
        .returning(|p| (p.id, p.paid));
    update_returning_a_name => Package::update(|p| p.name.eq("movie"))
        .set(|p| p.paid.to(false))
        .returning(|p| (p.id.named("package_id"), literal(1_i64).named("run")));
    update_from_joined_tables => Terminal::update_from(|q, t| {
        let s = q.from(Subscriber);
        q.filter(t.subscriber_id.eq(s.id)).filter(s.disabled.eq(true));
        vec![t.registered.to(false)]
    });
    update_by_a_correlated_query => Subscriber::update(|s| s.username.eq("12345")).set(|s| {
        let owners = select(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(t.subscriber_id)
        });
        s.disabled.to(coalesce(s.id.in_query(owners), false))
    });
    delete => Terminal::delete(|t| t.mac_addr.eq("00:1a:79:0c:bb:01".parse::<MacAddr>().unwrap()));
    delete_by_a_query => Terminal::delete(|t| t.subscriber_id.in_query(ids_of("test")));
    delete_of_a_key_of_two_columns => SubscriberPackage::delete(|sp| sp.enabled.eq(false));
    delete_of_all_rows => Terminal::delete_all();
    delete_using_joined_tables => Terminal::delete_using(|q, t| {
        let s = q.from(Subscriber);
        let p = q.join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
        q.filter(t.subscriber_id.eq(s.id)).filter(p.enabled.eq(false));
    });
    delete_returning_one_column => SubscriberPackage::delete(|sp| sp.subscriber_id.in_query(ids_of("test")))
        .returning(|sp| sp.package_id);
    delete_split_text => Subscriber::delete(|s| s.username.eq("phone")).split_ambiguous_text();
}
