//! What was sent to the boxes.

use serde_json::{Value, json};

use crate::demo;

#[tokio::test]
async fn events_of_the_ministra_are_seen_and_taken() {
    let (_sandbox, caller) = demo().await;
    let users = caller.get("/records/ministra").await["users"].clone();
    let (first, second) = (&users[0], &users[3]);
    caller
        .ministra("POST send_event/12345", "event=reboot")
        .await;
    caller.ministra("POST stb_msg/12347", "msg=hello").await;
    let all = caller.get("/inboxes/ministra").await;
    let events: Vec<&Value> = all["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["event"])
        .collect();
    assert_eq!(events, ["reboot", "send_msg"]);
    let mac = first["mac"].as_str().unwrap();
    let of_first = caller.get(&format!("/inboxes/ministra?box={mac}")).await;
    assert_eq!(of_first["events"].as_array().unwrap().len(), 1);
    let login = second["login"].as_str().unwrap();
    let of_second = caller.get(&format!("/inboxes/ministra?box={login}")).await;
    assert_eq!(of_second["events"][0]["msg"], "hello");
    caller.done("DELETE /inboxes/ministra", &Value::Null).await;
    assert_eq!(caller.get("/inboxes/ministra").await, json!({"events": []}));
    let wrong = caller
        .control("GET /inboxes/ministra?mac=x", &Value::Null)
        .await;
    assert_eq!(wrong.refusal(400), "unknown parameter `mac`; expected box");
}

#[tokio::test]
async fn commands_of_tvip_are_seen_at_their_time() {
    let (_sandbox, caller) = demo().await;
    let device = caller.get("/records/tvip").await["devices"][0]["id"]
        .as_i64()
        .unwrap();
    caller
        .done(
            &format!("PUT /inboxes/tvip/{device}/connection"),
            &Value::Null,
        )
        .await;
    caller
        .done("POST /clock/freeze", &json!({"at": "2030-01-01T00:00:00Z"}))
        .await;
    let order = json!({"ids": [device], "commands": [{"command": "restart", "post_time": "2030-01-01T01:00:00"}]});
    let sent = caller.tvip("POST commands/send/devices", &order).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    let all = caller.get("/inboxes/tvip").await;
    assert_eq!(all["commands"][0]["reached"], json!([device]), "{all}");
    let inbox = format!("/inboxes/tvip?device={device}");
    assert_eq!(caller.get(&inbox).await, json!({"commands": []}));
    let later = caller
        .get(&format!("{inbox}&at=2030-01-01T01:00:00Z"))
        .await;
    assert_eq!(later["commands"].as_array().unwrap().len(), 1);
    // An hour passes at once.
    caller
        .done("POST /clock/advance", &json!({"seconds": 3600}))
        .await;
    assert_eq!(caller.get(&inbox).await, later);
    // Who is not connected misses what comes.
    caller
        .done(
            &format!("DELETE /inboxes/tvip/{device}/connection"),
            &Value::Null,
        )
        .await;
    caller.tvip("POST commands/send/devices", &order).await;
    let missed = caller.get("/inboxes/tvip").await["commands"][1]["missed"].clone();
    assert_eq!(missed, json!([device]));
    caller.done("DELETE /inboxes/tvip", &Value::Null).await;
    assert_eq!(caller.get("/inboxes/tvip").await, json!({"commands": []}));
    let wrong = caller
        .control("GET /inboxes/tvip?device=first", &Value::Null)
        .await;
    assert_eq!(wrong.refusal(400), "device: `first` is not an id");
    let none = caller
        .control("PUT /inboxes/tvip/12345/connection", &Value::Null)
        .await;
    assert_eq!(none.refusal(404), "no TVIP device has the id 12345");
}
