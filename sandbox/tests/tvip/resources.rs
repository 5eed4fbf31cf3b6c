//! Each kind of entity: its fields, what it needs, what it refers to.

use serde_json::{Value, json};

use crate::{demo, with};

#[tokio::test]
async fn every_kind_has_its_fields() {
    let (_sandbox, client) = with(|u| u.field_set = jsonsql_sandbox::tvip::FieldSet::Newer).await;
    let cases = [
        (
            "/accounts/2",
            "id login remote_custom_field fullname pin_md5 contract_info main_address account_desc \
             provider provider_dto region_tag region_dto enabled devices_per_account_limit \
             last_online created updated",
        ),
        (
            "/account_subscriptions/1",
            "id account tarif start stop time_shift_depth tarif_dto account_dto",
        ),
        (
            "/devices/1",
            "id unique_id mac account provider ipaddr comment remote_custom_field last_fw_ver \
             operation_system udpxy_addr use_nat device_type first_online last_online ws_connected",
        ),
        (
            "/device_subscriptions/1",
            "id device tarif start stop time_shift_depth tarif_dto device_dto",
        ),
        ("/tarifs/1", "id tarif_name tarif_tag provider enabled"),
        ("/tarif_tags/1", "id name enabled provider position"),
        (
            "/channels/1",
            "id name text_name display_number logo_url enabled time_shift_depth favorites",
        ),
        (
            "/providers/1",
            "id provider_name provider_comment enabled logo_url region_tag devices_per_account_limit",
        ),
        ("/regions/1", "id name"),
        ("/account_network/1", "id account network description"),
        ("/device_types/1", "id device_type"),
        ("/favorite_group/1", "id name"),
    ];
    for (path, fields) in cases {
        let entity = client.get(path).await;
        let mut expected: Vec<&str> = fields.split_whitespace().collect();
        expected.sort_unstable();
        let mut found: Vec<&String> = entity.as_object().unwrap().keys().collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{path}");
        assert_eq!(client.get(&format!("{path}/")).await, entity);
    }
    assert!(client.get("/channels/1").await["display_number"].is_string());
    assert!(client.get("/accounts/1").await["created"].is_i64());
    assert!(client.get("/devices/1").await["last_online"].is_string());
}

