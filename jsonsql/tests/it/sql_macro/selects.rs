//! Clauses of SELECT.

use jsonsql::prelude::*;

use super::same;
use crate::tables::*;

#[derive(Debug, Row)]
#[expect(dead_code, reason = "it is selected, and no answer is read here")]
struct Owned {
    mac: MacAddr,
    username: Option<String>,
    boxes: i64,
}

/// The statement in the macro's documentation, and the expansion shown there.
#[test]
#[expect(
    clippy::match_single_binding,
    reason = "temporaries live as long as in a call"
)]
fn the_statement_of_the_documentation() {
    let (disabled, macs, n) = (true, [MacAddr([1, 2, 3, 4, 5, 6])], 10);
    let by_macro: Select<(MacAddr, Option<String>)> = sql! {
        select t.mac_addr, s.username
        from Terminal as t
        left join Subscriber as s on t.subscriber_id = s.id
        where s.disabled = {disabled} and t.mac_addr in {macs}
        order by t.id desc limit {n}
    };
    let by_hand: Select<(MacAddr, Option<String>)> = match (disabled, macs, n) {
        (value0, value1, value2) => select(|mut q| {
            let t = q.from(Terminal);
            let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
            q.filter(s.disabled.eq(value0).and(t.mac_addr.is_in(value1)));
            q.order_by(t.id.desc());
            q.limit(value2);
            q.select((t.mac_addr, s.username))
        }),
    };
    same(
        &by_macro,
        &by_hand,
        "SELECT t.mac_addr, s.username FROM terminal AS t LEFT JOIN subscriber AS s \
         ON t.subscriber_id = s.id WHERE s.disabled = TRUE AND t.mac_addr IN ('01-02-03-04-05-06') \
         ORDER BY t.id DESC LIMIT 10",
    );
}

