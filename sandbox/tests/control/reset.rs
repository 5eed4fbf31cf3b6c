//! Back to the start, to another seed, and further rows.

use serde_json::{Value, json};

use crate::demos;

#[tokio::test]
async fn everything_is_as_at_the_start() {
    for (sandbox, caller) in demos().await {
        let records = [
            "/records/ministra",
            "/records/tvip",
            "/tables/subscriber",
            "/tables/terminal",
            "/tables",
        ];
        let mut before = Vec::new();
        for path in records {
            before.push(caller.get(path).await);
        }
        // All of it is changed, on all platforms.
        let insert = json!({"into": "subscriber", "columns": ["username"], "values": ["new"], "returning": "id"});
        assert_eq!(
            caller.call("insert", insert.clone()).await["result"],
            json!([13])
        );
        caller.call("delete", json!({"from": "terminal"})).await;
        caller.ministra("DELETE stb/00:1A:79:00:00:01", "").await;
        caller
            .ministra("POST send_event/12345", "event=reboot")
            .await;
        let account = json!({"login": "new", "provider": 1});
        assert_eq!(caller.tvip("POST accounts", &account).await.status, 200);
        let plan = json!({"rules": [{"route": "/stalker_portal", "fault": "refuse"}]});
        caller.done("PUT /faults", &plan).await;
        caller
            .done("POST /clock/freeze", &json!({"at": "2020-01-01T00:00:00Z"}))
            .await;
        let refused = json!({"iptvportal": {"session_refused_with": "http403"}});
        caller.done("PATCH /behaviors", &refused).await;

        caller.done("POST /reset", &Value::Null).await;
        for (path, before) in records.iter().zip(before) {
            assert_eq!(caller.get(path).await, before, "{path}");
        }
        assert_eq!(caller.get("/requests").await, json!({"requests": []}));
        assert_eq!(caller.get("/faults").await, json!({"seed": 0, "rules": []}));
        assert_eq!(caller.get("/inboxes/ministra").await, json!({"events": []}));
        assert_eq!(caller.get("/inboxes/tvip").await, json!({"commands": []}));
        let clock = caller.get("/clock").await;
        assert!(clock["frozen"] == false && clock["now"].as_str().unwrap() > "2026");
        let behaviors = caller.get("/behaviors").await;
        assert_eq!(
            behaviors["iptvportal"]["session_refused_with"],
            "error_object"
        );
        // Who was logged in is so still, and numbers begin anew.
        assert_eq!(caller.call("insert", insert).await["result"], json!([13]));
        drop(sandbox);
    }
}

#[tokio::test]
async fn another_seed_takes_the_place_of_all_rows() {
    for (_sandbox, caller) in demos().await {
        caller.done("POST /reset", &json!({"seed": "empty"})).await;
        assert_eq!(caller.ids("subscriber").await, [0; 0]);
        assert_eq!(caller.ids("domain").await, [1]);
        assert_eq!(caller.get("/records/ministra").await["users"], json!([]));
        assert_eq!(caller.get("/records/tvip").await["accounts"], json!([]));

        caller
            .done("POST /reset", &json!({"seed": "generate:700"}))
            .await;
        assert_eq!(caller.ids("subscriber").await.len(), 700);

        // The first account of the Ministra documents, which the demo does not have.
        let is_there = async || {
            let users = caller.get("/records/ministra").await["users"].to_string();
            users.contains("\"1553\"") || users.contains(":1553")
        };
        assert!(!is_there().await);
        caller
            .done("POST /reset", &json!({"seed": "documents"}))
            .await;
        assert!(is_there().await);

        let rows = json!([{"into": "subscriber", "columns": ["id", "username"], "values": [[41, "ours"]]}]);
        let reset = json!({"seed": {"rows": rows},
            "ministra": {"users": [{"id": 1, "login": "one"}]},
            "tvip": {"administrator": {"provider": 3}, "providers": [{"id": 3, "provider_name": "ours", "enabled": true}]}});
        let answer = caller.control("POST /reset", &reset).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        assert_eq!(caller.ids("subscriber").await, [41]);
        assert_eq!(
            caller.get("/records/ministra").await["users"][0]["login"],
            "one"
        );
        assert_eq!(caller.get("/records/tvip").await["providers"][0]["id"], 3);
        let next = json!({"into": "subscriber", "columns": ["username"], "values": ["next"], "returning": "id"});
        assert_eq!(caller.call("insert", next).await["result"], json!([42]));
    }
}

