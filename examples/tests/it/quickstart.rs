//! The quickstart: its statements are the vendor's own, and what it prints.

use std::process::Command;

use jsonsql::{Statement, ast};
use jsonsql_examples::statements;
use jsonsql_sandbox::Sandbox;
use serde_json::Value;

use crate::run::{program, refused, run};

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

fn quickstart() -> Command {
    program(env!("CARGO_BIN_EXE_quickstart"))
}

#[test]
fn what_it_prints() {
    let run = run(&mut quickstart());
    assert!(run.success, "{}", run.stderr);
    insta::assert_snapshot!(run.without_port());
}

#[tokio::test(flavor = "multi_thread")]
async fn against_a_server_it_only_reads_unless_told_to_write() {
    let sandbox = Sandbox::builder().password("s3cret").start().await.unwrap();
    let added = "SELECT count(*) FROM subscriber WHERE username = '123456'";
    let on_it = |password: &str, write: bool| {
        let mut command = quickstart();
        command.env("JSONSQL_PASSWORD", password);
        command.args(["--url", &sandbox.url(), "--username", "admin"]);
        if write {
            command.arg("--write");
        }
        tokio::task::block_in_place(|| run(&mut command))
    };

    let denied = on_it("wrong-pa55", false);
    assert!(!denied.success);
    assert!(denied.stderr.starts_with("Stopped: "), "{}", denied.stderr);
    let text = denied.stdout + &denied.stderr;
    assert!(!text.contains("wrong-pa55"), "{text}");

    let read = on_it("s3cret", false);
    assert!(read.success);
    assert!(read.stdout.contains("12 rows"));
    assert_eq!(sandbox.query(added).await.unwrap()[0][0], 0);

    let written = on_it("s3cret", true);
    assert!(written.success, "{}", written.stderr);
    assert_eq!(sandbox.query(added).await.unwrap()[0][0], 1);

    // The login is taken now: it stops there, before it deletes anything.
    let taken = on_it("s3cret", true);
    assert!(!taken.success);
    assert!(taken.stderr.contains("subscriber_domain_id_key"));
}

#[test]
fn without_a_password_it_says_what_is_missing() {
    let said = refused(quickstart().args(["--url", "http://127.0.0.1:1", "--username", "admin"]));
    assert!(said.contains("JSONSQL_PASSWORD"), "{said}");
}
