//! The quickstart: its statements are the vendor's own.

use jsonsql::{Statement, ast};
use jsonsql_examples::statements;
use serde_json::Value;

const CORPUS: &str = include_str!("../../../tests/corpus/jsonsql-requests.jsonl");

/// The params of the nth request of the corpus.
fn corpus(line: usize) -> Value {
    let request: Value = serde_json::from_str(CORPUS.lines().nth(line - 1).unwrap()).unwrap();
    assert_eq!(request["tier"], "vendor");
    request["params"].clone()
}

#[test]
fn the_statements_are_the_vendors_own() {
    let mac_addr = "11-22-33-44-55-77".parse().unwrap();
    let equal = |line: usize, short: ast::Statement| {
        assert_eq!(
            serde_json::to_value(short).unwrap(),
            corpus(line),
            "line {line}"
        );
    };
    equal(10, statements::channels().unqualified());
    equal(11, statements::terminals().unqualified());
    equal(12, statements::add_subscriber().unqualified());
    equal(4, statements::add_packages().unqualified());
    equal(15, statements::subscribe().unqualified());
    equal(27, statements::disable().unqualified());
    equal(18, statements::delete_terminals().unqualified());
    equal(19, statements::delete_packages().unqualified());

    // Here the script names an alias that it does not use.
    let mut bind = corpus(13);
    assert_eq!(bind["select"]["from"]["as"], "s");
    bind["select"]["from"] = "subscriber".into();
    let ours = statements::bind_terminal(mac_addr);
    assert_eq!(serde_json::to_value(ours.unqualified()).unwrap(), bind);
    assert_eq!(ours.method(), ast::Method::Insert);
}
