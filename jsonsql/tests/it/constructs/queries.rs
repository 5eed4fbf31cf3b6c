//! Clauses of a select.

use jsonsql::prelude::*;

use crate::tables::*;

#[derive(Debug, PartialEq, Row)]
#[row(table = Subscriber)]
struct Brief {
    #[row(key)]
    id: SubscriberId,
    username: String,
}

snapshots! {
    all_rows => Package::all();
    filters_of_a_table => Package::filter(|p| p.paid.eq(true)).filter(|p| p.name.neq("movie"));
    orders_of_a_table => Package::all().order_by(|p| p.name.asc()).order_by(|p| p.id.desc());
    column => Package::all().column(|p| p.name);
    column_expression => Subscriber::all().column(|s| coalesce(s.max_terminal, 1));
    limit_and_offset => Package::all().limit(10).offset(20);
    from => select(|mut q| {
        let p = q.from(Package);
        q.select((p.id, p.name))
    });
    from_of_two_tables => select(|mut q| {
        let s = q.from(Subscriber);
        let p = q.from(Package);
        q.filter(s.username.eq("12345")).filter(p.name.eq("movie"));
        q.select((s.id, p.id))
    });
    from_of_one_table_twice => select(|mut q| {
        let a = q.from(Terminal);
        let b = q.from(Terminal);
        q.filter(a.subscriber_id.eq(b.subscriber_id)).filter(a.id.lt(b.id));
        q.select((a.id, b.id))
    });
    join => select(|mut q| {
        let t = q.from(Terminal);
        let s = q.join(Subscriber, |s| s.id.eq(t.subscriber_id));
        q.select((t.mac_addr, s.username))
    });
    left_join => select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id).and(s.disabled.eq(false)));
        q.filter(s.id.is_null());
        q.select((t.mac_addr, s.username))
    });
    left_joined_row => select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id));
        q.select((t.id, s))
    });
    some_columns_of_a_row => select(|mut q| {
        let s = q.from(Subscriber);
        q.select(Brief::of(s))
    });
    some_columns_of_a_left_joined_row => select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id));
        q.select((t.id, Brief::of_optional(s)))
    });
    order_by => select(|mut q| {
        let s = q.from(Subscriber);
        q.order_by(s.username.asc());
        q.select(s.id)
    });
    order_by_several => select(|mut q| {
        let s = q.from(Subscriber);
        q.order_by([s.disabled.desc(), s.username.asc()]).order_by(s.id.desc());
        q.select(s.id)
    });
    distinct => select(|mut q| {
        let m = q.from(Media);
        q.distinct();
        q.select((m.protocol, m.port))
    });
    distinct_on => select(|mut q| {
        let m = q.from(Media);
        q.distinct_on(m.inet_addr).order_by([m.inet_addr.asc(), m.id.asc()]);
        q.select((m.inet_addr, m.name))
    });
    group_by => select(|mut q| {
        let t = q.from(Terminal);
        q.group_by(t.subscriber_id);
        q.select((t.subscriber_id, count_rows()))
    });
    group_by_several => select(|mut q| {
        let m = q.from(Media);
        q.group_by((m.protocol, m.port));
        q.select((m.protocol, m.port, count_rows()))
    });
    having => select(|mut q| {
        let t = q.from(Terminal);
        q.group_by(t.subscriber_id).having(count(t.id).gt(3)).having(count(t.id).lt(9));
        q.select(t.subscriber_id)
    });
    from_select => select(|mut q| {
        let s = q.from(Subscriber);
        let (owner, boxes) = q.from_select(|mut q| {
            let t = q.from(Terminal);
            q.group_by(t.subscriber_id);
            q.select((t.subscriber_id, count(t.id)))
        });
        q.filter(s.id.eq(owner)).filter(boxes.gt(3));
        q.select((s.username, boxes))
    });
    from_select_of_constants => select(|mut q| {
        let (text, flag, number) = q.from_select(|q| q.select(("movie", true, 1_i64)));
        q.select((text, flag, number))
    });
    subquery => select(|mut q| {
        let s = q.from(Subscriber);
        let owners = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id)).filter(t.registered.eq(true));
            q.select(t.subscriber_id)
        });
        q.filter(s.id.in_query(owners));
        q.select(s.username)
    });
    scalar_subquery => select(|mut q| {
        let s = q.from(Subscriber);
        let boxes = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(count(t.id))
        });
        q.select((s.username, boxes.scalar()))
    });
    aliases_of_nested_queries => Subscriber::filter(|s| {
        s.id.in_query(Subscriber::filter(|s| s.username.eq("12345")).column(|s| s.id))
    })
    .column(|s| s.id);
    alias_beside_a_text_like_it => Subscriber::filter(|s| s.username.eq("s")).column(|s| s.id);
    constant_rows => values([(1_i64, "a"), (2, "b")]);
    constants => select(|q| q.select(("a", true)));
    split_text => Subscriber::filter(|s| s.username.eq("email"))
        .column(|s| s.id)
        .split_ambiguous_text();
}

/// The short spelling is for reading, so it is not a form that is sent.
#[test]
fn unqualified() {
    let query = Media::filter(|m| m.is_tv.is(true)).order_by(|m| m.name.asc());
    assert_eq!(
        serde_json::to_string(&query.unqualified()).unwrap(),
        r#"{"data":["id","name","protocol","inet_addr","port","path","is_tv"],"from":"media","where":{"is":["is_tv",true]},"order_by":"name"}"#
    );
}
