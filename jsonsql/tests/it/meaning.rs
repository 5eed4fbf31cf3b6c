//! What a server reads is what was meant: a statement is written, parsed and
//! resolved by the bare-string rule, and is then the same statement.

use jsonsql::ast::SqlKind;
use jsonsql::ast::TableInfo;
use jsonsql::ast::{self, Statement as Ast};
use jsonsql::prelude::*;
use jsonsql::resolve::{Column, Schema, Table as ServerTable, resolve};
use proptest::prelude::*;

use crate::tables::*;

/// The server's tables: the mapped columns and the reserved ones.
fn schema() -> Schema {
    let table = |info: &TableInfo| {
        let mapped = info.columns.iter().map(|column| column.name);
        let columns = mapped.chain(info.reserved.iter().copied());
        ServerTable::new(
            info.name,
            columns.map(|name| Column::new(name, SqlKind::Text)),
        )
    };
    Schema::new([
        table(Subscriber::INFO),
        table(Terminal::INFO),
        table(Package::INFO),
        table(SubscriberPackage::INFO),
    ])
}

/// Texts that users choose, and the worst of them: columns, aliases, tables.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => ".{0,10}",
        3 => proptest::sample::select(vec![
            "s", "t", "p", "sp", "s2", "q", "id", "username", "email", "port", "name", "movie",
            "subscriber", "terminal", "*", "12345", "desc", "c1", "mrl", "true", "",
        ]).prop_map(str::to_owned),
    ]
}

/// A query nested to this depth, closed and correlated ones by turns.
fn nested(depth: usize, text: &str) -> Select<SubscriberId> {
    select(|mut q| {
        let s = q.from(Subscriber);
        q.filter(s.username.eq(text));
        if depth > 0 {
            let boxes = q.subquery(|mut q| {
                let t = q.from(Terminal);
                let other = q.join(Subscriber, |other| other.id.eq(t.subscriber_id));
                q.filter(t.subscriber_id.eq(s.id))
                    .filter(other.username.neq(s.username));
                let inner = q.subquery(|mut q| {
                    let t2 = q.from(Terminal);
                    q.filter(t2.id.neq(t.id))
                        .filter(t2.subscriber_id.in_query(nested(depth - 1, text)));
                    q.select(t2.subscriber_id)
                });
                q.filter(t.subscriber_id.in_query(inner));
                q.select(t.subscriber_id)
            });
            q.filter(s.id.in_query(boxes));
            q.filter(s.id.in_query(nested(depth - 1, text)));
        }
        q.select(s.id)
    })
}

#[derive(Insertable)]
#[insertable(table = Subscriber)]
struct NewSubscriber<'a> {
    username: &'a str,
    password: Option<&'a str>,
}

/// Statements with this text in every place that takes one.
fn statements(text: &str, depth: usize) -> Vec<Ast> {
    let row = NewSubscriber {
        username: text,
        password: Some(text),
    };
    let statements: Vec<Box<dyn Fn() -> Option<Ast>>> = vec![
        Box::new(|| checked(&nested(depth, text))),
        Box::new(|| checked(&nested(depth, text).clone().split_ambiguous_text())),
        Box::new(|| {
            checked(&Terminal::delete(|t| {
                t.subscriber_id.in_query(nested(depth, text))
            }))
        }),
        Box::new(|| checked(&insert(&row))),
        Box::new(|| checked(&insert(&row).split_ambiguous_text())),
        Box::new(|| {
            checked(&insert_many(&[
                NewSubscriber {
                    username: "a1",
                    password: None,
                },
                NewSubscriber {
                    username: text,
                    password: None,
                },
            ]))
        }),
        Box::new(|| {
            checked(
                &Subscriber::update(|s| s.username.contains(text))
                    .set(|s| s.password.to(Some(text))),
            )
        }),
        Box::new(|| {
            checked(
                &Subscriber::update(|s| s.username.in_values([text, "x1"]))
                    .set(|s| s.username.to(concat((s.username, text)))),
            )
        }),
        Box::new(|| {
            checked(&Terminal::delete_using(|q, t| {
                let s = q.from(Subscriber);
                q.filter(s.id.eq(t.subscriber_id))
                    .filter(s.username.eq(text));
            }))
        }),
        Box::new(|| {
            checked(&insert_from(
                Package,
                |p| (p.name, p.paid),
                |mut q| {
                    let s = q.from(Subscriber);
                    q.filter(s.username.like(text)).filter(s.password.is_null());
                    q.select((text, s.disabled))
                },
            ))
        }),
        Box::new(|| {
            checked(&select(|mut q| {
                let s = q.from(Subscriber);
                let (owner, boxes) = q.from_select(|mut q| {
                    let t = q.from(Terminal);
                    q.group_by(t.subscriber_id);
                    q.select((t.subscriber_id, count(t.id)))
                });
                q.filter(s.id.eq(owner))
                    .filter(boxes.gt(3))
                    .filter(s.username.neq(text));
                q.order_by(s.username.desc());
                q.select((s.username.named("mrl"), boxes, text))
            }))
        }),
    ];
    statements.iter().filter_map(|build| build()).collect()
}