#[tokio::test]
async fn every_writable_kind_is_created_changed_and_deleted() {
    let (_sandbox, client) = demo().await;
    let cases = [
        (
            "/accounts",
            json!({"login": "2001", "provider": 1}),
            json!({"fullname": "New"}),
        ),
        (
            "/account_subscriptions",
            json!({"account": 2, "tarif": 5, "start": "2025-01-01T00:00:00+0000"}),
            json!({"tarif": 4}),
        ),
        (
            "/devices",
            json!({"account": 2, "provider": 1, "unique_id": "10:27:be:ff:ff:01"}),
            json!({"account": null}),
        ),
        (
            "/device_subscriptions",
            json!({"device": 1, "tarif": 5, "start": "2025-01-01T00:00:00+0000"}),
            json!({"stop": "2026-01-01T00:00:00+0000"}),
        ),
        (
            "/tarifs",
            json!({"tarif_name": "New", "tarif_tag": 1}),
            json!({"enabled": false}),
        ),
        (
            "/tarif_tags",
            json!({"name": "New"}),
            json!({"position": 7}),
        ),
        (
            "/account_network",
            json!({"account": 1, "network": "10.1.2.3"}),
            json!({"description": "home"}),
        ),
        (
            "/device_types",
            json!({"device_type": "Fridge"}),
            json!({"device_type": "Oven"}),
        ),
    ];
    for (path, new, change) in cases {
        let created = client.post(path, new.clone()).await;
        for (field, value) in new.as_object().unwrap() {
            assert_eq!(&created[field], value, "{path} {field}");
        }
        let one = format!("{path}/{}", created["id"]);
        assert_eq!(client.get(&one).await, created, "{path}");

        let mut expected = created.clone();
        for (field, value) in change.as_object().unwrap() {
            expected[field] = value.clone();
        }
        let mut by_post = change.clone();
        by_post["id"] = created["id"].clone();
        assert_eq!(client.post(path, by_post).await, expected, "{path}");
        // By PUT back to what it was, the whole entity with its nulls and _dto.
        assert_eq!(client.put(&one, created.clone()).await, created, "{path}");

        assert_eq!(client.delete(&one).await, json!({"response": true}));
        assert_eq!(
            client.refused("GET", &one, Value::Null).await.0,
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_the_interface_only_reads_it_does_not_write() {
    let (_sandbox, client) = demo().await;
    for path in ["/channels", "/providers", "/regions", "/favorite_group"] {
        for (method, path) in [
            ("POST", path.to_owned()),
            ("PUT", format!("{path}/1")),
            ("DELETE", format!("{path}/1")),
        ] {
            let answer = client.send(method, &path, b"{}").await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.json()["error"], "Method Not Allowed");
        }
    }
}

#[tokio::test]
async fn what_is_required_is_named() {
    let (_sandbox, client) = demo().await;
    let cases = [
        ("/accounts", json!({"provider": 1}), "missing field `login`"),
        (
            "/account_subscriptions",
            json!({"account": 1, "tarif": 1}),
            "missing field `start`",
        ),
        (
            "/account_subscriptions",
            json!({"account": 1, "start": "2025-01-01T00:00:00+0000"}),
            "missing field `tarif`",
        ),
        (
            "/devices",
            json!({"account": 1}),
            "missing field `unique_id`",
        ),
        (
            "/account_network",
            json!({"account": 1}),
            "missing field `network`",
        ),
    ];
    for (path, body, cause) in cases {
        assert_eq!(
            client.refused("POST", path, body).await,
            (400, cause.to_owned())
        );
    }
    // The SDK's example and a client in production leave the provider out.
    let created = client.post("/accounts", json!({"login": "2002"})).await;
    assert_eq!(created["provider"], 1);
    assert_eq!(created["enabled"], true);
}

#[tokio::test]
async fn what_is_referred_to_has_to_be_there() {
    let (sandbox, client) = demo().await;
    let before = sandbox.tvip().state();
    let start = "2025-01-01T00:00:00+0000";
    let cases = [
        (
            "/accounts",
            json!({"login": "x", "provider": 9}),
            "provider: no provider has the id 9",
        ),
        (
            "/accounts",
            json!({"id": 1, "region_tag": 9}),
            "region_tag: no region has the id 9",
        ),
        (
            "/account_subscriptions",
            json!({"account": 9, "tarif": 1, "start": start}),
            "account: no account has the id 9",
        ),
        (
            "/account_subscriptions",
            json!({"account": 1, "tarif": 9, "start": start}),
            "tarif: no tarif has the id 9",
        ),
        (
            "/devices",
            json!({"id": 1, "account": 9}),
            "account: no account has the id 9",
        ),
        (
            "/devices",
            json!({"id": 1, "device_type": 9}),
            "device_type: no device type has the id 9",
        ),
        (
            "/device_subscriptions",
            json!({"id": 1, "device": 9}),
            "device: no device has the id 9",
        ),
    ];
    for (path, body, cause) in cases {
        assert_eq!(
            client.refused("POST", path, body).await,
            (400, cause.to_owned())
        );
    }
    for path in ["/tarifs/1", "/tarif_tags/1", "/device_types/1"] {
        let (status, cause) = client.refused("DELETE", path, Value::Null).await;
        assert_eq!(status, 400);
        assert!(cause.ends_with("is in use"), "{cause}");
    }
    assert_eq!(sandbox.tvip().state(), before);
}

#[tokio::test]
async fn a_devices_unique_id_is_its_own() {
    let (_sandbox, client) = demo().await;
    let body = json!({"unique_id": "10:27:be:00:00:01", "provider": 1});
    let (status, cause) = client.refused("POST", "/devices", body).await;
    assert_eq!(
        (status, cause.as_str()),
        (400, "\"10:27:be:00:00:01\" is another device's")
    );
}
