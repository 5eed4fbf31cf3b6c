//! What cannot be understood is refused in a documented shape, changes nothing,
//! and the server goes on.

use serde_json::{Value, json};

use crate::http::request;
use crate::{demo, with};
use jsonsql_sandbox::tvip::NotKnownName;

/// The framework's shape, with the parts a client may rely on.
fn framework(body: &Value, status: u16, error: &str, path: &str) {
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["error"], error);
    assert_eq!(body["path"], path);
    assert!(body["message"].is_string());
    assert_eq!(body.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let (sandbox, client) = demo().await;
    let before = sandbox.tvip().state();
    let deep = "[".repeat(100_000);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"login\":}",
        "login=x",
        "\u{0}",
        &deep,
    ] {
        for (method, path) in [
            ("POST", "/accounts"),
            ("PUT", "/accounts/1"),
            ("POST", "/commands/send/devices"),
        ] {
            let answer = client.send(method, path, body.as_bytes()).await;
            assert_eq!(answer.status, 400);
            framework(
                &answer.json(),
                400,
                "Bad Request",
                &format!("/api/provider{path}"),
            );
        }
    }
    let answer = client
        .send("POST", "/accounts", b"{\"login\": \"\xff\"}")
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(sandbox.tvip().state(), before);
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    let (sandbox, client) = demo().await;
    let before = sandbox.tvip().state();
    let cases = [
        (json!({"id": 1, "login": 7}), "login: "),
        (json!({"id": 1, "login": null}), "login: "),
        (json!({"id": 1, "enabled": "perhaps"}), "enabled: "),
        (json!({"id": 1, "enabled": null}), "enabled: "),
        (json!({"id": 1, "enabled": 2}), "enabled: "),
        (json!({"id": 1, "provider": [1]}), "provider: "),
        (json!({"id": 1, "provider": 1.5}), "provider: "),
        (
            json!({"id": 1, "devices_per_account_limit": "many"}),
            "devices_per_account_limit: ",
        ),
        (json!({"id": "one"}), "id: "),
        (json!({"id": 1.5}), "id: "),
        (json!({"id": 1e300}), "id: "),
    ];
    for (body, cause) in cases {
        let (status, found) = client.refused("POST", "/accounts", body).await;
        assert_eq!(status, 400);
        assert!(found.starts_with(cause), "{found}");
    }
    assert_eq!(sandbox.tvip().state(), before);
}

#[tokio::test]
async fn an_unknown_field_is_ignored_or_refused() {
    let (_sandbox, client) = demo().await;
    // The documents' prose says `enable`: without effect.
    let account = client
        .post("/accounts", json!({"id": 1, "enable": false}))
        .await;
    assert_eq!(account["enabled"], true);

    let (sandbox, client) = with(|u| u.not_known_name = NotKnownName::Refused).await;
    let body = json!({"id": 1, "enable": false});
    let refused = client.refused("POST", "/accounts", body).await;
    assert_eq!(
        refused,
        (400, "accounts have no field \"enable\"".to_owned())
    );
    // What only the administrator's panel sets is not a field of the interface.
    let body = json!({"id": 1, "channel_tags": ["cinema"]});
    assert_eq!(client.refused("POST", "/tarifs", body).await.0, 400);
    for body in [
        json!({"ids": [1], "commands": [{"command": "dance"}]}),
        json!({"ids": [1], "commands": [{"command": "restart", "post-time": "x"}]}),
        json!({"ids": [1], "commands": [], "broadcast": true}),
    ] {
        assert_eq!(
            client
                .refused("POST", "/commands/send/devices", body)
                .await
                .0,
            400
        );
    }
    assert!(sandbox.tvip().sent().is_empty());
}

