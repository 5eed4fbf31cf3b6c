//! Failures on purpose: what leaves the wire, and what was executed.

use std::time::{Duration, Instant};

use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{Done, Sandbox};
use serde_json::json;

use crate::http::{CREDENTIALS, bytes, call, results};

const ACCOUNTS: &str = "/stalker_portal/api/accounts";

/// The demo with one fault at every request to `accounts`.
async fn failing(fault: Fault) -> Sandbox {
    let faults = Faults::seeded(1).rule(Rule::new(ACCOUNTS, fault));
    Sandbox::builder().faults(faults).start().await.unwrap()
}

/// Adds an account; how many come of it tells what was executed.
async fn add(sandbox: &Sandbox) -> String {
    let body = "login=added&password=s3cret";
    let answer = bytes(sandbox, "POST", ACCOUNTS, CREDENTIALS, body).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn added(sandbox: &Sandbox) -> usize {
    let state = sandbox.ministra().state();
    let users = state["users"].as_array().unwrap().iter();
    users.filter(|user| user["login"] == "added").count()
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
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            let whole = r#"{"status":"OK","results":true}"#;
            assert!(!body.is_empty() && body.len() < whole.len() && whole.starts_with(body));
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
    assert!(!answer.ends_with(r#"{"status":"OK","results":true}"#));
    assert_eq!(added(&sandbox), 1);
    assert_eq!(told(&sandbox), (vec!["garble"], Some(200), 1));
}

#[tokio::test]
async fn a_delay_is_before_the_execution_and_of_its_route_only() {
    let sandbox = failing(Fault::DelayMs(80)).await;
    let begun = Instant::now();
    results(&sandbox, "POST accounts", "login=added").await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
    assert_eq!(added(&sandbox), 1);
    assert_eq!(told(&sandbox), (vec!["delay_ms"], Some(200), 1));
    results(&sandbox, "GET tariffs", "").await;
    assert_eq!(told(&sandbox), (vec![], Some(200), 0));
}

/// A client that repeats what it got no answer to makes two.
#[tokio::test]
async fn the_journal_counts_what_a_client_did_twice() {
    let faults = Faults::seeded(1).rule(Rule::new("/stalker_portal", Fault::Drop).nth(1));
    let sandbox = Sandbox::builder().faults(faults).start().await.unwrap();
    let message = "/stalker_portal/api/stb_msg/00:1A:79:00:00:01";
    for _ in 0..2 {
        bytes(&sandbox, "POST", message, CREDENTIALS, "msg=twice").await;
    }
    let made: Vec<_> = sandbox
        .take_requests()
        .into_iter()
        .map(|request| json!([request.status, request.changes]))
        .collect();
    let event = |key: i64| json!([{"kind": "events", "done": "created", "keys": [key]}]);
    assert_eq!(made, [json!([null, event(1)]), json!([200, event(2)])]);
    assert_eq!(sandbox.ministra().inbox("00:1A:79:00:00:01").len(), 2);
    assert_eq!(call(&sandbox, "GET stb", "").await.status, 200);
}
