//! The journal counts what was executed and repeats nothing it was told.

use jsonsql_sandbox::{Answered, Sandbox};
use serde_json::{Value, json};

use crate::demo;
use crate::http::Client;

#[tokio::test]
async fn every_statement_is_recorded_without_its_values() {
    let (sandbox, client) = demo().await;
    let planted = json!({"into": "subscriber", "columns": ["username", "password"],
        "values": [["s3cret-login", 77_345_009]], "returning": "id"});
    client.result("insert", planted.clone()).await;
    client.error("insert", planted).await;
    client
        .error("delete", json!({"from": "s3cret-table"}))
        .await;
    client
        .result(
            "delete",
            json!({"from": "subscriber_inetaddr", "where": {"lt": ["id", 3]}}),
        )
        .await;
    let journal = sandbox.take_journal();
    let told: Vec<_> = journal
        .iter()
        .map(|entry| {
            (
                entry.method,
                entry.sql.as_deref(),
                entry.changed,
                entry.answer,
            )
        })
        .collect();
    let insert = "INSERT INTO subscriber (username, password) VALUES (?, ?) RETURNING id";
    let delete = "DELETE FROM subscriber_inetaddr WHERE id < ?";
    assert_eq!(
        told,
        [
            (Some("insert"), Some(insert), 1, Answered::Result),
            (Some("insert"), Some(insert), 0, Answered::Error),
            (Some("delete"), None, 0, Answered::Error),
            (Some("delete"), Some(delete), 2, Answered::Result),
        ]
    );
    let everything = format!("{journal:?}");
    assert!(!everything.contains("s3cret") && !everything.contains("77345009"));
    assert_eq!(sandbox.take_journal(), []);
}

#[tokio::test]
async fn the_file_has_a_line_for_every_request_and_no_secret() {
    let file = std::env::temp_dir().join(format!("jsonsql-journal-{}.jsonl", std::process::id()));
    let sandbox = Sandbox::builder().journal(&file).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let insert = json!({"into": "subscriber", "columns": ["username", "password"],
        "values": ["s3cret-login", "s3cret-password"], "returning": "password"});
    client.result("insert", insert).await;
    crate::http::post(sandbox.address(), "/nowhere?key=s3cret", "", b"").await;
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let call = json!({"method": "insert", "rows": 1, "changed": 1, "answer": "result",
        "sql": "INSERT INTO subscriber (username, password) VALUES (?, ?) RETURNING password"});
    assert_eq!(
        lines,
        [
            json!({"number": 1, "verb": "POST", "path": "/api/jsonrpc/", "calls": [], "status": 200, "faults": []}),
            json!({"number": 2, "verb": "POST", "path": "/api/jsonsql/", "calls": [call], "status": 200, "faults": []}),
            json!({"number": 3, "verb": "POST", "path": "/nowhere", "calls": [], "status": 404, "faults": []}),
        ]
    );
    let session = client.header();
    let session = session.trim().rsplit('=').next().unwrap();
    assert!(
        !written.contains("s3cret")
            && !written.contains("adminpassword")
            && !written.contains(session)
    );
    assert_eq!(sandbox.take_requests().len(), 3);
}