#[tokio::test]
async fn an_unknown_id_is_not_found() {
    let (_sandbox, client) = demo().await;
    let absent = (404, "no account has the id 99".to_owned());
    let path = "/accounts/99";
    assert_eq!(client.refused("GET", path, Value::Null).await, absent);
    assert_eq!(
        client.refused("PUT", path, json!({"enabled": true})).await,
        absent
    );
    assert_eq!(client.refused("DELETE", path, Value::Null).await, absent);
    assert_eq!(
        client.refused("POST", "/accounts", json!({"id": 99})).await,
        absent
    );
    let answer = client.send("GET", "/accounts/first", b"").await;
    framework(
        &answer.json(),
        400,
        "Bad Request",
        "/api/provider/accounts/first",
    );
    let answer = client.send("GET", "/accounts/%ff", b"").await;
    framework(
        &answer.json(),
        400,
        "Bad Request",
        "/api/provider/accounts/%ff",
    );
    let body = json!({"id": 2, "enabled": false});
    assert_eq!(client.refused("PUT", "/accounts/1", body).await.0, 400);
}

#[tokio::test]
async fn an_unknown_path_or_method_is_refused() {
    let (_sandbox, client) = demo().await;
    for path in ["", "/packages", "/accounts/1/devices"] {
        let answer = client.send("GET", path, b"").await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["error"], "Not Found");
    }
    let answer = client.send("DELETE", "/accounts", b"").await;
    framework(
        &answer.json(),
        405,
        "Method Not Allowed",
        "/api/provider/accounts",
    );
}

#[tokio::test]
async fn wrong_credentials_are_refused_before_anything_else() {
    let (sandbox, _) = demo().await;
    let before = sandbox.tvip().state();
    for header in [
        "",
        "Authorization: Bearer YWRtaW46YWRtaW5wYXNzd29yZA==\r\n",
        "Authorization: Basic !\r\n",
        // admin:wrong
        "Authorization: Basic YWRtaW46d3Jvbmc=\r\n",
    ] {
        for (method, path) in [
            ("GET", "/api/provider/accounts"),
            ("DELETE", "/api/provider/accounts/1"),
            ("GET", "/api/provider/no/such/path"),
            ("PATCH", "/api/provider/accounts"),
        ] {
            let answer = request(sandbox.address(), method, path, header, b"").await;
            assert_eq!(answer.status, 401);
            framework(&answer.json(), 401, "Unauthorized", path);
            assert!(answer.head.contains("www-authenticate: basic realm="));
        }
    }
    assert_eq!(sandbox.tvip().state(), before);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_the_server_goes_on() {
    let (_sandbox, client) = demo().await;
    let text = "x".repeat(1 << 20);
    let whole = json!({"login": "x", "fullname": text}).to_string();
    // One byte too many, so that the server reads all there is.
    let answer = client
        .send("POST", "/accounts", &whole.as_bytes()[..=1 << 20])
        .await;
    framework(
        &answer.json(),
        413,
        "Payload Too Large",
        "/api/provider/accounts",
    );
    assert_eq!(client.ids("/accounts").await.len(), 5);
    // Half of it is none of the server's business.
    let body = json!({"login": "x", "fullname": "x".repeat(1 << 19)});
    client.post("/accounts", body).await;
}

/// Of many clients that create the same login at once one succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rule_holds_between_clients() {
    let (sandbox, client) = demo().await;
    let client = std::sync::Arc::new(client);
    let calls: Vec<_> = (0..64)
        .map(|n: u32| {
            let client = std::sync::Arc::clone(&client);
            let body = json!({"login": format!("new-{}", n % 4)}).to_string();
            tokio::spawn(async move {
                client
                    .send("POST", "/accounts", body.as_bytes())
                    .await
                    .status
            })
        })
        .collect();
    let mut created = 0;
    for call in calls {
        match call.await.unwrap() {
            200 => created += 1,
            status => assert_eq!(status, 400),
        }
    }
    assert_eq!(created, 4);
    assert_eq!(
        sandbox.tvip().state()["accounts"].as_array().unwrap().len(),
        9
    );
}