/// The statement, unless it is refused.
fn checked<S: Statement>(statement: &S) -> Option<Ast> {
    let dialect = jsonsql::Dialect::default();
    statement.params(&dialect).ok()?;
    Some(statement.ast().to_statement())
}

fn aliases(statement: &Ast) -> Vec<String> {
    let json = serde_json::to_value(statement).unwrap();
    let mut found = Vec::new();
    collect(&json, &mut found);
    found
}

fn collect(json: &serde_json::Value, found: &mut Vec<String>) {
    match json {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        serde_json::Value::Object(members) => {
            if members.contains_key("table") || members.contains_key("join") {
                found.extend(
                    members
                        .get("as")
                        .and_then(|alias| alias.as_str())
                        .map(str::to_owned),
                );
            }
            members.values().for_each(|member| collect(member, found));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_server_reads_what_was_meant(text in text(), depth in 0usize..3) {
        for statement in statements(&text, depth) {
            let json = serde_json::to_string(&statement).unwrap();
            let mut read = Ast::from_json(statement.method(), json.as_bytes()).unwrap();
            let findings = resolve(&mut read, &schema());
            prop_assert_eq!(findings, Ok(()), "{}", json);
            prop_assert_eq!(format!("{read:#}"), format!("{statement:#}"), "{}", json);
            prop_assert_eq!(read, statement, "{}", json);
        }
    }

    #[test]
    fn no_two_aliases_are_alike(text in text(), depth in 0usize..4) {
        for statement in statements(&text, depth) {
            let mut aliases = aliases(&statement);
            let count = aliases.len();
            aliases.sort();
            aliases.dedup();
            prop_assert_eq!(aliases.len(), count, "{}", statement);
        }
        let nested = aliases(&nested(depth, &text).ast().to_statement());
        prop_assert!(!nested.contains(&text), "an alias reads like the text {}", text);
    }
}

#[test]
fn ordinary_texts_are_not_refused() {
    assert_eq!(statements("12345", 2).len(), 11);
    assert_eq!(statements("O'Neill; DROP TABLE subscriber", 2).len(), 11);
    // A column's name is sent only where it is split.
    assert_eq!(statements("email", 1).len(), 2);
}

#[test]
fn a_raw_fragment_has_to_say_what_its_strings_are() {
    let undecided = ast::Expr::Op(
        ast::Op::Eq,
        vec![
            ast::Expr::column("s", "username"),
            ast::Expr::Bare("12345".into()),
        ],
    );
    let error = select(|mut q| {
        let s = q.from(Subscriber);
        q.filter(raw::<bool>(undecided));
        q.select(s.id)
    })
    .to_json()
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the string \"12345\" in `where` is neither said to be a column nor a text"
    );
}

#[test]
fn writes_of_everything_have_to_be_called_so() {
    let error = Subscriber::update(|_| all::<Expr<'_, bool>>([]))
        .set(|s| s.disabled.to(true))
        .to_json();
    assert_eq!(
        error.unwrap_err().to_string(),
        "the predicate of this update is true of every row of `subscriber`; say `update_all` if that is meant"
    );
    assert!(
        Terminal::delete(|t| t.id.not_in(Vec::<i64>::new()))
            .to_json()
            .is_err()
    );
    assert!(
        Terminal::delete_using(|q, _| {
            let _ = q.from(Subscriber);
        })
        .to_json()
        .is_err()
    );
    // What is left of empty lists, however it is put together.
    let none = Vec::<String>::new;
    for update in [
        Package::update(|p| !p.name.is_in(none())).set(|p| p.paid.to(true)),
        Package::update(|p| p.name.not_in(none()).and(all::<Expr<'_, bool>>([])))
            .set(|p| p.paid.to(true)),
        Package::update(|p| p.paid.eq(true).or(p.name.not_in(none()))).set(|p| p.paid.to(true)),
    ] {
        assert!(update.to_json().is_err(), "{update:#}");
    }
    let joined_with_nothing = Package::delete_using(|q, _| {
        let s = q.from(Subscriber);
        q.filter(s.disabled.eq(true));
    });
    assert!(joined_with_nothing.to_json().is_err());
    assert_eq!(
        Terminal::delete_all().to_json().unwrap(),
        r#"{"from":"terminal","returning":"id"}"#
    );
    assert_eq!(
        Terminal::delete(|t| t.id.is_in(Vec::<i64>::new()))
            .to_json()
            .unwrap(),
        r#"{"from":"terminal","where":false,"returning":"id"}"#
    );
    assert_eq!(
        insert_many::<NewSubscriber<'_>>(&[])
            .to_json()
            .unwrap_err()
            .to_string(),
        "an insert into `subscriber` without rows"
    );
}

/// A bare `id` in there would be the terminal's own.
#[test]
fn the_target_of_a_write_keeps_its_columns_in_a_nested_query() {
    let update = Subscriber::update(|s| s.username.eq("12345")).set(|s| {
        let owners = select(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(t.subscriber_id)
        });
        s.disabled.to(coalesce(s.id.in_query(owners), false))
    });
    assert_eq!(
        format!("{update:#}"),
        "UPDATE subscriber SET disabled = COALESCE(id IN (SELECT t.subscriber_id FROM terminal AS t \
         WHERE t.subscriber_id = subscriber.id), FALSE) WHERE username = '12345' RETURNING id"
    );
    let deeper = Subscriber::update(|s| s.username.eq("12345")).set(|s| {
        let owners = select(|mut q| {
            let t = q.from(Terminal);
            let same = q.subquery(|mut q| {
                let other = q.from(Terminal);
                q.filter(other.subscriber_id.eq(s.id));
                q.select(other.id)
            });
            q.filter(t.id.in_query(same));
            q.select(t.subscriber_id)
        });
        s.disabled.to(coalesce(s.id.in_query(owners), false))
    });
    assert_eq!(
        format!("{deeper:#}"),
        "UPDATE subscriber SET disabled = COALESCE(id IN (SELECT t.subscriber_id FROM terminal AS t \
         WHERE t.id IN (SELECT t2.id FROM terminal AS t2 WHERE t2.subscriber_id = subscriber.id)), \
         FALSE) WHERE username = '12345' RETURNING id"
    );
}

#[test]
fn no_alias_is_the_target_of_a_write() {
    #[derive(Table)]
    #[expect(dead_code, reason = "no row of it is read")]
    struct S {
        #[column(key)]
        id: i64,
    }
    let delete = S::delete_using(|q, s| {
        let other = q.from(Subscriber);
        q.filter(s.id.eq(1)).filter(other.username.eq("12345"));
    });
    assert_eq!(
        format!("{delete:#}"),
        "DELETE FROM s USING subscriber AS s2 WHERE s.id = 1 AND s2.username = '12345' RETURNING s.id"
    );
}
