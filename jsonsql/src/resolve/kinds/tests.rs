//! A table of statements and what their expressions hold. The types are those
//! that PostgreSQL's documentation gives (chapters 9 and 10).

mod calculations;

use super::super::{Column, Schema, Table};
use super::{ExprKind, kinds};
use crate::ast::SqlKind;
use crate::ast::{Method, Statement};

fn schema() -> Schema {
    Schema::new([
        Table::new(
            "media",
            [
                Column::new("id", SqlKind::Int),
                Column::new("name", SqlKind::Text),
                Column::nullable("port", SqlKind::SmallInt),
                Column::nullable("cost", SqlKind::Numeric),
                Column::new("paid", SqlKind::Bool),
                Column::nullable("start", SqlKind::Timestamp),
                Column::nullable("day", SqlKind::Date),
            ],
        )
        .with_key(["id"]),
        Table::new(
            "terminal",
            [
                Column::new("id", SqlKind::BigInt),
                Column::new("media_id", SqlKind::Int),
                Column::new("mac_addr", SqlKind::MacAddr),
            ],
        ),
    ])
}

fn typed(method: Method, params: &str) -> Vec<ExprKind> {
    let statement = Statement::from_json(method, params.as_bytes()).unwrap();
    kinds(&statement, &schema())
}

/// `/where/eq/1: unknown, meets integer`; a question mark for what may be NULL.
fn told(kind: &ExprKind) -> String {
    let name = kind.kind.map_or("unknown", SqlKind::as_str);
    let null = if kind.nullable { "?" } else { "" };
    match (kind.literal, kind.meets) {
        (true, Some(meets)) => format!("{}: {name}{null}, meets {meets}", kind.pointer),
        (true, None) => format!("{}: {name}{null}, meets nothing", kind.pointer),
        (false, None) => format!("{}: {name}{null}", kind.pointer),
        (false, Some(_)) => panic!("{}: only a literal meets a type", kind.pointer),
    }
}

#[track_caller]
fn check(method: Method, params: &str, expected: &[&str]) {
    let told: Vec<_> = typed(method, params).iter().map(told).collect();
    assert_eq!(told, expected, "{params}");
}