#[test]
fn all_clauses() {
    let by_macro = sql! {
        SELECT DISTINCT s.username, count(*), max(t.id), count(distinct t.mac_addr), sum(t.id), avg(t.id), min(t.id), count(t.id)
        FROM Subscriber AS s INNER JOIN Terminal t ON t.subscriber_id = s.id
        WHERE t.registered
        GROUP BY s.username, s.id
        HAVING count(*) > 1 AND max(t.id) < 100
        ORDER BY count(*) DESC, s.username ASC, s.id
        LIMIT 5 OFFSET 10
    };
    let by_hand = select(|mut q| {
        let s = q.from(Subscriber);
        let t = q.join(Terminal, |t| t.subscriber_id.eq(s.id));
        q.filter(t.registered);
        q.group_by((s.username, s.id));
        q.having(count_rows().gt(1).and(max(t.id).lt(100)));
        q.order_by((count_rows().desc(), s.username.asc(), s.id.asc()));
        q.limit(5).offset(10).distinct();
        q.select((
            s.username,
            count_rows(),
            max(t.id),
            count_distinct(t.mac_addr),
            sum(t.id),
            avg(t.id),
            min(t.id),
            count(t.id),
        ))
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT DISTINCT s.username, count(*), max(t.id), count(distinct t.mac_addr), sum(t.id), avg(t.id), min(t.id), count(t.id) \
         FROM subscriber AS s JOIN terminal AS t ON t.subscriber_id = s.id WHERE t.registered \
         GROUP BY s.username, s.id HAVING count(*) > 1 AND max(t.id) < 100 \
         ORDER BY count(*) DESC, s.username ASC, s.id LIMIT 5 OFFSET 10",
    );
}

#[test]
fn the_first_of_each() {
    let by_macro = sql! {
        select distinct on (t.subscriber_id) t.mac_addr from Terminal as t order by t.subscriber_id, t.id desc
    };
    let by_hand = select(|mut q| {
        let t = q.from(Terminal);
        q.order_by((t.subscriber_id.asc(), t.id.desc()));
        q.distinct_on(t.subscriber_id);
        q.select(t.mac_addr)
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT DISTINCT ON (t.subscriber_id) t.mac_addr FROM terminal AS t ORDER BY t.subscriber_id, t.id DESC",
    );
}

#[test]
fn products_and_the_same_table_twice() {
    let by_macro = sql! {
        select a.id, b.id, p.name from Subscriber as a, Subscriber as b cross join Package as p
        where a.id <> b.id
    };
    let by_hand = select(|mut q| {
        let a = q.from(Subscriber);
        let b = q.from(Subscriber);
        let p = q.from(Package);
        q.filter(a.id.neq(b.id));
        q.select((a.id, b.id, p.name))
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT s.id, s2.id, p.name FROM subscriber AS s, subscriber AS s2, package AS p WHERE s.id <> s2.id",
    );
}

#[test]
fn a_path_and_no_alias() {
    let by_macro = sql! { select Package.id, name from crate::tables::Package where paid };
    let by_hand = select(|mut q| {
        let p = q.from(Package);
        q.filter(p.paid);
        q.select((p.id, p.name))
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT p.id, p.name FROM package AS p WHERE p.paid",
    );
}

#[test]
fn whole_rows() {
    let by_macro: Select<Package> = sql! { select * from Package };
    same(
        &by_macro,
        &Package::all(),
        "SELECT p.id, p.name, p.paid FROM package AS p",
    );
    let by_macro: Select<(Package, i64)> = sql! { select p.*, m.id from Package p, Media m };
    let by_hand = select(|mut q| {
        let p = q.from(Package);
        let m = q.from(Media);
        q.select((p, m.id))
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn a_row_is_a_struct() {
    let by_macro: Select<Owned> = sql! {
        select as Owned t.mac_addr as mac, s.username, count(*) as boxes
        from Terminal as t left join Subscriber as s on s.id = t.subscriber_id
        group by t.mac_addr, s.username
    };
    let by_hand = select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id));
        q.group_by((t.mac_addr, s.username));
        q.select(OwnedSelection {
            mac: t.mac_addr,
            username: s.username,
            boxes: count_rows(),
        })
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn output_names() {
    let by_macro = sql! { select p.id as package, 1 as one, "x" as text from Package as p };
    let by_hand = select(|mut q| {
        let p = q.from(Package);
        q.select((
            p.id.named("package"),
            literal(1).named("one"),
            literal("x".to_owned()).named("text"),
        ))
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn nested_queries() {
    let by_macro = sql! {
        select s.id, (select max(t.id) from Terminal as t where t.subscriber_id = s.id)
        from Subscriber as s
        where s.id in (select t.subscriber_id from Terminal as t where t.registered)
          and s.id not in (select sp.subscriber_id from SubscriberPackage as sp)
          and not exists (select 1 from Terminal as t where t.subscriber_id = s.id and t.registered)
    };
    let by_hand = select(|mut q| {
        let s = q.from(Subscriber);
        let boxes = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.registered);
            q.select(t.subscriber_id)
        });
        let packages = q.subquery(|mut q| {
            let sp = q.from(SubscriberPackage);
            q.select(sp.subscriber_id)
        });
        let used = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id).and(t.registered));
            q.select(1)
        });
        q.filter(
            s.id.in_query(boxes)
                .and(s.id.not_in_query(packages))
                .and(!used.exists()),
        );
        let last = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(max(t.id))
        });
        q.select((s.id, last.scalar()))
    });
    same(&by_macro, &by_hand, "");
    assert_eq!(
        by_macro.to_string().matches("SELECT").count(),
        5,
        "{by_macro}"
    );
}

