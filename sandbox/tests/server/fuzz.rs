//! Seeds, plans of faults and requests of any bytes: a sandbox starts and
//! answers, or says what is wrong. Nothing panics.
//!
//! `JSONSQL_FUZZ_SECONDS` says for how long each of them is tried.

use std::time::{Duration, Instant};

use jsonsql_sandbox::faults::Faults;
use jsonsql_sandbox::ministra::MinistraSeed;
use jsonsql_sandbox::{Sandbox, Seed};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use crate::say;

/// Tries inputs until the time is over, and says how many.
fn fuzz<S: Strategy>(what: &str, inputs: &S, test: impl Fn(S::Value)) {
    let seconds = std::env::var("JSONSQL_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    let config = ProptestConfig {
        cases: 32,
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
        cases += 32;
    }
    say(&format!("fuzz: {cases} {what} in {seconds} s, no panic"));
}

const SEEDS: &[&str] = &[
    r#"{"tables": [{"name": "tariff", "columns": [{"name": "id", "type": "id"},
        {"name": "title", "type": "text", "required": true},
        {"name": "on", "type": "boolean", "default": true},
        {"name": "owner", "type": "integer", "references": "subscriber"}],
        "unique": [["title", "owner"]]}],
        "accounts": [{"username": "a", "password": "b", "domain": 2}],
        "rows": [{"into": "tariff", "columns": ["title", "owner"], "values": [["basic", null], ["x", 1]]}]}"#,
    r#"{"rows": [{"into": "domain", "columns": ["id", "name"], "values": [[1, "demo"]]},
        {"into": "subscriber", "domain": 1, "columns": ["id", "username", "disabled", "max_terminal"],
         "values": [[1, "12345", false, 3], [2, "test", true, null]]},
        {"into": "terminal", "columns": ["subscriber_id", "mac_addr", "registered"],
         "values": [[1, "00-1A-79-10-00-0C", true]]}]}"#,
    r#"{"tables": [{"name": "t", "columns": [{"name": "a", "type": "macaddr"}, {"name": "b", "type": "inet"},
        {"name": "c", "type": "timestamp"}, {"name": "d", "type": "interval"}, {"name": "e", "type": "numeric"},
        {"name": "f", "type": "bigint"}, {"name": "g", "type": "domain"}]}],
        "rows": [{"into": "t", "columns": ["a", "b", "c", "d", "e", "f"],
        "values": [["F4-06-69-77-00-10", "10.0.0.1/24", "2026-02-28 25:00:00", "1 day", "1e400", 9223372036854775808]]}]}"#,
];

/// Words and fragments that a reader of seeds may trip over.
const FRAGMENTS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-0",
    "1e400",
    "1",
    "\"\"",
    "\"id\"",
    "\"domain\"",
    "\"text\"",
    "\"integer\"",
    "\"subscriber\"",
    "\"tariff\"",
    "\"sandbox_x\"",
    "\"sqlite_master\"",
    "\"a\\\"b\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"я\"",
    "\"ID\"",
    "\"tables\": [",
    "\"rows\": [",
    "\"unique\": [[]]",
    "\"columns\": []",
    "\"values\": [[]]",
    "\"references\": \"domain\"",
    "9223372036854775807",
    "-9223372036854775809",
    "123456789012345678901234567890123456789012345678",
    "\"domain\": -1",
    "{\"select\": {}}",
    "{\"function\": \"now\"}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

/// A text with a few changes: fragments put in or in place of a part.
fn changed(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let change = (
        any::<Index>(),
        any::<Index>(),
        any::<bool>(),
        select(FRAGMENTS),
    );
    (select(texts), vec(change, 0..4)).prop_map(|(text, changes)| {
        let mut text = text.to_owned();
        for (from, length, replaces, fragment) in changes {
            let near = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at));
            let from = near(from.index(text.len() + 1)).unwrap_or(0);
            let to = if replaces {
                near((from + length.index(24)).min(text.len())).unwrap_or(from)
            } else {
                from
            };
            text.replace_range(from..to.max(from), fragment);
        }
        text
    })
}

fn seed() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => changed(SEEDS),
        1 => vec(select(FRAGMENTS), 0..24).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
    ]
}

#[test]
fn seeds_of_any_text_start_a_sandbox_or_are_refused() {
    let runtime = Runtime::new().unwrap();
    fuzz("seeds", &seed(), |text| {
        let ministra = MinistraSeed::Json(text.clone());
        runtime.block_on(async {
            if let Ok(seed) = Seed::from_json(&text)
                && let Err(error) = Sandbox::builder().seed(seed).start().await
            {
                let _ = format!("{error} {error:?}");
            }
            if text.len() % 8 == 0 {
                let _ = Sandbox::builder()
                    .seed(Seed::Empty)
                    .ministra_seed(ministra)
                    .start()
                    .await;
            }
        });
        if let Err(error) = Faults::from_json(&text) {
            let _ = format!("{error} {error:?}");
        }
    });
}
