//! Any bytes as SQL: an error with its place, or a statement that can be sent
//! and is read back from its own text.
//!
//! `JSONSQL_FUZZ_SECONDS` says for how long.

use std::time::{Duration, Instant};

use jsonsql::sql::{Prepared, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::arbitrary;
use crate::fuzz::fuzz;

/// Words and signs, those of PostgreSQL and of what sqlparser reads besides.
const FRAGMENTS: &[&str] = &[
    "SELECT ",
    "FROM ",
    "WHERE ",
    "INSERT INTO ",
    "VALUES ",
    "UPDATE ",
    "SET ",
    "DELETE ",
    "WITH ",
    "JOIN ",
    "LEFT ",
    "ON ",
    "USING ",
    "AS ",
    "ORDER BY ",
    "GROUP BY ",
    "HAVING ",
    "LIMIT ",
    "OFFSET ",
    "RETURNING ",
    "UNION ",
    "ALL ",
    "DISTINCT ",
    "NOT ",
    "AND ",
    "OR ",
    "IN ",
    "IS ",
    "NULL ",
    "LIKE ",
    "BETWEEN ",
    "EXISTS ",
    "CASE ",
    "WHEN ",
    "THEN ",
    "END ",
    "CAST(",
    "ANY(",
    "ARRAY[",
    "INTERVAL ",
    "LATERAL ",
    "DEFAULT ",
    "FETCH FIRST ",
    "ROWS ONLY ",
    "FOR UPDATE ",
    "OVER (",
    "FILTER (",
    "ESCAPE ",
    "a",
    "b.c",
    "t ",
    "\"q\"",
    "\"",
    "'x'",
    "'",
    "''",
    "E'\\",
    "U&'\\",
    "$$",
    "$1",
    ":n",
    "1",
    "1.5e",
    "0x",
    ".",
    "*",
    "(",
    ")",
    ",",
    ";",
    "=",
    "<>",
    "<=",
    ">=-",
    "||",
    "+",
    "-",
    "--",
    "/*",
    "*/",
    "/",
    "%",
    "::int",
    "[",
    "]",
    "{",
    "}",
    "?",
    "@",
    "~",
    "!",
    "^",
    "&",
    "|",
    "#",
    "\\",
    "`",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{a0}",
    "я",
    "😀",
    "count(",
    "trim(",
    "substring(",
    "position(",
    "extract(",
    "coalesce(",
];

fn text() -> impl Strategy<Value = String> {
    let bytes = vec(any::<u8>(), 0..64);
    let words = vec(select(FRAGMENTS), 0..32).prop_map(|words| words.concat());
    let changes = vec((any::<Index>(), select(FRAGMENTS), any::<bool>()), 0..4);
    let changed = (arbitrary::statement(), changes).prop_map(|(statement, changes)| {
        let mut text: Vec<char> = format!("{statement:#}").chars().collect();
        for (place, fragment, replace) in changes {
            let at = place.index(text.len() + 1);
            let end = if replace {
                (at + fragment.len()).min(text.len())
            } else {
                at
            };
            text.splice(at..end, fragment.chars());
        }
        text.into_iter().collect()
    });
    prop_oneof![
        bytes.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        words,
        changed,
        "\\PC{0,40}",
    ]
}

#[test]
fn any_text() {
    fuzz("texts as SQL", &text(), |text| {
        let begin = Instant::now();
        let prepared = Prepared::new(&text);
        match parse(&text) {
            Ok(statement) => {
                assert!(prepared.is_ok(), "{text:?}");
                let json = serde_json::to_string(&statement).unwrap_or_else(|error| {
                    panic!("{text:?} cannot be sent: {error}");
                });
                let again = format!("{statement:#}");
                match parse(&again) {
                    Ok(same) => assert_eq!(same, statement, "{text:?} became {again:?}, {json}"),
                    Err(error) => panic!("{text:?} became {again:?}: {error:#}"),
                }
            }
            Err(error) => {
                let lines: Vec<&str> = text.split('\n').collect();
                let line = lines.get(error.line() - 1);
                let length = line.map(|line| line.chars().count());
                assert!(
                    length.is_some_and(|length| error.column() <= length + 1),
                    "{text:?}: {error:?}"
                );
                assert!(!error.message().is_empty());
                assert_eq!(format!("{error:#}").lines().count(), 3, "{error:#}");
            }
        }
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?} for {text:?}");
    });
}

/// A text of a statement that is refused is not shown, wherever the statement is broken.
#[test]
fn a_secret_is_in_no_error() {
    // With a quote more, the text would be a name.
    let quotes = ['\'', '"', '$', '\\', '/', '-'];
    let fragments: Vec<&str> = FRAGMENTS
        .iter()
        .copied()
        .filter(|text| !text.contains(quotes))
        .collect();
    let changes = vec((any::<Index>(), select(fragments)), 1..4);
    let texts = select(vec![
        "SELECT id FROM subscriber WHERE password = 'Sekret123' AND a = 1",
        "UPDATE subscriber SET password = 'Sekret123' WHERE id = 5 RETURNING id",
        "INSERT INTO subscriber (username, password) VALUES ('x', 'Sekret123'), ('y', E'Sekret123')",
    ]);
    let inputs = (texts, changes).prop_map(|(text, changes)| {
        let mut text = text.to_owned();
        for (place, fragment) in changes {
            let mut at = place.index(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, fragment);
        }
        text
    });
    fuzz("statements with a secret", &inputs, |text| {
        let Err(error) = parse(&text) else { return };
        let shown = format!("{error} {error:?} {}", error.message());
        assert!(!shown.contains("Sekret123"), "{text:?}\n{shown}");
    });
}
