//! Calculations and functions by the types of their operands: PostgreSQL 15's
//! tables 9.4 (numbers), 9.33 (dates and times), 9.40 (addresses), 9.60
//! (aggregates), and the functions of texts in 9.10.

use super::super::super::{Column, Schema, Table};
use super::super::kinds;
use super::told;
use crate::ast::SqlKind;
use crate::ast::{Method, Statement};

/// A table with a column of each type, named as the type is here.
fn told_of(expr: &str) -> Vec<String> {
    use SqlKind::*;
    let columns = [
        ("bool", Bool),
        ("small", SmallInt),
        ("int", Int),
        ("big", BigInt),
        ("num", Numeric),
        ("float", Float),
        ("text", Text),
        ("date", Date),
        ("time", Time),
        ("stamp", Timestamp),
        ("moment", TimestampTz),
        ("span", Interval),
        ("inet", Inet),
        ("mac", MacAddr),
        ("uuid", Uuid),
    ];
    let columns = columns.map(|(name, kind)| Column::new(name, kind));
    let maybe = ["maybe", "perhaps"].map(|name| Column::nullable(name, Text));
    let schema = Schema::new([Table::new("t", columns.into_iter().chain(maybe))]);
    let json = format!(r#"{{"data": [{expr}], "from": "t"}}"#);
    let statement = Statement::from_json(Method::Select, json.as_bytes()).unwrap();
    kinds(&statement, &schema).iter().map(told).collect()
}

/// The type of an expression.
fn gives(expr: &str) -> String {
    let told = told_of(expr).swap_remove(0);
    told.split(": ").nth(1).unwrap().to_owned()
}

#[test]
fn a_column_has_its_type() {
    let names = [
        ("bool", "boolean"),
        ("small", "smallint"),
        ("int", "integer"),
        ("big", "bigint"),
        ("num", "numeric"),
        ("float", "double precision"),
        ("text", "text"),
        ("date", "date"),
        ("time", "time without time zone"),
        ("stamp", "timestamp without time zone"),
        ("moment", "timestamp with time zone"),
        ("span", "interval"),
        ("inet", "inet"),
        ("mac", "macaddr"),
        ("uuid", "uuid"),
        ("maybe", "text?"),
    ];
    for (column, name) in names {
        assert_eq!(gives(&format!("{column:?}")), name);
    }
}

#[test]
fn calculations_of_two_types() {
    const STAMP: &str = "timestamp without time zone";
    const MOMENT: &str = "timestamp with time zone";
    const TIME: &str = "time without time zone";
    let cases = [
        ("add", "small", "small", "smallint"),
        ("add", "small", "int", "integer"),
        ("add", "big", "int", "bigint"),
        ("sub", "int", "big", "bigint"),
        ("mul", "big", "num", "numeric"),
        ("div", "num", "float", "double precision"),
        ("mod", "float", "small", "double precision"),
        ("sub", "stamp", "stamp", "interval"),
        ("sub", "moment", "stamp", "interval"),
        ("sub", "stamp", "moment", "interval"),
        ("sub", "time", "time", "interval"),
        ("sub", "date", "date", "integer"),
        ("add", "date", "span", STAMP),
        ("sub", "date", "span", STAMP),
        ("add", "span", "date", STAMP),
        ("add", "stamp", "span", STAMP),
        ("sub", "moment", "span", MOMENT),
        ("sub", "time", "span", TIME),
        ("add", "span", "span", "interval"),
        ("sub", "span", "span", "interval"),
        ("add", "span", "stamp", STAMP),
        ("add", "span", "moment", MOMENT),
        ("add", "span", "time", TIME),
        ("mul", "span", "int", "interval"),
        ("div", "span", "float", "interval"),
        ("mul", "int", "span", "interval"),
        ("add", "date", "int", "date"),
        ("sub", "date", "small", "date"),
        ("sub", "inet", "inet", "bigint"),
        ("add", "inet", "big", "inet"),
        ("sub", "inet", "int", "inet"),
        // There are no such operators.
        ("add", "stamp", "stamp", "unknown"),
        ("add", "time", "time", "unknown"),
        ("add", "date", "date", "unknown"),
        ("mul", "date", "span", "unknown"),
        ("sub", "span", "date", "unknown"),
        ("mul", "stamp", "span", "unknown"),
        ("sub", "span", "stamp", "unknown"),
        ("add", "span", "int", "unknown"),
        ("mul", "span", "text", "unknown"),
        ("div", "int", "span", "unknown"),
        ("mul", "text", "span", "unknown"),
        ("mul", "date", "int", "unknown"),
        ("add", "date", "float", "unknown"),
        ("add", "inet", "inet", "unknown"),
        ("mul", "inet", "int", "unknown"),
        ("add", "inet", "text", "unknown"),
        ("add", "text", "text", "unknown"),
    ];
    for (op, left, right, kind) in cases {
        let expr = format!(r#"{{"{op}": ["{left}", "{right}"]}}"#);
        assert_eq!(gives(&expr), kind, "{expr}");
    }
    // A literal of no type beside a number is a number.
    assert_eq!(gives(r#"{"add": ["7", "big"]}"#), "bigint");
    assert_eq!(gives(r#"{"add": ["stamp", "1 day"]}"#), "unknown");
}

#[test]
fn functions_and_aggregates() {
    let cases = [
        ("sum", "small", "bigint?"),
        ("sum", "int", "bigint?"),
        ("sum", "big", "numeric?"),
        ("sum", "num", "numeric?"),
        ("sum", "float", "double precision?"),
        ("sum", "span", "interval?"),
        ("sum", "text", "unknown?"),
        ("avg", "small", "numeric?"),
        ("avg", "int", "numeric?"),
        ("avg", "big", "numeric?"),
        ("avg", "num", "numeric?"),
        ("avg", "float", "double precision?"),
        ("avg", "span", "interval?"),
        ("avg", "text", "unknown?"),
        ("min", "date", "date?"),
        ("max", "inet", "inet?"),
        ("count", "maybe", "bigint"),
        ("bool_and", "bool", "boolean?"),
        ("bool_or", "bool", "boolean?"),
        ("every", "bool", "boolean?"),
        ("string_agg", "text", "text?"),
        ("concat", "maybe", "text"),
        ("concat_ws", "maybe", "text"),
        ("length", "text", "integer"),
        ("char_length", "maybe", "integer?"),
        ("character_length", "text", "integer"),
        ("octet_length", "text", "integer"),
        ("strpos", "text", "integer"),
        ("greatest", "maybe", "text?"),
        ("least", "big", "bigint"),
        ("abs", "num", "numeric"),
        ("upper", "maybe", "text?"),
    ];
    for (function, arg, kind) in cases {
        let expr = format!(r#"{{"function": "{function}", "args": "{arg}"}}"#);
        assert_eq!(gives(&expr), kind, "{expr}");
    }
    for now in [
        "now",
        "clock_timestamp",
        "statement_timestamp",
        "transaction_timestamp",
    ] {
        let expr = format!(r#"{{"function": "{now}", "args": []}}"#);
        assert_eq!(gives(&expr), "timestamp with time zone", "{now}");
    }
    let nullable = |function: &str, args: &str| {
        gives(&format!(r#"{{"function": "{function}", "args": {args}}}"#)).ends_with('?')
    };
    // The greatest of some is NULL if all are; a part of a text if one argument is.
    assert!(!nullable("greatest", r#"["maybe", "text"]"#));
    assert!(nullable("least", r#"["maybe", "perhaps"]"#));
    assert!(nullable("replace", r#"["text", "maybe", "text"]"#));
    assert!(!nullable("replace", r#"["text", "text", "text"]"#));
}

#[test]
fn literals_meet_what_stands_beside_them() {
    let meets = |expr: &str| {
        let told = told_of(expr);
        let literals = told.iter().filter_map(|told| told.split("meets ").nth(1));
        literals.map(str::to_owned).collect::<Vec<_>>()
    };
    let cases: [(&str, &[&str]); 20] = [
        (r#"{"function": "bool_and", "args": [true]}"#, &["boolean"]),
        (
            r#"{"function": "string_agg", "args": ["text", ", "]}"#,
            &["text"],
        ),
        (
            r#"{"function": "strpos", "args": ["text", "x"]}"#,
            &["text"],
        ),
        (
            r#"{"function": "greatest", "args": ["big", "1", 2]}"#,
            &["bigint"; 2],
        ),
        (
            r#"{"function": "nullif", "args": ["date", "2026-01-02"]}"#,
            &["date"],
        ),
        // The count is no text.
        (
            r#"{"function": "left", "args": ["x", 2]}"#,
            &["text", "nothing"],
        ),
        (
            r#"{"function": "vendors_own", "args": ["x"]}"#,
            &["nothing"],
        ),
        (r#"{"neq": ["inet", "10.0.0.1"]}"#, &["inet"]),
        (r#"{"lte": ["uuid", "0"]}"#, &["uuid"]),
        (r#"{"gte": ["7", "small"]}"#, &["smallint"]),
        (r#"{"gt": ["1", 3000000000]}"#, &["bigint"; 2]),
        (r#"{"gt": [1, 1.5]}"#, &["numeric"; 2]),
        (r#"{"ilike": ["text", "x%"]}"#, &["text"]),
        (r#"{"or": [true, "bool"]}"#, &["boolean"]),
        (r#"{"not": false}"#, &["boolean"]),
        (r#"{"is_not": ["bool", false]}"#, &["boolean"]),
        (r#"{"is": [null, null]}"#, &["nothing"; 2]),
        (
            r#"{"not_in": ["int", "1", {"values": [["2"], ["3"]]}]}"#,
            &["integer"; 3],
        ),
        (r#"{"mul": ["span", "2"]}"#, &["nothing"]),
        (r#"{"sub": ["inet", 1]}"#, &["nothing"]),
    ];
    for (expr, expected) in cases {
        assert_eq!(meets(expr), expected, "{expr}");
    }
}
