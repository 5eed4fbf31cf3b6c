//! Text is never a column.

use jsonsql::prelude::*;
use jsonsql::query::{Error, ReadsAs};
use jsonsql::{Dialect, Params, TextColumns};

use crate::tables::*;

#[test]
fn a_delete_by_subselect_in_both_spellings() {
    let delete = Terminal::delete(|t| {
        t.subscriber_id
            .in_query(Subscriber::filter(|s| s.username.eq("test")).column(|s| s.id))
    });
    assert_eq!(
        format!("{delete:#}"),
        "DELETE FROM terminal WHERE subscriber_id IN (SELECT s.id FROM subscriber AS s \
         WHERE s.username = 'test') RETURNING id"
    );
    assert_eq!(
        delete.to_json().unwrap(),
        r#"{"from":"terminal","where":{"in":["subscriber_id",{"select":{"data":[{"s":"id"}],"from":{"table":"subscriber","as":"s"},"where":{"eq":[{"s":"username"},"test"]}}}]},"returning":"id"}"#
    );
    assert_eq!(
        serde_json::to_string(&delete.unqualified()).unwrap(),
        r#"{"from":"terminal","where":{"in":["subscriber_id",{"select":{"data":"id","from":"subscriber","where":{"eq":["username","test"]}}}]},"returning":"id"}"#
    );
}

#[test]
fn a_text_that_is_a_column_is_refused() {
    let select = Subscriber::filter(|s| s.username.eq("email"));
    assert_eq!(
        select.to_json().unwrap_err().to_string(),
        "the text \"email\" in `where` would be read as the column of that name in `subscriber`; \
         say `.split_ambiguous_text()` if the text is meant"
    );
    // One character has no two pieces, so that there is nothing to say.
    let star = Subscriber::filter(|s| s.username.eq("*"));
    assert_eq!(
        star.to_json().unwrap_err().to_string(),
        "the text \"*\" in `where` would be read as every column or row"
    );
    assert_eq!(select.clone().split_ambiguous_text().to_json().unwrap(), {
        r#"{"data":[{"s":"id"},{"s":"username"},{"s":"password"},{"s":"disabled"},{"s":"max_terminal"}],"from":{"table":"subscriber","as":"s"},"where":{"eq":[{"s":"username"},{"concat":["e","mail"]}]}}"#
    });
}

