//! INSERT, UPDATE, DELETE.

use jsonsql::prelude::*;

use super::same;
use crate::tables::*;

#[derive(Insertable)]
#[insertable(table = Package)]
struct NewPackage<'a> {
    name: &'a str,
    paid: bool,
}

#[test]
fn rows() {
    let movie = "movie".to_owned();
    let by_macro: Insert<Package, (PackageId, String)> = sql! {
        insert into Package as p (name, paid) values ({&movie}, true), ("sports", {1 > 2})
        returning p.id, name
    };
    let by_hand = insert_many(&[
        NewPackage {
            name: "movie",
            paid: true,
        },
        NewPackage {
            name: "sports",
            paid: false,
        },
    ])
    .returning(|p| (p.id, p.name));
    same(
        &by_macro,
        &by_hand,
        "INSERT INTO package (name, paid) VALUES ('movie', TRUE), ('sports', FALSE) RETURNING id, name",
    );
}

#[test]
fn null_in_a_row() {
    #[derive(Insertable)]
    #[insertable(table = Subscriber)]
    struct New {
        username: String,
        password: Option<String>,
        max_terminal: i32,
    }
    let by_macro: Insert<Subscriber, SubscriberId> = sql! {
        insert into Subscriber (username, password, max_terminal) values ("a", null, -1)
    };
    let by_hand = insert(&New {
        username: "a".to_owned(),
        password: None,
        max_terminal: -1,
    });
    same(
        &by_macro,
        &by_hand,
        "INSERT INTO subscriber (username, password, max_terminal) VALUES ('a', NULL, -1) RETURNING id",
    );
}

#[test]
fn rows_of_a_query() {
    let by_macro = sql! {
        insert into Package (name, paid) select m.name, m.is_tv from Media as m where m.port = 80
        returning id
    };
    let by_hand = insert_from(
        Package,
        |p| (p.name, p.paid),
        |mut q| {
            let m = q.from(Media);
            q.filter(m.port.eq(80));
            q.select((m.name, m.is_tv))
        },
    )
    .returning(|p| p.id);
    same(
        &by_macro,
        &by_hand,
        "INSERT INTO package (name, paid) SELECT m.name, m.is_tv FROM media AS m WHERE m.port = 80 RETURNING id",
    );
}

#[test]
fn changes() {
    let login = "12345";
    let by_macro: Update<Subscriber, SubscriberId> = sql! {
        update Subscriber as s set s.disabled = true where s.username = {login} returning s.id
    };
    let by_hand = Subscriber::update(|s| s.username.eq("12345"))
        .set(|s| s.disabled.to(true))
        .returning(|s| s.id);
    same(
        &by_macro,
        &by_hand,
        "UPDATE subscriber SET disabled = TRUE WHERE username = '12345' RETURNING id",
    );
}

#[test]
fn changes_of_several_columns() {
    let by_macro = sql! {
        update Subscriber set password = null, max_terminal = max_terminal + 1, disabled = not disabled
        where password is not null and username like "a%"
        returning *
    };
    let by_hand = Subscriber::update(|s| s.password.is_not_null().and(s.username.like("a%")))
        .set(|s| {
            (
                s.password.to(null()),
                s.max_terminal.to(s.max_terminal + 1),
                s.disabled.to(!s.disabled),
            )
        })
        .returning(|s| s);
    same(
        &by_macro,
        &by_hand,
        "UPDATE subscriber SET password = NULL, max_terminal = max_terminal + 1, disabled = NOT disabled \
         WHERE password IS NOT NULL AND username LIKE 'a%' \
         RETURNING id, username, password, disabled, max_terminal",
    );
}

#[test]
fn a_closed_query_in_a_write() {
    let by_macro = sql! {
        update Subscriber as s set disabled = true
        where s.id in (select t.subscriber_id from Terminal as t where t.registered)
    };
    let by_hand = Subscriber::update(|s| {
        s.id.in_query(select(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.registered);
            q.select(t.subscriber_id)
        }))
    })
    .set(|s| s.disabled.to(true));
    same(&by_macro, &by_hand, "");
    let by_macro = sql! {
        delete from Subscriber as s where s.id in (select t.subscriber_id from Terminal as t)
    };
    let by_hand = Subscriber::delete(|s| {
        s.id.in_query(select(|mut q| {
            let t = q.from(Terminal);
            q.select(t.subscriber_id)
        }))
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn a_query_about_the_row_in_a_write() {
    let by_macro = sql! {
        delete from Subscriber as s
        where not exists (select 1 from Terminal as t where t.subscriber_id = s.id)
        returning s.username
    };
    let by_hand = Subscriber::delete_using(|q, s| {
        let boxes = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(1)
        });
        q.filter(!boxes.exists());
    })
    .returning(|s| s.username);
    same(&by_macro, &by_hand, "");
    let by_macro = sql! {
        update Terminal as t
        set registered = (select s.disabled from Subscriber as s where s.id = t.subscriber_id) is true
        where t.id = 5
    };
    let by_hand = Terminal::update_from(|q, t| {
        q.filter(t.id.eq(5));
        let owner = q.subquery(|mut q| {
            let s = q.from(Subscriber);
            q.filter(s.id.eq(t.subscriber_id));
            q.select(s.disabled)
        });
        vec![t.registered.to(owner.scalar().is(true))]
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn writes_by_other_tables() {
    let by_macro = sql! {
        update Subscriber as s set disabled = t.registered
        from Terminal as t where t.subscriber_id = s.id and t.id = 7 returning s.id
    };
    let by_hand = Subscriber::update_from(|q, s| {
        let t = q.from(Terminal);
        q.filter(t.subscriber_id.eq(s.id).and(t.id.eq(7)));
        vec![s.disabled.to(t.registered)]
    })
    .returning(|s| s.id);
    same(&by_macro, &by_hand, "");
    let by_macro = sql! {
        delete from Terminal as t using Subscriber as s join SubscriberPackage as sp on sp.subscriber_id = s.id
        where t.subscriber_id = s.id and sp.enabled
    };
    let by_hand = Terminal::delete_using(|q, t| {
        let s = q.from(Subscriber);
        let sp = q.join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
        q.filter(t.subscriber_id.eq(s.id).and(sp.enabled));
    });
    same(&by_macro, &by_hand, "");
}