#[test]
fn a_query_in_from() {
    let by_macro: Select<(String, i64)> = sql! {
        select s.username, q.boxes
        from Subscriber as s, (
            select t.subscriber_id as owner, count(*) as boxes from Terminal as t
            where t.registered group by t.subscriber_id
        ) as q
        where q.owner = s.id and q.boxes between {1} and 4
        order by q.boxes desc
    };
    let by_hand = select(|mut q| {
        let s = q.from(Subscriber);
        let (owner, boxes) = q.from_select(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.registered);
            q.group_by(t.subscriber_id);
            q.select((t.subscriber_id, count_rows()))
        });
        q.filter(owner.eq(s.id).and(boxes.between(1, 4)));
        q.order_by(boxes.desc());
        q.select((s.username, boxes))
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT s.username, q.c2 FROM subscriber AS s, (SELECT t.subscriber_id AS c1, count(*) AS c2 \
         FROM terminal AS t WHERE t.registered GROUP BY t.subscriber_id) AS q \
         WHERE q.c1 = s.id AND q.c2 BETWEEN 1 AND 4 ORDER BY q.c2 DESC",
    );
}

#[test]
fn all_columns_of_a_query_in_from() {
    let by_macro: Select<(i64, Option<String>)> = sql! {
        select * from (select m.id, lower(m.name) as name from Media as m limit 5) q
        where id > 1
    };
    let by_hand = select(|mut q| {
        let (id, name) = q.from_select(|mut q| {
            let m = q.from(Media);
            q.limit(5);
            q.select((m.id, function::<String>("lower", (m.name,))))
        });
        q.filter(id.gt(1));
        q.select((id, name))
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT q.c1, q.c2 FROM (SELECT m.id AS c1, lower(m.name) AS c2 FROM media AS m LIMIT 5) AS q \
         WHERE q.c1 > 1",
    );
}

#[test]
fn a_query_in_from_of_a_query_and_of_a_write() {
    let by_macro = sql! {
        select s.id from Subscriber as s where s.id in (
            select q.owner from (select t.subscriber_id as owner from Terminal as t) as q
            where q.owner = s.id
        )
    };
    let by_hand = select(|mut q| {
        let s = q.from(Subscriber);
        let owners = q.subquery(|mut q| {
            let owner = q.from_select(|mut q| {
                let t = q.from(Terminal);
                q.select(t.subscriber_id)
            });
            q.filter(owner.eq(s.id));
            q.select(owner)
        });
        q.filter(s.id.in_query(owners));
        q.select(s.id)
    });
    same(&by_macro, &by_hand, "");
    let by_macro = sql! {
        update Subscriber as s set max_terminal = q.most
        from (select max(p.max_terminal) as most from Subscriber as p) as q
        where s.max_terminal is null
    };
    let by_hand = Subscriber::update_from(|q, s| {
        let most = q.from_select(|mut q| {
            let p = q.from(Subscriber);
            q.select(max(p.max_terminal))
        });
        q.filter(s.max_terminal.is_null());
        vec![s.max_terminal.to(most)]
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn output_names_and_numbers_in_order() {
    let by_macro = sql! {
        select lower(p.name) as title, p.id, count(*) as many from Package as p
        group by 1, 2 order by many desc nulls first, title nulls last, 2
    };
    let by_hand = select(|mut q| {
        let p = q.from(Package);
        let title = || function::<String>("lower", (p.name,));
        q.group_by((title(), p.id));
        q.order_by((count_rows().desc(), title().asc(), p.id.asc()));
        q.select((title().named("title"), p.id, count_rows().named("many")))
    });
    same(
        &by_macro,
        &by_hand,
        "SELECT lower(p.name) AS title, p.id, count(*) AS many FROM package AS p \
         GROUP BY 1, 2 ORDER BY many DESC NULLS FIRST, title NULLS LAST, 2",
    );
}

#[test]
fn an_alias_inside_hides_the_one_outside() {
    let by_macro = sql! {
        select s.id from Subscriber as s
        where exists (select s.id from Subscriber as s where s.disabled)
    };
    let by_hand = select(|mut q| {
        let s = q.from(Subscriber);
        let inner = q.subquery(|mut q| {
            let s = q.from(Subscriber);
            q.filter(s.disabled);
            q.select(s.id)
        });
        q.filter(inner.exists());
        q.select(s.id)
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn without_a_table() {
    let by_macro = sql! { select 1, true, "a" };
    same(
        &by_macro,
        &select(|q| q.select((1, true, "a"))),
        "SELECT 1, TRUE, 'a'",
    );
}