/// A seed that is none leaves everything as it was.
#[tokio::test]
async fn a_wrong_seed_is_refused_and_changes_nothing() {
    for (_sandbox, caller) in demos().await {
        let wrong_row = json!([{"into": "subscriber", "columns": ["nmae"], "values": [["x"]]}]);
        for (reset, said) in [
            (json!({"seed": "/etc/passwd"}), "expected `demo`"),
            (json!({"seed": "generate:many"}), "whole number"),
            (json!({"sed": "demo"}), "unknown field `sed`"),
            (json!({"seed": {"rows": wrong_row}}), "\"nmae\""),
            (
                json!({"seed": {"accounts": [{"username": "a", "password": "b"}]}}),
                "only `rows`",
            ),
            (json!({"ministra": {"user": []}}), "unknown field `user`"),
            (json!({"tvip": {"accounts": 5}}), "accounts"),
        ] {
            let said_by = caller.control("POST /reset", &reset).await.refusal(400);
            assert!(said_by.contains(said), "{reset}: {said_by}");
            assert_eq!(caller.ids("subscriber").await.len(), 12, "{reset}");
            assert_eq!(
                caller.get("/records/tvip").await["accounts"]
                    .as_array()
                    .unwrap()
                    .len(),
                5
            );
        }
        let message = caller
            .send("POST /_sandbox/v1/reset", "", "{")
            .await
            .refusal(400);
        assert!(message.starts_with("the body: EOF"), "{message}");
    }
}

#[tokio::test]
async fn rows_are_added_on_all_platforms() {
    for (_sandbox, caller) in demos().await {
        let rows = json!({
            "iptvportal": [
                {"into": "package", "columns": ["name", "paid"], "values": [["opera", true], ["chess", true]]},
                {"into": "subscriber", "columns": ["username"], "values": [["added"]]}],
            "ministra": {"users": [{"id": 1, "login": "changed"}, {"id": 77, "login": "added"}]},
            "tvip": {"accounts": [{"id": 99, "login": "added", "provider": 1}]}});
        let answer = caller.control("POST /rows", &rows).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        let named = json!({"data": "name", "from": "package", "where": {"in": ["name", "opera", "chess"]}, "order_by": "id"});
        assert_eq!(
            caller.call("select", named).await["result"],
            json!(["opera", "chess"])
        );
        assert_eq!(caller.ids("subscriber").await.len(), 13);
        let users = caller.ministra("GET users/added", "").await;
        assert_eq!(users["results"]["login"], "added", "{users}");
        let users = caller.get("/records/ministra").await["users"]
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(users.iter().filter(|user| user["id"] == 1).count(), 1);
        let added = caller.tvip("GET accounts/99", &Value::Null).await;
        assert_eq!(added.json()["login"], "added");

        // All or none, with the thing by name.
        let wrong = json!({"iptvportal": [
            {"into": "package", "columns": ["name"], "values": [["not-kept"]]},
            {"into": "terminal", "columns": ["subscriber_id"], "values": [[12345]]}]});
        let message = caller.control("POST /rows", &wrong).await.refusal(400);
        assert!(message.contains("terminal_subscriber_id_fkey"), "{message}");
        let kept = json!({"data": "id", "from": "package", "where": {"eq": ["name", "not-kept"]}});
        assert_eq!(caller.call("select", kept).await["result"], json!([]));
        let wrong = json!({"tvip": {"accounts": [{"id": 5, "login": "x", "provider": 12345}]}});
        let message = caller.control("POST /rows", &wrong).await.refusal(400);
        assert!(message.contains("provider"), "{message}");
    }
}