/// Of any table of the statement: not of the first alone, nor of all of them.
#[test]
fn a_text_that_one_of_two_tables_has_is_no_text() {
    let boxes = |text: &'static str| {
        select(move |mut q| {
            let s = q.from(Subscriber);
            let t = q.join(Terminal, |t| t.subscriber_id.eq(s.id));
            q.filter(s.username.eq(text));
            q.select(t.mac_addr)
        })
    };
    assert!(boxes("x").to_json().is_ok());
    for (text, table) in [("email", "subscriber"), ("mac_addr", "terminal")] {
        match boxes(text).to_json() {
            Err(Error::AmbiguousText { reads_as, .. }) => {
                assert_eq!(reads_as, ReadsAs::ColumnOf(table), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    for (text, aliased) in [("s", "subscriber AS s2 "), ("t", "terminal AS t2 ")] {
        let settled = format!("{:#}", boxes(text));
        assert!(settled.contains(aliased), "{settled}");
        assert!(boxes(text).to_json().is_ok());
    }
}

#[test]
fn an_alias_never_reads_like_a_text() {
    let select = Subscriber::filter(|s| s.username.eq("s")).column(|s| s.id);
    assert_eq!(
        format!("{select:#}"),
        "SELECT s2.id FROM subscriber AS s2 WHERE s2.username = 's'"
    );
    // A closed query has an alias of that name of its own.
    let disabled = Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.id);
    let select = Subscriber::filter(|s| s.username.eq("s").and(s.id.in_query(disabled)));
    assert_eq!(
        format!("{:#}", select.column(|s| s.id)),
        "SELECT s2.id FROM subscriber AS s2 WHERE s2.username = 's' AND s2.id IN \
         (SELECT s3.id FROM subscriber AS s3 WHERE s3.disabled = TRUE)"
    );
}

const GUESS: Dialect = Dialect::BEST_GUESS;
const AS_SQL: Dialect = Dialect {
    text_columns: TextColumns::AsSql,
    ..GUESS
};

/// What the text is read as by a server of this dialect, in a statement with
/// the subscriber's table under the alias `s`.
fn reads_as(text: &str, dialect: &Dialect) -> Option<ReadsAs> {
    let query = Subscriber::filter(|s| s.username.eq(text)).column(|s| s.id);
    match query.params(dialect) {
        Ok(params) => {
            let sent = serde_json::to_string(text).unwrap();
            assert!(params.to_json().unwrap().contains(&sent));
            None
        }
        Err(Error::AmbiguousText {
            text: refused,
            reads_as,
            ..
        }) => {
            assert_eq!(refused, text);
            Some(reads_as)
        }
        Err(other) => panic!("{other}"),
    }
}

/// PostgreSQL 8.4 manual, 4.1.1: names without quotes are folded to lower case;
/// 4.2.1: a column may have its table before it; 5.4: system columns.
#[test]
fn texts_that_sql_reads_as_columns_are_refused_where_the_dialect_says_so() {
    let column = |column| ReadsAs::Spelling {
        table: "subscriber",
        column,
    };
    for (text, expected) in [
        ("ID", column("id")),
        ("UserName", column("username")),
        ("Email", column("email")),
        (" id", column("id")),
        ("id\n", column("id")),
        ("\"id\"", column("id")),
        ("\"ID\"", column("id")),
        ("s.id", column("id")),
        ("S.ID", column("id")),
        ("s . id", column("id")),
        ("\"s\".\"id\"", column("id")),
        ("subscriber.email", column("email")),
        ("public.subscriber.id", column("id")),
        ("ctid", ReadsAs::SystemColumn("ctid")),
        ("XMIN", ReadsAs::SystemColumn("xmin")),
        ("tableoid", ReadsAs::SystemColumn("tableoid")),
        ("s.oid", ReadsAs::SystemColumn("oid")),
        (" * ", ReadsAs::Star),
        ("s.*", ReadsAs::Star),
        ("Subscriber", ReadsAs::TableName),
    ] {
        assert_eq!(reads_as(text, &GUESS), None, "{text:?}");
        assert_eq!(reads_as(text, &AS_SQL), Some(expected), "{text:?}");
    }
    // Names of columns as they are, to every server.
    for dialect in [GUESS, AS_SQL] {
        let column = Some(ReadsAs::ColumnOf("subscriber"));
        assert_eq!(reads_as("id", &dialect), column);
        assert_eq!(reads_as("email", &dialect), column);
        assert_eq!(reads_as("*", &dialect), Some(ReadsAs::Star));
    }
}

#[test]
fn texts_that_are_no_names_are_sent_to_every_server() {
    for text in [
        "12345",
        "ivan.id",
        "user@id.ru",
        "id2",
        "i d",
        "s.unknown",
        "'id'",
        "10.0.0.1",
        ".",
        "..",
        "\"",
        "",
        " ",
        "COUNT(*) as count",
    ] {
        assert_eq!(reads_as(text, &GUESS), None, "{text:?}");
        assert_eq!(reads_as(text, &AS_SQL), None, "{text:?}");
    }
}

/// The refusal stands wherever a text does, also in statements that need no
/// closer look by the default reading.
#[test]
fn the_stricter_reading_covers_every_place() {
    #[derive(Insertable)]
    #[insertable(table = Subscriber)]
    struct New<'a> {
        username: &'a str,
    }

    let refused = |params: Result<Params<'_>, Error>, clause: &str| {
        let message = params.unwrap_err().to_string();
        assert!(message.contains(clause), "{message}");
    };
    let inserted = insert_many(&[New { username: "a" }, New { username: "EMAIL" }]);
    assert!(inserted.params(&GUESS).is_ok());
    refused(inserted.params(&AS_SQL), "`values`");
    let update = Subscriber::update(|s| s.id.eq(SubscriberId(1))).set(|s| s.username.to("Phone"));
    assert!(update.params(&GUESS).is_ok());
    refused(update.params(&AS_SQL), "`set`");
    let delete = Terminal::delete(|t| t.inet_addr.eq("TERMINAL.id"));
    assert!(delete.params(&GUESS).is_ok());
    refused(delete.params(&AS_SQL), "`where`");
    let nested = Terminal::delete(|t| {
        t.subscriber_id
            .in_query(Subscriber::filter(|s| s.username.eq("Mac_Addr")).column(|s| s.id))
    });
    assert!(nested.params(&GUESS).is_ok());
    refused(nested.params(&AS_SQL), "`where`");
    let named = select(|mut q| {
        let s = q.from(Subscriber);
        q.filter(s.username.eq("Login"));
        q.select(s.username.named("login"))
    });
    assert!(named.params(&GUESS).is_ok());
    refused(named.params(&AS_SQL), "`where`");
    let returning = Package::delete(|p| p.name.eq("gone")).returning(|p| p.id.named("gone"));
    refused(returning.params(&GUESS), "an output name");
    // No table, no column.
    assert!(values([("ctid", "oid")]).params(&AS_SQL).is_ok());
}

