//! The journal counts what was executed and repeats nothing it was told.

use jsonsql_sandbox::Answered;
use serde_json::json;

use crate::demo;

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
