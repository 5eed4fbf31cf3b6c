//! The quirks of the protocol notes' section 6, each under its name.

use std::time::SystemTime;

use jsonsql_sandbox::tvip::{Action, DeleteOfGone, ErrorShape, FieldSet, PinMd5};
use serde_json::{Value, json};

use crate::{demo, with};

/// 1. Forgetting the `id` makes a second one, or is refused.
#[tokio::test]
async fn post_is_both_create_and_update() {
    let (_sandbox, client) = demo().await;
    let device = json!({"id": 1, "comment": "attic"});
    assert_eq!(
        client.post("/devices", device).await["unique_id"],
        "10:27:be:00:00:01"
    );
    let body = json!({"account": 2, "tarif": 2, "start": "2025-01-01T00:00:00+0300"});
    let second = client.post("/account_subscriptions", body).await;
    assert_eq!(
        client.ids("/account_subscriptions?account=2").await,
        [3, second["id"].as_i64().unwrap()]
    );
    let (status, _) = client
        .refused(
            "POST",
            "/accounts",
            json!({"login": "1002", "enabled": false}),
        )
        .await;
    assert_eq!(status, 400);
    // A null id is none, as the SDK sends it.
    let created = client
        .post("/accounts", json!({"id": null, "login": "2001"}))
        .await;
    assert_eq!(created["id"], 6);
    // Absent is kept.
    assert_eq!(
        client.post("/accounts", json!({"id": 1})).await["fullname"],
        "Anna Berg"
    );
}

/// 2. Offset without colon, GMT without offset, Unix; and integer stamps.
#[tokio::test]
async fn three_date_formats() {
    let (sandbox, client) = with(|behavior| behavior.field_set = FieldSet::Newer).await;
    for (given, answered) in [
        ("2020-05-19T00:00:00+0300", "2020-05-19T00:00:00+0300"),
        ("2020-05-19T00:00:00+03:00", "2020-05-19T00:00:00+0300"),
        ("2020-05-19T00:00:00Z", "2020-05-19T00:00:00+0000"),
        ("2020-05-19T00:00:00.123+0000", "2020-05-19T00:00:00+0000"),
    ] {
        let body = json!({"id": 1, "start": given});
        assert_eq!(
            client.post("/account_subscriptions", body).await["start"],
            answered
        );
    }
    for given in [
        json!("2020-05-19T00:00:00"),
        json!("2020-05-19"),
        json!(1_589_846_400),
    ] {
        let body = json!({"id": 1, "start": given});
        let (status, cause) = client.refused("POST", "/account_subscriptions", body).await;
        assert_eq!(status, 400);
        assert!(cause.starts_with("start: "), "{cause}");
    }

    let send = |post_time: Value, ttl: Value| json!({"ids": [1], "commands": [{"command": "reinit", "post_time": post_time, "ttl": ttl}]});
    client
        .post(
            "/commands/send/devices",
            send(json!("2025-12-31T12:00:00"), json!(32_503_680_000_i64)),
        )
        .await;
    let inbox = sandbox.tvip().inbox(1);
    let seconds = |time: Option<SystemTime>| {
        time.unwrap()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_secs()
    };
    assert_eq!(seconds(inbox[0].post_time), 1_767_182_400);
    assert_eq!(seconds(inbox[0].ttl), 32_503_680_000);
    for (post_time, ttl, cause) in [
        (
            json!("2025-12-31T12:00:00+0300"),
            json!(null),
            "post_time: ",
        ),
        (json!(1_767_182_400), json!(null), "post_time: "),
        (json!(null), json!("2025-12-31T12:00:00"), "ttl: "),
    ] {
        let body = send(post_time, ttl);
        let (status, found) = client.refused("POST", "/commands/send/devices", body).await;
        assert_eq!(status, 400);
        assert!(found.starts_with(cause), "{found}");
    }

    let account = client.get("/accounts/1").await;
    assert_eq!(account["created"], 1_672_560_000);
    let changed = client
        .post("/accounts", json!({"id": 1, "updated": 0, "created": 0}))
        .await;
    assert_eq!(changed["created"], account["created"]);
    assert!(changed["updated"].as_i64() > account["updated"].as_i64());
}

/// 3.
#[tokio::test]
async fn limit_0_means_all() {
    let (_sandbox, client) = with(|behavior| behavior.default_limit = Some(2)).await;
    assert_eq!(client.ids("/accounts?limit=0").await.len(), 5);
    assert_eq!(client.ids("/device_types?limit=-1").await.len(), 3);
    assert_eq!(client.ids("/accounts?limit=0&start=3").await, [4, 5]);
}

