//! The journal says which records a write touched, and nothing of what is in
//! them.

use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::demo;
use crate::http::Client;

/// What the last request did.
fn done(sandbox: &Sandbox) -> Value {
    json!(sandbox.take_requests().pop().unwrap().changes)
}

#[tokio::test]
async fn writes_are_told_by_kind_key_and_fields() {
    let (sandbox, client) = demo().await;
    client.post("/accounts", json!({"login": "2001"})).await;
    let created = json!([{"kind": "accounts", "done": "created", "keys": [6]}]);
    assert_eq!(done(&sandbox), created);

    let body = json!({"enabled": false, "pin_md5": "s3cret", "login": "1002"});
    client.put("/accounts/2", body).await;
    // The login is what it was; `updated` is the server's.
    let fields = json!({"changed": ["enabled", "pin_md5", "updated"]});
    let changed = json!([{"kind": "accounts", "done": fields, "keys": [2]}]);
    assert_eq!(done(&sandbox), changed);

    client.delete("/accounts/4").await;
    // With what cannot be without it.
    let mut deleted = done(&sandbox);
    let deleted = deleted.as_array_mut().unwrap();
    deleted.sort_by_key(|change| change["kind"].to_string());
    let gone = |kind: &str, key: i64| json!({"kind": kind, "done": "deleted", "keys": [key]});
    assert_eq!(
        *deleted,
        [
            gone("account_network", 1),
            gone("account_subscriptions", 5),
            gone("accounts", 4),
            gone("device_subscriptions", 1),
            gone("devices", 5),
        ]
    );
}

#[tokio::test]
async fn what_changes_nothing_is_told_so() {
    let (sandbox, client) = demo().await;
    client.get("/accounts").await;
    assert_eq!(done(&sandbox), json!([]));
    client
        .refused("POST", "/accounts", json!({"login": "1001"}))
        .await;
    assert_eq!(done(&sandbox), json!([]));
    client.refused("DELETE", "/accounts/99", json!(null)).await;
    assert_eq!(done(&sandbox), json!([]));
}

#[tokio::test]
async fn no_secret_is_in_the_journal() {
    let file = std::env::temp_dir().join(format!("tvip-journal-{}.jsonl", std::process::id()));
    let sandbox = Sandbox::builder().journal(&file).start().await.unwrap();
    let client = Client::new(&sandbox);
    let message = json!({"command": "user_message", "type": "notify", "text": "s3cret"});
    client
        .post(
            "/accounts",
            json!({"login": "2001", "pin_md5": "s3cret", "fullname": "s3cret"}),
        )
        .await;
    client
        .put("/accounts/1", json!({"pin_md5": "s3cret"}))
        .await;
    client
        .post(
            "/commands/send/devices",
            json!({"ids": [1], "commands": [message]}),
        )
        .await;
    client.get("/accounts?quick_search=s3cret").await;
    let requests = format!("{:?}", sandbox.take_requests());
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(written.lines().count(), 4);
    // The second is the administrator's password, as the header has it.
    for secret in ["s3cret", "YWRtaW46YWRtaW5wYXNzd29yZA", "adminpassword"] {
        assert!(!written.contains(secret), "{written}");
        assert!(!requests.contains(secret), "{requests}");
    }
}
