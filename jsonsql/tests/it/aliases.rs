//! Aliases and output names: each is of one thing.

use jsonsql::ast::TableInfo;
use jsonsql::ast::{self, Method, Op};
use jsonsql::prelude::*;
use jsonsql::resolve;

use crate::tables::*;

#[test]
fn a_sub_select_in_from_has_as_many_columns_as_it_selects() {
    let wide = select(|mut q| {
        let (first, (second, third)) = q.from_select(|mut q| {
            let s = q.from(Subscriber);
            let row = (
                s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id, s.id,
                s.id, s.password,
            );
            q.select((row, (row, s.username)))
        });
        q.filter(first.15.is_null()).filter(second.15.is_null());
        q.select((first.0, first.15, second.0, third))
    });
    let json = wide.to_json().unwrap();
    assert!(json.contains(r#"{"s":"username","as":"c33"}"#), "{json}");
    assert!(
        json.starts_with(r#"{"data":[{"q":"c1"},{"q":"c16"},{"q":"c17"},{"q":"c33"}]"#),
        "{json}"
    );
    // Each name is of one column, and of one that is there.
    let schema = resolve::Schema::new([resolve::Table::new(
        "subscriber",
        ["id", "username", "password"].map(|name| resolve::Column::new(name, ast::SqlKind::Text)),
    )]);
    let parsed = ast::Statement::from_json(Method::Select, json.as_bytes()).unwrap();
    assert_eq!(resolve::validate(&parsed, &schema), []);
}

#[derive(Debug, Table)]
#[allow(dead_code)]
struct Wide {
    #[column(key)]
    a: i64,
    b: i64,
    c: i64,
    d: i64,
    e: i64,
    f: i64,
    g: i64,
    h: i64,
    i: Option<i64>,
}

#[test]
fn an_insert_takes_any_of_them() {
    let insert = insert_from(
        Wide,
        |w| (w.a, w.b, w.c, w.d, w.e, w.f, w.g, w.h, w.i),
        |mut q| {
            let (row, ((again, last), ..)) = q.from_select(|mut q| {
                let w = q.from(Wide);
                let row = (w.a, w.b, w.c, w.d, w.e, w.f, w.g, w.h, w.i);
                q.select((row, ((row, w.i), w.a)))
            });
            q.select((
                row.0, row.1, row.2, row.3, row.4, row.5, row.6, again.7, last,
            ))
        },
    );
    let sql = insert.to_string();
    assert!(
        sql.starts_with(
            "INSERT INTO wide (a, b, c, d, e, f, g, h, i) \
             SELECT q.c1, q.c2, q.c3, q.c4, q.c5, q.c6, q.c7, q.c17, q.c19 FROM (SELECT w.a AS c1,"
        ),
        "{sql}"
    );
    assert!(
        insert
            .to_json()
            .unwrap()
            .contains(r#"{"w":"a","as":"c20"}"#)
    );
}

/// Tables whose initials spell words of the grammar, of SQL and of PostgreSQL.
macro_rules! tables {
    ($($name:ident)*) => {$(
        #[derive(Debug, Table)]
        #[allow(dead_code)]
        struct $name {
            #[column(key)]
            id: i64,
        }
    )*};
}

tables! {
    IpNetwork OldRate EpgQuality NewOrderType AuditStamp OnlineNode JournalOfInstalledNames
    ValueAddedListUserEntrySet SetElementListEntryCodeText CityOfNearestCableAccessTable
    AdminRightGroupSet UserSessionErrorReport EventNoteDay AnyLateLog TariffOption NoteOfWork
    FreeRoomOnMarket WaitingHomeEquipmentReturnEntry CountOfUsedNodeTypes SumUsedMonthly MacOld
}

#[test]
fn an_alias_is_no_word() {
    let aliases = [
        IpNetwork::INFO,
        OldRate::INFO,
        EpgQuality::INFO,
        NewOrderType::INFO,
        AuditStamp::INFO,
        OnlineNode::INFO,
        JournalOfInstalledNames::INFO,
        ValueAddedListUserEntrySet::INFO,
        SetElementListEntryCodeText::INFO,
        CityOfNearestCableAccessTable::INFO,
        AdminRightGroupSet::INFO,
        UserSessionErrorReport::INFO,
        EventNoteDay::INFO,
        AnyLateLog::INFO,
        TariffOption::INFO,
        NoteOfWork::INFO,
        FreeRoomOnMarket::INFO,
        WaitingHomeEquipmentReturnEntry::INFO,
        CountOfUsedNodeTypes::INFO,
        SumUsedMonthly::INFO,
        MacOld::INFO,
    ]
    .map(TableInfo::initials);
    for alias in aliases {
        assert!(Op::known(alias).is_none(), "{alias}");
        let members = [
            "select", "values", "function", "args", "as", "join", "table", "on",
        ];
        assert!(!members.contains(&alias), "{alias}");
        assert!(!ast::AGGREGATES.contains(&alias), "{alias}");
        // What is a reserved word is written in quotes.
        let column = ast::Expr::column(alias, "id");
        assert_eq!(column.to_string(), format!("{alias}.id"));
    }
    let query = select(|mut q| {
        let a = q.from(IpNetwork);
        let b = q.from(IpNetwork);
        q.filter(a.id.lt(b.id));
        q.select((a.id, b.id))
    });
    // What is written is read as the same columns, and not as operators.
    let json = query.to_json().unwrap();
    let parsed = ast::Statement::from_json(Method::Select, json.as_bytes()).unwrap();
    assert_eq!(
        parsed.to_string(),
        "SELECT in_.id, in_2.id FROM ip_network AS in_, ip_network AS in_2 WHERE in_.id < in_2.id"
    );
}

/// A table that is called like the alias of another one's second occurrence.
#[derive(Debug, Table)]
#[table(name = "s2")]
#[allow(dead_code)]
struct Shadow {
    #[column(key)]
    id: i64,
    username: String,
}

#[test]
fn the_target_of_a_write_keeps_its_name_to_itself() {
    let update = Shadow::update_from(|q, target| {
        let first = q.from(Subscriber);
        let second = q.from(Subscriber);
        let third = q.from(Subscriber);
        q.filter(target.username.eq(first.username));
        q.filter(second.username.eq(third.username));
        vec![target.username.to("x")]
    });
    assert_eq!(
        update.to_string(),
        "UPDATE s2 SET username = ? FROM subscriber AS s, subscriber AS s3, subscriber AS s4 \
         WHERE s2.username = s.username AND s3.username = s4.username RETURNING s2.id"
    );
    // Nor does an alias that has to be another one take it.
    let delete = Shadow::delete_using(|q, target| {
        let s = q.from(Subscriber);
        q.filter(target.username.eq(s.username));
        q.filter(s.password.eq("s"));
    });
    assert_eq!(
        delete.to_string(),
        "DELETE FROM s2 USING subscriber AS s3 WHERE s2.username = s3.username \
         AND s3.password = ? RETURNING s2.id"
    );
}

/// The bare columns of a query of other origin are its own.
/// One counter, and each table counts once.
#[test]
fn aliases_count_on_behind_a_nested_query() {
    let query = select(|mut q| {
        let s = q.from(Subscriber);
        let closed = q.subquery(|mut q| {
            let inner = q.from(Subscriber);
            q.filter(inner.disabled.eq(true));
            q.select(inner.id)
        });
        let third = q.join(Subscriber, |third| third.id.eq(s.id));
        q.filter(s.id.in_query(closed));
        q.select(third.id)
    });
    assert_eq!(
        format!("{query:#}"),
        "SELECT s3.id FROM subscriber AS s JOIN subscriber AS s3 ON s3.id = s.id \
         WHERE s.id IN (SELECT s2.id FROM subscriber AS s2 WHERE s2.disabled = TRUE)"
    );
}

/// A text is spelt like the alias of the first of two joined tables.
#[test]
fn joined_tables_keep_their_aliases_apart() {
    let delete = Terminal::delete_using(|q, t| {
        let owner = q.from(Subscriber);
        let other = q.from(Subscriber);
        q.filter(owner.id.eq(t.subscriber_id))
            .filter(other.username.eq("s"))
            .filter(other.id.neq(owner.id));
    });
    assert_eq!(
        format!("{delete:#}"),
        "DELETE FROM terminal USING subscriber AS s3, subscriber AS s2 \
         WHERE s3.id = terminal.subscriber_id AND s2.username = 's' AND s2.id <> s3.id \
         RETURNING terminal.id"
    );
}

#[test]
fn a_nested_query_of_other_origin_keeps_its_columns() {
    let schema = resolve::Schema::new([resolve::Table::new(
        "terminal",
        ["subscriber_id", "id"].map(|name| resolve::Column::new(name, ast::SqlKind::Int)),
    )]);
    let json = br#"{"data": ["subscriber_id"], "from": "terminal", "where": {"eq": ["id", 1]}}"#;
    let mut owners = ast::Statement::from_json(Method::Select, json).unwrap();
    resolve::resolve(&mut owners, &schema).unwrap();
    let ast::Statement::Select(owners) = owners else {
        unreachable!();
    };
    let delete = Subscriber::delete(|s| s.id.in_query(Select::<SubscriberId>::from_ast(owners)));
    assert_eq!(
        format!("{delete:#}"),
        "DELETE FROM subscriber WHERE id IN (SELECT subscriber_id FROM terminal WHERE id = 1) \
         RETURNING id"
    );
}

#[test]
fn a_statement_of_other_origin_keeps_its_aliases() {
    for alias in [
        "s",
        "s2",
        "s0",
        "s1",
        "s007",
        "s4294967295",
        "s99999999999",
        "owner",
    ] {
        let json = format!(
            r#"{{"data": [{{"{alias}": "id"}}], "from": {{"table": "subscriber", "as": "{alias}"}}}}"#
        );
        let select: ast::Select = serde_json::from_str(&json).unwrap();
        let query = Select::<Subscriber>::from_ast(select)
            .filter(|s| s.disabled.eq(true))
            .order_by(|s| s.username.asc())
            .column(|s| s.id);
        assert_eq!(
            query.to_string(),
            format!(
                "SELECT {alias}.id FROM subscriber AS {alias} WHERE {alias}.disabled = TRUE \
                 ORDER BY {alias}.username"
            )
        );
    }
}