/// 4.
#[tokio::test]
async fn pin_md5_may_or_may_not_come_back() {
    let hash = "25d55ad283aa400af464c76d713c07ad";
    for (pin_md5, answered) in [(PinMd5::Null, json!(null)), (PinMd5::Echoed, json!(hash))] {
        let (sandbox, client) = with(|behavior| behavior.pin_md5 = pin_md5).await;
        assert_eq!(client.get("/accounts/1").await["pin_md5"], answered);
        assert_eq!(
            client.get("/accounts?login=1001").await["data"][0]["pin_md5"],
            answered
        );
        assert_eq!(sandbox.tvip().state()["accounts"][0]["pin_md5"], hash);
    }
}

/// 5.
#[tokio::test]
async fn optional_fields_grow_with_the_version() {
    let cases = [
        ("/accounts/1", &["created", "updated", "last_online"][..]),
        ("/account_subscriptions/1", &["time_shift_depth"]),
        ("/device_subscriptions/1", &["time_shift_depth"]),
        ("/devices/1", &["ws_connected"]),
        ("/channels/1", &["favorites"]),
    ];
    let (_documented, documented) =
        with(|behavior| behavior.field_set = FieldSet::Documented).await;
    let (_newer, newer) = demo().await;
    for (path, fields) in cases {
        for field in fields {
            assert_eq!(
                documented.get(path).await.get(field),
                None,
                "{path} {field}"
            );
            assert!(newer.get(path).await.get(field).is_some(), "{path} {field}");
        }
    }
    let body = json!({"id": 1, "time_shift_depth": 48});
    let changed = newer.post("/account_subscriptions", body).await;
    assert_eq!(changed["time_shift_depth"], 48);
    // A client of the newer version on a server of the older one.
    let body = json!({"unique_id": "10:27:be:ff:ff:01", "account": 1, "ws_connected": false});
    assert_eq!(
        documented.post("/devices", body).await.get("ws_connected"),
        None
    );
}

/// 6.
#[tokio::test]
async fn two_error_body_shapes() {
    let application =
        |body: &Value| body.get("statusCode").is_some() && body.get("cause").is_some();
    let framework = |body: &Value| body.get("status").is_some() && body.get("error").is_some();
    for (shape, of_rules, of_framework) in [
        (ErrorShape::ByOrigin, true, false),
        (ErrorShape::Application, true, true),
        (ErrorShape::Framework, false, false),
    ] {
        let (_sandbox, client) = with(|behavior| behavior.error_shape = shape).await;
        for (path, is_application) in [("/accounts/99", of_rules), ("/packages", of_framework)] {
            let answer = client.send("GET", path, b"").await;
            assert_eq!(answer.status, 404);
            let body = answer.json();
            assert_eq!(application(&body), is_application, "{shape:?} {path}");
            assert_eq!(framework(&body), !is_application, "{shape:?} {path}");
        }
    }
}

/// 7. Deleting the subscription with the tariff's id deletes a stranger's.
#[tokio::test]
async fn subscription_ids_and_tariff_ids_collide() {
    let (_sandbox, client) = demo().await;
    // Account 5 has the tariff 5 in its subscription 6.
    client.delete("/account_subscriptions/5").await;
    assert_eq!(client.ids("/account_subscriptions?account=5").await, [6]);
    assert!(
        client
            .ids("/account_subscriptions?account=4")
            .await
            .is_empty()
    );
}

/// 8. The rest of it is in `entitlement`.
#[tokio::test]
async fn device_subscriptions_shadow_account_subscriptions() {
    let (sandbox, client) = demo().await;
    let before = sandbox.tvip().channels(1, SystemTime::now()).unwrap();
    let body = json!({"device": 1, "tarif": 5, "start": "2020-01-01T00:00:00+0300"});
    client.post("/device_subscriptions", body).await;
    assert_eq!(
        sandbox.tvip().channels(1, SystemTime::now()).unwrap(),
        [11, 12]
    );
    // Only for this device.
    assert_eq!(
        sandbox.tvip().channels(2, SystemTime::now()).unwrap(),
        before
    );
}

/// 9.
#[tokio::test]
async fn a_disabled_account_is_not_without_a_picture() {
    let (sandbox, client) = demo().await;
    client
        .post("/accounts", json!({"id": 1, "enabled": false}))
        .await;
    assert_eq!(
        sandbox.tvip().channels(1, SystemTime::now()).unwrap(),
        [1, 2, 4]
    );
}

/// 10.
#[tokio::test]
async fn delete_of_something_gone() {
    for (gone, status) in [
        (DeleteOfGone::Http404, 404),
        (DeleteOfGone::Http403, 403),
        (DeleteOfGone::Http400, 400),
    ] {
        let (_sandbox, client) = with(|behavior| behavior.delete_of_gone = gone).await;
        client.delete("/accounts/1").await;
        assert_eq!(
            client.refused("DELETE", "/accounts/1", Value::Null).await.0,
            status
        );
        // What tells it from a refusal.
        assert_eq!(
            client.refused("GET", "/accounts/1", Value::Null).await.0,
            404
        );
    }
}

