//! Requests that come between what another one checks and writes.

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraVersion, Requests};
use serde_json::{Value, json};

use crate::configured;
use crate::http::call;

async fn with(requests: Requests) -> Sandbox {
    let mut options = MinistraOptions::new(MinistraVersion::V4_9);
    options.requests = requests;
    configured(options).await
}

/// Two requests at the same moment, and what they are answered.
async fn both(sandbox: &Sandbox, request: &str, one: &str, other: &str) -> [Value; 2] {
    let (one, other) = tokio::join!(call(sandbox, request, one), call(sandbox, request, other));
    [one.json(), other.json()]
}

fn rows(sandbox: &Sandbox, column: &str, value: &str) -> usize {
    let state = sandbox.ministra().state();
    let users = state["users"].as_array().unwrap().iter();
    users.filter(|user| user[column] == value).count()
}

#[tokio::test]
async fn interleaved_requests_make_twins_and_both_are_true() {
    let sandbox = with(Requests::Interleaved).await;
    let body = "login=twin&stb_mac=00:1A:79:00:77:01";
    for answer in both(&sandbox, "POST accounts", body, body).await {
        assert_eq!(answer, json!({"status": "OK", "results": true}));
    }
    assert_eq!(
        (
            rows(&sandbox, "login", "twin"),
            rows(&sandbox, "mac", "00:1A:79:00:77:01")
        ),
        (2, 2)
    );
    let body = "mac=00:1A:79:00:77:02";
    for answer in both(&sandbox, "POST stb", body, body).await {
        assert_eq!(answer["status"], "OK");
    }
    assert_eq!(rows(&sandbox, "mac", "00:1A:79:00:77:02"), 2);
    // A write by the shared login hits both.
    assert_eq!(
        call(&sandbox, "PUT users/TWIN", "phone=5").await.json()["results"],
        true
    );
    assert_eq!(rows(&sandbox, "phone", "5"), 2);
    // One after the other, the login is taken.
    let late = call(&sandbox, "POST accounts", "login=twin").await.json();
    assert_eq!(late["error"], "Login already in use");
}

#[tokio::test]
async fn one_after_another_the_second_is_refused() {
    let sandbox = with(Requests::OneAfterAnother).await;
    let answers = both(&sandbox, "POST accounts", "login=twin", "login=twin").await;
    let refused = answers
        .iter()
        .filter(|answer| answer["error"] == "Login already in use");
    assert_eq!((refused.count(), rows(&sandbox, "login", "twin")), (1, 1));
}