/// Of one expression over `media`, what it gives, and what its literals meet.
#[track_caller]
fn gives(expr: &str, kind: &str, meets: &[&str]) {
    let kinds = typed(
        Method::Select,
        &format!(r#"{{"data": [{expr}], "from": "media"}}"#),
    );
    let first = told(&kinds[0]);
    assert_eq!(first.split(": ").nth(1), Some(kind), "{expr}");
    let literals = kinds.iter().filter(|kind| kind.literal);
    let found: Vec<_> = literals
        .map(|kind| kind.meets.map_or("nothing", SqlKind::as_str))
        .collect();
    assert_eq!(found, meets, "{expr}");
}

#[test]
fn operators_and_functions() {
    gives(r#""port""#, "smallint?", &[]);
    gives(r#"{"eq": ["name", "x"]}"#, "boolean", &["text"]);
    gives(r#"{"eq": ["port", "8080"]}"#, "boolean?", &["smallint"]);
    gives(r#"{"gt": [5, "cost"]}"#, "boolean?", &["numeric"]);
    gives(
        r#"{"lt": ["start", "2026-01-02"]}"#,
        "boolean?",
        &["timestamp without time zone"],
    );
    gives(r#"{"is": ["paid", true]}"#, "boolean", &["boolean"]);
    gives(r#"{"is_not": ["port", null]}"#, "boolean", &["smallint"]);
    gives(r#"{"not": "paid"}"#, "boolean", &[]);
    gives(
        r#"{"and": ["paid", {"eq": ["port", 1]}, true]}"#,
        "boolean?",
        &["smallint", "boolean"],
    );
    gives(
        r#"{"in": ["port", 1, "2", null]}"#,
        "boolean?",
        &["smallint"; 3],
    );
    gives(
        r#"{"in": ["id", {"values": [[1], ["2"]]}]}"#,
        "boolean",
        &["integer"; 2],
    );
    gives(r#"{"like": ["name", "a%"]}"#, "boolean", &["text"]);
    gives(r#"{"concat": [":", "port"]}"#, "text?", &["text"]);
    gives(r#"{"coalesce": ["port", 0]}"#, "smallint", &["smallint"]);
    // NULL where the two are equal.
    gives(
        r#"{"function": "nullif", "args": ["id", 0]}"#,
        "integer?",
        &["integer"],
    );
    gives(
        r#"{"coalesce": ["port", null]}"#,
        "smallint?",
        &["smallint"],
    );
    gives(r#"{"add": ["port", 1]}"#, "integer?", &["smallint"]);
    gives(r#"{"mul": ["id", 1.5]}"#, "numeric", &["integer"]);
    gives(r#"{"add": ["id", "7"]}"#, "integer", &["integer"]);
    gives(r#"{"sub": ["start", "start"]}"#, "interval?", &[]);
    gives(r#"{"sub": ["day", "day"]}"#, "integer?", &[]);
    gives(r#"{"sub": ["day", 1]}"#, "date?", &["nothing"]);
    gives(r#"{"function": "count", "args": ["*"]}"#, "bigint", &[]);
    gives(r#"{"function": "sum", "args": "id"}"#, "bigint?", &[]);
    gives(r#"{"function": "sum", "args": "cost"}"#, "numeric?", &[]);
    check(
        Method::Select,
        r#"{"data": [{"function": "sum", "args": "id"}], "from": "terminal"}"#,
        &["/data/0: numeric?", "/data/0/args: bigint"],
    );
    gives(r#"{"function": "avg", "args": "port"}"#, "numeric?", &[]);
    gives(
        r#"{"function": "max", "args": "start"}"#,
        "timestamp without time zone?",
        &[],
    );
    gives(r#"{"function": "LOWER", "args": "name"}"#, "text", &[]);
    gives(r#"{"function": "length", "args": "name"}"#, "integer", &[]);
    gives(
        r#"{"function": "regexp_replace", "args": ["name", "a", "b"]}"#,
        "text",
        &["text"; 2],
    );
    gives(
        r#"{"function": "vendors_own", "args": [1]}"#,
        "unknown?",
        &["nothing"],
    );
    gives("7", "integer, meets nothing", &["nothing"]);
    gives("3000000000", "bigint, meets nothing", &["nothing"]);
    gives("1.5", "numeric, meets nothing", &["nothing"]);
    gives(r#""of no column""#, "unknown, meets nothing", &["nothing"]);
    gives(
        r#"{"select": {"data": "id", "from": "terminal"}}"#,
        "bigint?",
        &[],
    );
    gives(
        r#"{"in": ["id", {"select": {"data": "media_id", "from": "terminal"}}]}"#,
        "boolean?",
        &[],
    );
}

#[test]
fn an_outer_join_makes_columns_nullable() {
    let from = |kind: &str| {
        let params = format!(
            r#"{{"data": [{{"m": "id"}}, {{"t": "id"}}],
                "from": [{{"table": "media", "as": "m"}},
                         {{"join": "terminal", "as": "t", "join_type": "{kind}",
                           "on": {{"eq": [{{"m": "id"}}, {{"t": "media_id"}}]}}}}]}}"#
        );
        let kinds = typed(Method::Select, &params);
        let of = |pointer: &str| {
            kinds
                .iter()
                .find(|kind| kind.pointer == pointer)
                .unwrap()
                .nullable
        };
        (of("/data/0"), of("/data/1"))
    };
    assert_eq!(from("inner"), (false, false));
    assert_eq!(from("left"), (false, true));
    assert_eq!(from("right"), (true, false));
    assert_eq!(from("full"), (true, true));
}

#[test]
fn clauses_and_their_pointers() {
    check(
        Method::Select,
        r#"{"data": ["paid", {"function": "count", "args": ["*"], "as": "n"}], "from": "media",
            "where": {"neq": ["name", "x"]}, "group_by": "paid",
            "having": {"gt": [{"function": "count", "args": ["*"]}, 5]}, "order_by": ["n", "desc"]}"#,
        &[
            "/data/0: boolean",
            "/data/1: bigint",
            "/where: boolean",
            "/where/neq/0: text",
            "/where/neq/1: unknown, meets text",
            "/group_by: boolean",
            "/having: boolean",
            "/having/gt/0: bigint",
            "/having/gt/1: integer, meets bigint",
            "/order_by/0: bigint",
        ],
    );
    // Of `*` in FROM each column is one; conditions want truth values.
    check(
        Method::Select,
        r#"{"data": [{"q": "paid"}], "from": [{"select": {"data": ["*"], "from": "media"}, "as": "q"}], "where": "t", "group_by": {"q": "paid"}, "having": "f"}"#,
        &[
            "/from/0/select/data/0: unknown",
            "/data/0: boolean",
            "/where: unknown, meets boolean",
            "/group_by: boolean",
            "/having: unknown, meets boolean",
        ],
    );
    // Of a sub-select in FROM, by the names of its outputs.
    check(
        Method::Select,
        r#"{"data": [{"q": "n"}], "from": [{"select": {"data": [{"function": "max", "args": "cost", "as": "n"}],
            "from": "media"}, "as": "q"}], "where": {"eq": [{"q": "n"}, "1.50"]}}"#,
        &[
            "/from/0/select/data/0: numeric?",
            "/from/0/select/data/0/args: numeric?",
            "/data/0: numeric?",
            "/where: boolean?",
            "/where/eq/0: numeric?",
            "/where/eq/1: unknown, meets numeric",
        ],
    );
}

#[test]
fn writes_say_what_they_assign_to() {
    check(
        Method::Insert,
        r#"{"into": "media", "columns": ["name", "port", "cost"], "values": [["x", "8080", null]],
            "returning": "id"}"#,
        &[
            "/values/name: unknown, meets text",
            "/values/port: unknown, meets smallint",
            "/values/cost: unknown?, meets numeric",
            "/returning: integer",
        ],
    );
    check(
        Method::Insert,
        r#"{"into": "terminal", "columns": ["media_id", "mac_addr"],
            "values": [[1, "00-1A-79-0C-BB-01"], ["2", "00-1A-79-0C-BB-02"]]}"#,
        &[
            "/values/0/0: integer, meets integer",
            "/values/0/1: unknown, meets macaddr",
            "/values/1/0: unknown, meets integer",
            "/values/1/1: unknown, meets macaddr",
        ],
    );
    check(
        Method::Insert,
        r#"{"into": "terminal", "columns": ["media_id", "mac_addr"],
            "select": {"data": ["id", "00-1A-79-0C-BB-01"], "from": "media"}}"#,
        &[
            "/select/data/0: integer",
            "/select/data/1: unknown, meets macaddr",
        ],
    );
    check(
        Method::Update,
        r#"{"table": "media", "set": {"paid": "t", "port": {"add": ["port", 1]}},
            "where": {"eq": ["id", 7]}, "returning": ["id", "cost"]}"#,
        &[
            "/set/paid: unknown, meets boolean",
            "/set/port: integer?",
            "/set/port/add/0: smallint?",
            "/set/port/add/1: integer, meets smallint",
            "/where: boolean",
            "/where/eq/0: integer",
            "/where/eq/1: integer, meets integer",
            "/returning/0: integer",
            "/returning/1: numeric?",
        ],
    );
    check(
        Method::Delete,
        r#"{"from": "terminal", "where": {"eq": ["mac_addr", "00-1A-79-0C-BB-01"]}}"#,
        &[
            "/where: boolean",
            "/where/eq/0: macaddr",
            "/where/eq/1: unknown, meets macaddr",
        ],
    );
    // Of a table that is not known nothing is.
    check(
        Method::Update,
        r#"{"table": "t", "set": {"a": 1}, "where": {"eq": ["b", "x"]}}"#,
        &[
            "/set/a: integer, meets nothing",
            "/where: boolean",
            "/where/eq/0: unknown, meets nothing",
            "/where/eq/1: unknown, meets nothing",
        ],
    );
}

/// PostgreSQL's SELECT, "GROUP BY clause" and "ORDER BY clause": of a column and
/// an output of one name the first takes the column and the second the output.
#[test]
fn a_name_is_a_column_to_group_by_and_an_output_to_order_by() {
    check(
        Method::Select,
        r#"{"data": [{"function": "count", "args": ["*"], "as": "name"}], "from": "media", "group_by": "name", "order_by": "name"}"#,
        &["/data/0: bigint", "/group_by: text", "/order_by: bigint"],
    );
}
