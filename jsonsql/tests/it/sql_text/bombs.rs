//! Texts that nest or go on without end, read on a stack of 256 KiB.

use std::time::{Duration, Instant};
use std::{iter, thread};

use jsonsql::ast::Statement;
use jsonsql::sql::{MAX_TEXT, ParseError, Prepared, parse};

const STACK: usize = 256 * 1024;

/// Reads it on the small stack, an overflow of which would end the process,
/// and in a moment.
#[track_caller]
fn read(text: String) -> Result<Statement, ParseError> {
    let begin = Instant::now();
    let run = move || {
        let _ = Prepared::new(&text);
        parse(&text)
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).unwrap();
    let read = thread.join().unwrap();
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    read
}

#[track_caller]
fn refused(text: String, message: &str) {
    let error = read(text).unwrap_err();
    assert!(error.message().contains(message), "{error}");
    assert!(error.line() == 1 && error.column() >= 1);
}

fn nested(open: &str, depth: usize, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn whatever_nests_is_refused_at_its_depth() {
    for depth in [97, 10_000] {
        for (open, inner, close) in [
            ("(", "1", ")"),
            ("f(", "1", ")"),
            ("NOT ", "true", ""),
            ("NOT (", "true", ")"),
            ("- ", "1", ""),
            ("(SELECT ", "1", ")"),
            ("1 IN (SELECT 1 WHERE ", "true", ")"),
            ("EXISTS (SELECT 1 WHERE ", "true", ")"),
            ("CASE WHEN true THEN (", "1", ") END"),
            ("ARRAY[", "1", "]"),
            ("(1, ", "2", ")"),
            ("coalesce((1 + ", "1", "))"),
        ] {
            let text = format!("SELECT {}", nested(open, depth, inner, close));
            refused(text, "nested deeper than 96 levels");
        }
        let from = format!(
            "SELECT * FROM {}",
            nested("(SELECT * FROM ", depth, "t", ") AS q")
        );
        refused(from, "nested deeper than 96 levels");
        refused("(".repeat(depth), "nested deeper than 96 levels");
    }
}

/// The refusal names the place of the first level that is one too many: the
/// sign, or what stands within all of them.
#[test]
fn the_place_is_that_of_the_level_that_is_one_too_many() {
    let place = |text: String| {
        let error = read(text).unwrap_err();
        assert_eq!(error.message(), "nested deeper than 96 levels");
        error.column() - 1
    };
    for (open, inner, close) in [("(", "1", ")"), ("- ", "1", ""), ("NOT ", "true", "")] {
        let selected = |depth| {
            place(format!("SELECT {}", nested(open, depth, inner, close))) - "SELECT ".len()
        };
        // The query and the literal are levels too.
        for depth in [95, 96] {
            assert_eq!(selected(depth), depth * open.len(), "{open}");
        }
        assert_eq!(selected(97), 96 * open.len(), "{open}");
    }
    let query = |depth| nested("(", depth, "SELECT 1", ")");
    read(query(94)).unwrap();
    assert_eq!(place(query(95)), 95 + "SELECT ".len());
    assert_eq!(place(query(96)), 96);
    assert_eq!(place(query(97)), 96);
}

/// As deep as it can be sent it is read, or refused for the depth of the JSON.
#[test]
fn depths_that_can_be_sent_are_read() {
    let parentheses = read(format!("SELECT {}", nested("(", 80, "1", ")"))).unwrap();
    assert_eq!(format!("{parentheses:#}"), "SELECT 1");
    // Two levels of JSON each.
    assert!(read(format!("SELECT {}", nested("lower(", 40, "'x'", ")"))).is_ok());
    refused(
        format!("SELECT {}", nested("lower(", 60, "'x'", ")")),
        "as JSON the statement nests deeper than 96 levels",
    );
    let queries = nested("id IN (SELECT id FROM t WHERE ", 12, "true", ")");
    assert!(read(format!("SELECT id FROM t WHERE {queries}")).is_ok());
}

#[test]
fn words_that_repeat_end_in_an_error_of_the_text() {
    for word in [
        "NOT ",
        "INTERVAL ",
        "PRIOR ",
        "BINARY ",
        "EXISTS ",
        "DATE ",
        "CAST ",
        "CASE ",
        "WITH ",
        "ROW ",
        "SELECT ",
        "VALUES ",
        "LATERAL ",
        "EXPLAIN ",
        "AS ",
        "ANY ",
        "ALL ",
        "- + ",
        "x::int",
        ". ",
        "[",
        "{",
        "ARRAY<",
        "STRUCT<",
        "OVER (",
        "@ ",
        "~ ",
        "! ",
        "a.",
        "$",
        ":",
        ":a",
        "$1 ",
        "'a' ",
        "\"a\"",
        "E'",
        "/*",
        "--",
        "$$",
        "$a$",
        "U&'",
        "CROSS JOIN ",
        "UNION ",
        "t JOIN ",
        "IS ",
        "COLLATE ",
    ] {
        for text in [
            format!("SELECT {}", word.repeat(2_000)),
            format!("SELECT * FROM {}", word.repeat(2_000)),
            format!("SELECT * FROM t WHERE {}", word.repeat(2_000)),
        ] {
            let _ = read(text);
        }
    }
}

#[test]
fn chains_of_operators_are_flat_or_refused() {
    let chain = |link: &str, count: usize| format!("SELECT a FROM t WHERE a{}", link.repeat(count));
    for link in [" AND a", " OR a", " || a", " + a", " * a"] {
        let read = read(chain(link, 900)).unwrap();
        assert!(serde_json::to_string(&read).unwrap().len() > 1_000);
        refused(chain(link, 2_000), "more than 1000 operators in a row");
        refused(chain(link, 100_000), "more than 1000 operators in a row");
    }
    // Of operators that no list has, each is two levels of JSON.
    assert!(read(chain(" - a", 40)).is_ok());
    for link in [" - a", " / a", " IS TRUE", " + a - a"] {
        refused(chain(link, 100), "nest");
        assert!(read(chain(link, 2_000)).is_err());
    }
    refused(
        format!("SELECT 1{}", " UNION SELECT 1".repeat(20_000)),
        "more than 1000",
    );
    refused(chain("::int", 5_000), "casts");
}

/// The limit is the one that the message names. A comma and a closing
/// parenthesis end a chain, so that `SELECT` is not of the one counted here.
#[test]
fn a_thousand_operators_in_a_row_are_read() {
    let chain = |count: usize| format!("1{}", " + 1".repeat(count));
    read(format!("SELECT 1, {}", chain(1_000))).unwrap();
    refused(
        format!("SELECT 1, {}", chain(1_001)),
        "more than 1000 operators in a row",
    );
    let many = vec![chain(20); 100];
    read(format!("SELECT {}", many.join(", "))).unwrap();
    let grouped = format!("({})", chain(2));
    let sum = vec![grouped; 400].join(" + ");
    read(format!("SELECT 1, {sum}")).unwrap();
}

#[test]
fn long_lists_are_read_whole() {
    let numbers: Vec<String> = (0..50_000).map(|number| number.to_string()).collect();
    let list = read(format!(
        "SELECT id FROM t WHERE id IN ({})",
        numbers.join(", ")
    ))
    .unwrap();
    let json = serde_json::to_value(&list).unwrap();
    assert_eq!(json["where"]["in"].as_array().unwrap().len(), 50_001);

    let rows: Vec<String> = iter::repeat_n("('x', -1)".to_owned(), 20_000).collect();
    let insert = read(format!("INSERT INTO t (a, b) VALUES {}", rows.join(", "))).unwrap();
    let json = serde_json::to_value(&insert).unwrap();
    assert_eq!(json["values"].as_array().unwrap().len(), 20_000);
}

/// A look at each of n names beside each other takes no time that can be felt.
#[test]
fn long_lists_of_different_names_are_read_or_refused_in_a_moment() {
    let names = |count: usize| {
        (0..count)
            .map(|number| format!("n{number}"))
            .collect::<Vec<_>>()
    };
    let list = names(20_000).join(", ");
    for text in [
        format!("SELECT {list} FROM t"),
        format!("SELECT a FROM {list}"),
        format!("SELECT a FROM t GROUP BY {list}"),
        format!("SELECT a FROM t ORDER BY {list}"),
        format!("SELECT DISTINCT ON ({list}) a FROM t"),
        format!("INSERT INTO t ({list}) VALUES (1)"),
        format!("UPDATE t SET {} = 1", names(20_000).join(" = 1, ")),
        format!(
            "SELECT a FROM t CROSS JOIN {}",
            names(10_000).join(" CROSS JOIN ")
        ),
        format!(
            "WITH {} AS (SELECT 1) SELECT 1",
            names(10_000).join(" AS (SELECT 1), ")
        ),
    ] {
        refused(text, "more than 1");
    }
    let texts = format!(
        "SELECT a FROM t WHERE a IN ('{}')",
        names(20_000).join("', '")
    );
    assert!(read(texts).is_ok());
    assert!(read(format!("SELECT a FROM t WHERE a IN ({list})")).is_ok());
    let parameters = format!(
        "SELECT a FROM t WHERE a IN (:{})",
        names(20_000).join(", :")
    );
    assert!(read(parameters).is_err());
    let queries = vec!["(SELECT 1)"; 10_000].join(", ");
    assert!(read(format!("SELECT a FROM t WHERE a IN (1, {queries})")).is_ok());
    let ordered = vec!["(SELECT b FROM v GROUP BY b ORDER BY b LIMIT 1)"; 2_000].join(", ");
    assert!(read(format!("SELECT a FROM t WHERE a IN (1, {ordered})")).is_ok());
}

#[test]
fn a_text_has_a_longest_size() {
    let text = format!("SELECT '{}'", "x".repeat(MAX_TEXT));
    refused(text, "at most 1048576 bytes");
    let text = format!("SELECT '{}'", "x".repeat(MAX_TEXT - 9));
    assert!(read(text).is_ok());
}
