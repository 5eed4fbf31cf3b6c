//! The journal says which records a write touched, and nothing of what is in
//! them.

use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::http::{call, error, results};

/// What the last request did.
fn done(sandbox: &Sandbox) -> Value {
    json!(sandbox.take_requests().pop().unwrap().changes)
}

#[tokio::test]
async fn writes_are_told_by_kind_key_and_fields() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    results(&sandbox, "POST accounts", "login=new&account_number=n1").await;
    let created = json!([{"kind": "users", "done": "created", "keys": [10]}]);
    assert_eq!(done(&sandbox), created);

    results(&sandbox, "PUT accounts/n1", "status=0&phone=5&login=new").await;
    // The login is what it was; the box is told that it is switched off.
    let changed = json!([
        {"kind": "users", "done": {"changed": ["phone", "status"]}, "keys": [10]},
        {"kind": "events", "done": "created", "keys": [1]}
    ]);
    assert_eq!(done(&sandbox), changed);

    results(&sandbox, "PUT itv_subscription/n1", "sub_ch[]=3").await;
    let channels = json!([{"kind": "channel_subscriptions", "done": "created", "keys": [2]}]);
    assert_eq!(done(&sandbox), channels);

    results(&sandbox, "PUT itv_subscription", "additional_services_on=0").await;
    let all = done(&sandbox);
    assert_eq!(
        all[0]["done"],
        json!({"changed": ["additional_services_on"]})
    );
    assert_eq!(all[0]["keys"], json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));

    results(&sandbox, "DELETE accounts/n1", "").await;
    // With what was waiting for the box.
    let deleted = json!([
        {"kind": "users", "done": "deleted", "keys": [10]},
        {"kind": "events", "done": "deleted", "keys": [1]}
    ]);
    assert_eq!(done(&sandbox), deleted);
}

#[tokio::test]
async fn what_changes_nothing_is_told_so() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    results(&sandbox, "GET accounts", "").await;
    assert_eq!(done(&sandbox), json!([]));
    error(&sandbox, "PUT accounts/nobody", "login=x").await;
    assert_eq!(done(&sandbox), json!([]));
    error(&sandbox, "POST accounts", "login=").await;
    assert_eq!(done(&sandbox), json!([]));
}

/// The empty plan makes the write fail, after the status was written.
#[tokio::test]
async fn what_fails_half_way_is_told_as_far_as_it_went() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    results(&sandbox, "POST accounts", "login=new&account_number=n1").await;
    error(&sandbox, "PUT accounts/n1", "status=0&tariff_plan=&phone=5").await;
    assert_eq!(done(&sandbox)[0]["done"], json!({"changed": ["status"]}));
}

#[tokio::test]
async fn no_secret_is_in_the_journal() {
    let file = std::env::temp_dir().join(format!("ministra-journal-{}.jsonl", std::process::id()));
    let sandbox = Sandbox::builder().journal(&file).start().await.unwrap();
    for (request, body) in [
        (
            "POST accounts",
            "login=new&password=s3cret&account_number=n1&full_name=s3cret",
        ),
        (
            "PUT accounts/n1",
            "password=s3cret&comment=s3cret&phone=s3cret",
        ),
        ("POST stb", "mac=00:1A:79:AA:BB:CC&password=s3cret&login=x"),
        ("POST stb_msg/n1", "msg=s3cret"),
        ("GET accounts/n1?password=s3cret", ""),
    ] {
        assert_eq!(call(&sandbox, request, body).await.status, 200);
    }
    let requests = format!("{:?}", sandbox.take_requests());
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(written.lines().count(), 5);
    // The second is the password of the API, as the header has it.
    for secret in ["s3cret", "c3RhbGtlcjpzZWNyZXRfcGFzcw", "secret_pass"] {
        assert!(!written.contains(secret), "{written}");
        assert!(!requests.contains(secret), "{requests}");
    }
}
