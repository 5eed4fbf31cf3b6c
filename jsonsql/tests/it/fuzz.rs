//! Everything that comes from outside: answers of a server, and statements
//! that somebody wrote. Whatever the bytes are, nothing panics.
//!
//! `JSONSQL_FUZZ_SECONDS` says for how long each of them is tried.

use std::borrow::Cow;
use std::fmt::Debug;
use std::io::Write as _;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::{self, Schema};
use jsonsql::row::{self, Row};
use jsonsql::sql::{Flavor, Sql};
use jsonsql::{Dialect, MacAddr, Params};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;

use crate::arbitrary::{Operands, statement};
use crate::tables::{Media, Subscriber};

/// Tries inputs until the time is over, and says how many.
pub(crate) fn fuzz<S: Strategy>(what: &str, inputs: &S, test: impl Fn(S::Value)) {
    let seconds = std::env::var("JSONSQL_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let begin = Instant::now();
    let mut cases = 0;
    while begin.elapsed() < Duration::from_secs(seconds) {
        // A runner counts what it has tried: each has its own cases and random numbers.
        let found = TestRunner::new(config.clone()).run(inputs, |input| {
            test(input);
            Ok(())
        });
        if let Err(found) = found {
            panic!("{what}: {found}");
        }
        cases += 64;
    }
    let _ = writeln!(
        std::io::stderr(),
        "fuzz: {cases} {what} in {seconds} s, no panic"
    );
}

/// Fragments that a reader of JSON may trip over.
const FRAGMENTS: &[&[u8]] = &[
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b":",
    b"\"",
    b"null",
    b"true",
    b"1e400",
    b"-1e-400",
    b"-0",
    b"00012345",
    b"0.1000000000000000055511151231257827",
    b"123456789012345678901234567890123456789012345678",
    b"9223372036854775808",
    b"\"\\ud800\"",
    b"\"\\udc00\\ud800\"",
    b"\"\\u0000\"",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"\"F4-06-69-77-00-10\"",
    b"\"2026-02-30 25:61:61.9999999999\"",
    b"\"$serde_json::private::Number\"",
    b"{\"$serde_json::private::Number\":\"1\"}",
    b"\"$serde_json::private::RawValue\"",
    b"{\"and\":[",
    b"{\"not\":",
    b"{\"select\":{\"data\":[\"id\"],\"from\":\"s\"}}",
    b"{\"function\":\"count\",\"args\":[\"*\"]}",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":",
];

/// A change of a text of bytes.
#[derive(Debug, Clone)]
enum Change {
    Put(Index, &'static [u8]),
    Replace(Index, u8),
    Remove(Index, Index),
    Repeat(Index, Index, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (any::<Index>(), select(FRAGMENTS)).prop_map(|(at, text)| Change::Put(at, text)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Remove(from, to)),
        (any::<Index>(), any::<Index>(), 1usize..40)
            .prop_map(|(from, to, times)| Change::Repeat(from, to, times)),
    ];
    vec(change, 0..4)
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let place = |index: &Index| index.index(bytes.len() + 1);
        match change {
            Change::Put(at, text) => {
                let at = place(at);
                bytes.splice(at..at, text.iter().copied());
            }
            Change::Replace(at, byte) => {
                let at = place(at);
                bytes.splice(at..(at + 1).min(bytes.len()), [*byte]);
            }
            Change::Remove(from, to) => {
                let (from, to) = (place(from), place(to));
                bytes.drain(from.min(to)..from.max(to));
            }
            Change::Repeat(from, to, times) => {
                let (from, to) = (place(from), place(to));
                let part = bytes[from.min(to)..from.max(to)].repeat(*times);
                bytes.splice(from..from, part);
            }
        }
    }
    bytes
}

/// Any bytes, and JSON of the fragments.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..64),
        vec(select(FRAGMENTS), 0..24).prop_map(|parts| parts.concat()),
    ]
}

