//! Copies of everything, and the way back.

use serde_json::{Value, json};

use crate::{demo, demos};

#[tokio::test]
async fn what_was_copied_comes_back_with_its_numbers_and_inboxes() {
    for (sandbox, caller) in demos().await {
        let insert = |login: &str| {
            json!({"into": "subscriber", "columns": ["username", "email"],
            "values": [login, "ß@example.net"], "returning": "id"})
        };
        assert_eq!(
            caller.call("insert", insert("before")).await["result"],
            json!([13])
        );
        caller
            .ministra("POST send_event/12345", "event=reboot")
            .await;
        caller.done("PUT /snapshots/ready", &Value::Null).await;
        let paths = [
            "/tables/subscriber",
            "/tables/terminal",
            "/tables/subscriber_package",
            "/tables",
            "/records/ministra",
            "/records/tvip",
            "/inboxes/ministra",
        ];
        let mut before = Vec::new();
        for path in paths {
            before.push(caller.get(path).await);
        }
        assert_eq!(before[6]["events"].as_array().unwrap().len(), 1);

        for _ in 0..2 {
            assert_eq!(
                caller.call("insert", insert("after")).await["result"],
                json!([14])
            );
            caller
                .call("delete", json!({"from": "subscriber_package"}))
                .await;
            caller.ministra("DELETE stb/00:1A:79:00:00:02", "").await;
            caller.done("DELETE /inboxes/ministra", &Value::Null).await;
            caller.tvip("DELETE accounts/1", &Value::Null).await;
            caller
                .done("POST /snapshots/ready/restore", &Value::Null)
                .await;
            for (path, before) in paths.iter().zip(&before) {
                assert_eq!(&caller.get(path).await, before, "{path}");
            }
        }
        assert_eq!(
            caller.get("/snapshots").await,
            json!({"snapshots": ["ready"]})
        );
        caller.done("DELETE /snapshots/ready", &Value::Null).await;
        let gone = caller
            .control("POST /snapshots/ready/restore", &Value::Null)
            .await;
        assert_eq!(gone.refusal(404), "no snapshot has the name `ready`");
        drop(sandbox);
    }
}

#[tokio::test]
async fn there_are_only_so_many() {
    let (_sandbox, caller) = demo().await;
    for number in 0..16 {
        caller
            .done(&format!("PUT /snapshots/s{number}"), &Value::Null)
            .await;
    }
    let refused = caller
        .control("PUT /snapshots/one-more", &Value::Null)
        .await;
    assert!(refused.refusal(409).contains("delete one first"));
    // One of the same name is replaced.
    caller.done("PUT /snapshots/s3", &Value::Null).await;
}
