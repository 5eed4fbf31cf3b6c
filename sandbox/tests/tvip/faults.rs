//! Failures on purpose: what leaves the wire, and what was executed.

use std::time::{Duration, Instant};

use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{Done, Sandbox};
use serde_json::json;

use crate::http::{Client, bytes};

/// The demo with one fault at every request to `accounts`.
async fn failing(fault: Fault) -> Sandbox {
    let faults = Faults::seeded(1).rule(Rule::new("/api/provider/accounts", fault));
    Sandbox::builder().faults(faults).start().await.unwrap()
}

/// Adds an account; how many come of it tells what was executed.
async fn add(sandbox: &Sandbox) -> String {
    let body = json!({"login": "added", "pin_md5": "s3cret"}).to_string();
    let answer = bytes(sandbox, "POST", "/accounts", &body).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn added(sandbox: &Sandbox) -> usize {
    let state = sandbox.tvip().state();
    let accounts = state["accounts"].as_array().unwrap().iter();
    accounts
        .filter(|account| account["login"] == "added")
        .count()
}

/// What the journal says of the last request: faults, status, records made.
fn told(sandbox: &Sandbox) -> (Vec<&'static str>, Option<u16>, usize) {
    let last = sandbox.take_requests().pop().unwrap();
    let made = last.changes.iter().filter(|c| c.done == Done::Created);
    let made = made.map(|change| change.keys.len()).sum();
    (last.faults, last.status, made)
}

#[tokio::test]
async fn connections_end_before_within_and_instead_of_answers() {
    for (fault, executed) in [(Fault::Refuse, 0), (Fault::Drop, 1), (Fault::Truncate, 1)] {
        let sandbox = failing(fault.clone()).await;
        let answer = add(&sandbox).await;
        assert_eq!(added(&sandbox), executed, "{fault:?}");
        let status = (fault == Fault::Truncate).then_some(200);
        assert_eq!(told(&sandbox), (vec![fault.as_str()], status, executed));
        if fault == Fault::Truncate {
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let mut lines = head.lines();
            let length = lines.find_map(|line| line.strip_prefix("content-length: "));
            let whole: usize = length.unwrap().parse().unwrap();
            assert!(!body.is_empty() && body.len() < whole, "{answer}");
        } else {
            assert_eq!(answer, "");
        }
    }
}

#[tokio::test]
async fn statuses_come_instead_of_execution() {
    for code in [401, 403, 429, 500, 502, 503] {
        let retry_after = (code == 429).then_some(7);
        let sandbox = failing(Fault::Status { code, retry_after }).await;
        let answer = add(&sandbox).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
        assert_eq!(answer.contains("retry-after: 7\r\n"), code == 429);
        assert_eq!(added(&sandbox), 0);
        assert_eq!(told(&sandbox), (vec!["status"], Some(code), 0));
    }
}

#[tokio::test]
async fn a_garbled_answer_is_of_something_executed() {
    let sandbox = failing(Fault::Garble).await;
    let answer = add(&sandbox).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(body).is_err());
    assert_eq!(added(&sandbox), 1);
    assert_eq!(told(&sandbox), (vec!["garble"], Some(200), 1));
}

#[tokio::test]
async fn a_delay_is_before_the_execution_and_of_its_route_only() {
    let sandbox = failing(Fault::DelayMs(80)).await;
    let begun = Instant::now();
    add(&sandbox).await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
    assert_eq!(added(&sandbox), 1);
    assert_eq!(told(&sandbox), (vec!["delay_ms"], Some(200), 1));
    Client::new(&sandbox).get("/tarifs").await;
    assert_eq!(told(&sandbox), (vec![], Some(200), 0));
}

/// A client that repeats what it got no answer to sends a command twice.
#[tokio::test]
async fn the_journal_counts_what_a_client_did_twice() {
    let faults = Faults::seeded(1).rule(Rule::new("/api/provider", Fault::Drop).nth(1));
    let sandbox = Sandbox::builder().faults(faults).start().await.unwrap();
    let body = json!({"ids": [1], "commands": [{"command": "restart"}]}).to_string();
    for _ in 0..2 {
        bytes(&sandbox, "POST", "/commands/send/devices", &body).await;
    }
    let made: Vec<_> = sandbox
        .take_requests()
        .into_iter()
        .map(|request| json!([request.status, request.changes]))
        .collect();
    let command = |key: i64| json!([{"kind": "commands", "done": "created", "keys": [key]}]);
    assert_eq!(made, [json!([null, command(1)]), json!([200, command(2)])]);
    assert_eq!(sandbox.tvip().inbox(1).len(), 2);
}