/// Two pieces are made before the dialect is known, and are right for all.
#[test]
fn split_texts_are_texts_to_every_server() {
    for text in [
        "email",
        "EMAIL",
        "\"email\"",
        "s.email",
        "Subscriber.ID",
        "ctid",
        " id",
    ] {
        let query = Subscriber::filter(|s| s.username.eq(text))
            .column(|s| s.id)
            .split_ambiguous_text();
        for dialect in [GUESS, AS_SQL] {
            let json = query.params(&dialect).unwrap().to_json().unwrap();
            assert!(json.contains("concat"), "{json}");
        }
        let sql = format!("{query:#}");
        let (_, pieces) = sql.split_once("username = ").unwrap();
        let joined: String = pieces
            .split(" || ")
            .map(|piece| {
                piece
                    .strip_prefix('\'')
                    .unwrap()
                    .strip_suffix('\'')
                    .unwrap()
            })
            .collect();
        assert_eq!(joined, text);
    }
    // Neither piece is the table's alias, nor another spelling of a column.
    let delete = Subscriber::delete(|s| {
        let other = Subscriber::filter(|other| other.username.eq("subscriber"));
        s.id.in_query(other.column(|other| other.id))
    })
    .split_ambiguous_text();
    assert!(
        delete
            .to_json()
            .unwrap()
            .contains(r#"{"concat":["su","bscriber"]}"#)
    );
}

/// An alias in another spelling is a row as well, and another alias is free.
#[test]
fn an_alias_never_reads_like_a_text_in_another_spelling() {
    for text in ["S", "\"s\"", " s "] {
        let select = Subscriber::filter(|s| s.username.eq(text)).column(|s| s.id);
        let json = select.params(&AS_SQL).unwrap().to_json().unwrap();
        assert!(json.contains(r#""as":"s2""#), "{json}");
        assert_eq!(select.to_json().unwrap(), json);
    }
}

#[test]
fn a_search_in_any_letter_case_escapes_what_was_typed() {
    let typed = "50%_\\";
    let sql = |select: Select<SubscriberId>| {
        let sql = format!("{select:#}");
        sql.split_once("WHERE ").unwrap().1.to_owned()
    };
    assert_eq!(
        sql(Subscriber::filter(|s| s.username.starts_with_ignore_case(typed)).column(|s| s.id)),
        r"s.username ILIKE '50\%\_\\%'"
    );
    assert_eq!(
        sql(Subscriber::filter(|s| s.username.ends_with_ignore_case(typed)).column(|s| s.id)),
        r"s.username ILIKE '%50\%\_\\'"
    );
    assert_eq!(
        sql(Subscriber::filter(|s| s.username.contains_ignore_case(typed)).column(|s| s.id)),
        r"s.username ILIKE '%50\%\_\\%'"
    );
}
