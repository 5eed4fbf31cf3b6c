//! What the derives make of their attributes.

use jsonsql::prelude::*;
use jsonsql::row::decode;

use crate::tables::*;

#[derive(Debug, Clone, Copy, PartialEq, SqlType)]
#[sql(rename_all = "UPPERCASE")]
enum Kind {
    Bill,
    #[sql(rename = "internal")]
    Int,
}

#[derive(Debug, PartialEq, SqlType)]
struct Login(String);

#[derive(Debug, PartialEq, Table)]
#[table(rename_all = "camelCase")]
struct BillingAccount {
    #[column(key, generated)]
    id: i64,
    kind_of: Kind,
    #[column(name = "login")]
    name: Login,
    r#type: Option<Kind>,
}

#[test]
fn names_follow_the_attributes() {
    let query = BillingAccount::filter(|b| b.name.starts_with("a_b").and(b.kind_of.eq(Kind::Int)));
    assert_eq!(
        format!("{query:#}"),
        "SELECT ba.id, ba.\"kindOf\", ba.login, ba.type FROM billing_account AS ba \
         WHERE ba.login LIKE 'a\\_b%' AND ba.\"kindOf\" = 'internal'"
    );
}

#[test]
fn an_enum_is_one_of_its_texts() {
    let rows: Vec<BillingAccount> =
        decode(br#"[[1, "BILL", "x", null], [2, "internal", "y", "BILL"]]"#).unwrap();
    assert_eq!(rows[0].kind_of, Kind::Bill);
    assert_eq!(
        (rows[1].kind_of, rows[1].r#type),
        (Kind::Int, Some(Kind::Bill))
    );
    let error = decode::<BillingAccount>(br#"[[1, "Bill", "x", null]]"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 0, value 1 (`kindOf`): expected one of \"BILL\", \"internal\", found a text"
    );
}

/// Some columns of a table, by the names of the fields.
#[derive(Debug, PartialEq, Row)]
#[row(table = Subscriber)]
struct Brief {
    #[row(key)]
    id: SubscriberId,
    #[row(rename = "username")]
    login: String,
    #[row(default)]
    max_terminal: i32,
    #[row(skip)]
    seen: bool,
}

#[test]
fn a_row_of_a_table_selects_its_columns() {
    let query: Select<Brief> = select(|mut q| {
        let s = q.from(Subscriber);
        q.select(Brief::of(s))
    });
    assert_eq!(
        query.to_string(),
        "SELECT s.id, s.username, s.max_terminal FROM subscriber AS s"
    );
    let rows: Vec<(Option<Brief>, i64)> =
        decode(br#"[[7, "12345", null, 1], [null, null, null, 2]]"#).unwrap();
    let brief = Brief {
        id: SubscriberId(7),
        login: "12345".to_owned(),
        max_terminal: 0,
        seen: false,
    };
    assert_eq!(rows, [(Some(brief), 1), (None, 2)]);
}

#[test]
fn some_columns_of_a_left_joined_table_are_an_option() {
    let query: Select<(MacAddr, Option<Brief>)> = select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
        q.select((t.mac_addr, Brief::of_optional(s)))
    });
    assert_eq!(
        query.to_string(),
        "SELECT t.mac_addr, s.id, s.username, s.max_terminal FROM terminal AS t \
         LEFT JOIN subscriber AS s ON t.subscriber_id = s.id"
    );
}

/// A row of any type that can be read.
#[derive(Debug, PartialEq, Row)]
struct Pair<A, B> {
    first: A,
    second: B,
}

#[test]
fn a_generic_row_is_read_field_by_field() {
    let rows: Vec<Pair<i64, Option<String>>> = decode(br#"[[1, "a"], [2, null]]"#).unwrap();
    assert_eq!(
        rows[1],
        Pair {
            first: 2,
            second: None
        }
    );
}