fn answer() -> impl Strategy<Value = Vec<u8>> {
    // Compiled once: a pattern as it stands is a strategy that is slow to begin.
    let like = |pattern| string_regex(pattern).expect("a regular expression");
    let cell = prop_oneof![
        like("-?[0-9]{1,50}"),
        like("-?[0-9]{1,20}\\.[0-9]{1,40}([eE][+-]?[0-9]{1,4})?"),
        like("\"[ -~&&[^\"\\\\]]{0,24}\""),
        like("\"[+-]?[0-9:. -]{0,40}\""),
        like("\"([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\""),
        like("\"(\\\\u[0-9a-fA-F]{4}){1,3}\""),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("{\"id\":1,\"id\":2}".to_owned()),
    ];
    let row = vec(cell, 0..9).prop_map(|cells| format!("[{}]", cells.join(",")));
    vec(row, 0..6).prop_map(|rows| format!("[{}]", rows.join(",")).into_bytes())
}

/// Reads an answer as rows of a type: rows, or an error that has a text.
fn read<'de, R: Row<'de>>(answer: &'de [u8]) {
    if let Err(error) = row::decode::<R>(answer) {
        let _ = format!("{error} {error:?}");
    }
}

#[test]
fn answers_of_any_bytes_are_rows_or_errors() {
    let answers = prop_oneof![1 => bytes(), 3 => answer()];
    fuzz("answers", &(answers, changes()), |(answer, changes)| {
        let answer = &changed(answer, &changes);
        read::<Subscriber>(answer);
        read::<(Media, Option<Subscriber>)>(answer);
        read::<(i64, String, bool, f64)>(answer);
        read::<(Option<i16>, Option<i32>, Option<i64>, Option<f64>)>(answer);
        read::<(MacAddr, IpAddr)>(answer);
        read::<(&str, Cow<'_, str>)>(answer);
        read::<Option<String>>(answer);
        read::<i32>(answer);
        read::<f64>(answer);
        #[cfg(feature = "rust_decimal")]
        read::<(rust_decimal::Decimal, Option<rust_decimal::Decimal>)>(answer);
        #[cfg(feature = "jiff")]
        read::<(jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Time)>(answer);
        #[cfg(feature = "jiff")]
        read::<jiff::civil::Date>(answer);
        #[cfg(feature = "chrono")]
        read::<(chrono::DateTime<chrono::Utc>, chrono::NaiveDateTime)>(answer);
        #[cfg(feature = "chrono")]
        read::<(chrono::NaiveDate, chrono::NaiveTime)>(answer);
        #[cfg(feature = "ipnet")]
        read::<ipnet::IpNet>(answer);
        #[cfg(feature = "uuid")]
        read::<uuid::Uuid>(answer);
    });
}

fn schema() -> Schema {
    let columns = || {
        [
            resolve::Column::new("id", SqlKind::Int),
            resolve::Column::nullable("username", SqlKind::Text),
            resolve::Column::new("disabled", SqlKind::Bool),
            resolve::Column::nullable("email", SqlKind::Inet),
            resolve::Column::nullable("port", SqlKind::Numeric),
        ]
    };
    Schema::new(["s", "t", "subscriber", "media"].map(|name| resolve::Table::new(name, columns())))
}

/// Everything that is done with a statement from elsewhere.
fn use_up(statement: &Statement) {
    let schema = schema();
    let _ = format!("{statement} {statement:#} {statement:?}");
    let findings = resolve::validate(statement, &schema);
    let _: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let mut resolved = statement.clone();
    let _ = resolve::resolve(&mut resolved, &schema);
    for statement in [statement, &resolved] {
        let _ = resolve::kinds(statement, &schema);
        let _ = resolve::coverage(statement, &schema);
        let _ = Sql::new(statement, Flavor::Postgres);
        let _ = Sql::new(statement, Flavor::Sqlite);
        let _ = Params::unchecked(statement, &Dialect::BEST_GUESS).write_to(&mut Vec::new());
    }
}

#[test]
fn statements_of_any_bytes_are_read_or_refused() {
    let valid = statement(Operands::Any)
        .prop_map(|statement| serde_json::to_vec(&statement).unwrap_or_default());
    let requests = prop_oneof![1 => bytes(), 4 => valid];
    fuzz("requests", &(requests, changes()), |(request, changes)| {
        let request = changed(request, &changes);
        for method in Method::ALL {
            match Statement::from_json(method, &request) {
                Ok(statement) => {
                    use_up(&statement);
                    let json =
                        serde_json::to_vec(&statement).expect("what was read can be written");
                    let again = Statement::from_json(method, &json);
                    assert_eq!(again.as_ref(), Ok(&statement), "read again");
                }
                Err(error) => {
                    let _ = format!("{error} {error:?}");
                }
            }
        }
    });
}