/// 11.
#[tokio::test]
async fn create_conflict_on_login_is_400() {
    let (_sandbox, client) = demo().await;
    let body = json!({"login": "1001", "provider": 1});
    let refused = client.refused("POST", "/accounts", body).await;
    assert_eq!(refused, (400, "\"1001\" is another account's".to_owned()));
    assert_eq!(client.ids("/accounts?login=1001&provider=1").await, [1]);
    // A change may conflict too, and may keep its own.
    let body = json!({"id": 2, "login": "1001"});
    assert_eq!(client.refused("POST", "/accounts", body).await.0, 400);
    client
        .post("/accounts", json!({"id": 1, "login": "1001"}))
        .await;
}

/// 12.
#[tokio::test]
async fn a_command_result_says_nothing_about_delivery() {
    let (sandbox, client) = demo().await;
    let body = json!({"ids": [2, 99], "commands": [{"command": "reinit"}]});
    assert_eq!(
        client.post("/commands/send/devices", body).await,
        json!({"response": true})
    );
    let sent = sandbox.tvip().sent();
    assert!(sent[0].reached.is_empty());
    assert_eq!(sent[0].missed, [2]);
    assert_eq!(sent[0].ids, [2, 99]);
}

/// 13.
#[tokio::test]
async fn login_is_unique_only_within_a_provider() {
    let (_sandbox, client) = demo().await;
    let created = client
        .post("/accounts", json!({"login": "1002", "provider": 2}))
        .await;
    assert_eq!(
        client.ids("/accounts?login=1002").await,
        [2, created["id"].as_i64().unwrap()]
    );
    let body = json!({"id": created["id"], "provider": 1});
    assert_eq!(client.refused("POST", "/accounts", body).await.0, 400);
}

/// Section 1.3: 1 and 0, numbers as texts, an empty text to clear.
#[tokio::test]
async fn scalars_are_taken_as_clients_spell_them() {
    let (_sandbox, client) = demo().await;
    for (given, enabled) in [(json!(0), false), (json!(1), true), (json!("false"), false)] {
        let changed = client.put("/accounts/1", json!({"enabled": given})).await;
        assert_eq!(changed["enabled"], enabled);
    }
    let changed = client
        .post("/accounts", json!({"id": "1", "region_tag": "2"}))
        .await;
    assert_eq!(
        (&changed["id"], &changed["region_tag"]),
        (&json!(1), &json!(2))
    );
    let limit = |given: Value| json!({"id": 1, "devices_per_account_limit": given});
    let field = "devices_per_account_limit";
    assert_eq!(client.post("/accounts", limit(json!("5"))).await[field], 5);
    assert_eq!(
        client.post("/accounts", limit(json!(""))).await[field],
        Value::Null
    );
    // By the type of the field: numbers, flags and times alike.
    let blank = json!({"login": "blank", "provider": "", "region_tag": "", "enabled": "",
        "devices_per_account_limit": "", "fullname": ""});
    let created = client.post("/accounts", blank).await;
    assert_eq!(
        (&created["provider"], &created["enabled"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(
        (&created["region_tag"], &created["fullname"]),
        (&Value::Null, &json!(""))
    );
    let kept = json!({"id": created["id"], "provider": "", "enabled": ""});
    assert_eq!(client.post("/accounts", kept).await["provider"], 1);
    let device =
        json!({"id": "", "unique_id": "blank", "provider": "", "account": "", "use_nat": ""});
    let created = client.post("/devices", device).await;
    assert_eq!(
        (&created["account"], &created["use_nat"]),
        (&Value::Null, &json!(false))
    );
    let stopped = json!({"id": 1, "stop": "", "time_shift_depth": ""});
    assert_eq!(
        client.post("/account_subscriptions", stopped).await["stop"],
        Value::Null
    );
}

/// The same in commands: what a type takes, it takes in every field.
#[tokio::test]
async fn scalars_of_commands_are_taken_as_those_of_entities() {
    let (sandbox, client) = demo().await;
    let body = json!({"ids": ["1"], "commands": [
        {"command": "user_message", "type": "notify", "text": "Pay", "delay": "15",
         "use_as_push": "1", "ttl": "32503680000", "post_time": ""},
        {"command": "switch_to_channel", "channel": "3", "delay": "", "use_as_push": "", "ttl": ""},
    ]});
    client.post("/commands/send/devices", body).await;
    let inbox = sandbox.tvip().inbox(1);
    let Action::Message(message) = &inbox[0].action else {
        panic!("{inbox:?}");
    };
    assert_eq!((message.delay, message.use_as_push), (Some(15), true));
    assert!(inbox[0].ttl.is_some() && inbox[0].post_time.is_none());
    assert_eq!(inbox[1].action, Action::SwitchToChannel(3));
    assert_eq!(inbox[1].ttl, None);
    for ids in [json!(["x"]), json!([1.5]), json!([null]), json!("1")] {
        let body = json!({"ids": ids, "commands": []});
        let (status, cause) = client.refused("POST", "/commands/send/devices", body).await;
        assert_eq!(status, 400);
        assert!(cause.starts_with("ids"), "{cause}");
    }
}
