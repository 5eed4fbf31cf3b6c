//! First tries: a login at the wrong address, a path that is not there, and
//! whether the sandbox is up.

use jsonsql_sandbox::{Sandbox, ServerBehavior};
use serde_json::{Value, json};

use crate::cluster;
use crate::http::{post, rest};

#[tokio::test]
async fn a_login_at_the_wrong_address_is_told_the_right_one() {
    let mut behavior = ServerBehavior::default();
    for refusal in [
        jsonsql_sandbox::Refusal::ErrorObject,
        jsonsql_sandbox::Refusal::Http401,
    ] {
        behavior.session_refused_with = refusal;
        let sandbox = Sandbox::builder().behavior(behavior).start().await.unwrap();
        let login = json!({"jsonrpc": "2.0", "id": 5, "method": "authorize_user",
            "params": {"username": "admin", "password": "adminpassword"}});
        for path in ["/api/jsonsql/", "/jsonsql", "/", "/api/", "/jsonrpc/login"] {
            let answer = post(sandbox.address(), path, "", login.to_string().as_bytes()).await;
            let hint = "authorize_user goes to /api/jsonrpc/";
            assert!(answer.body.contains(hint), "{path}: {}", answer.body);
            assert!(!answer.body.contains("adminpassword"));
            if let Ok(answer) = serde_json::from_str::<Value>(&answer.body) {
                assert_eq!(answer["id"], 5);
            }
        }
        let lost = post(sandbox.address(), "/nowhere", "", b"{}").await;
        assert_eq!(lost.status, 404);
        assert!(lost.body.contains("/api/jsonrpc/") && lost.body.contains("/api/provider"));
    }
}

#[tokio::test]
async fn health_says_whether_the_database_answers() {
    let mut builders = vec![Sandbox::builder()];
    let url = cluster::database().await;
    builders.extend(url.as_ref().map(|url| Sandbox::builder().database(url)));
    for builder in builders {
        let sandbox = builder.start().await.unwrap();
        let (status, body) = rest(sandbox.address(), "GET", "/health", "").await.unwrap();
        assert_eq!((status, &*body), (200, r#"{"status":"ok"}"#));
        assert_eq!(sandbox.take_requests(), [], "it is no vendor's");
    }
    let Some(url) = url else { return };
    // Renamed, it is lost to whoever connects anew.
    let sandbox = Sandbox::builder().database(&url).start().await.unwrap();
    let (server, name) = url.rsplit_once('/').unwrap();
    let (owner, _connection) = cluster::connect(&format!("{server}/postgres")).await;
    let end = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'; "
    );
    owner.batch_execute(&end).await.unwrap();
    let rename = format!("ALTER DATABASE {name} RENAME TO {name}_lost");
    while owner.batch_execute(&rename).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (status, body) = rest(sandbox.address(), "GET", "/health", "").await.unwrap();
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("does not exist"), "{body}");
}
