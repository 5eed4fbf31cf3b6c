//! Logging in, and what happens without.

use jsonsql_sandbox::{Refusal, Sandbox, ServerBehavior, SessionsPerUser};
use serde_json::{Value, json};

use crate::demo;
use crate::http::{Client, post};

fn login(username: &str, password: &str) -> Vec<u8> {
    let params = json!({"username": username, "password": password});
    json!({"jsonrpc": "2.0", "id": 5, "method": "authorize_user", "params": params})
        .to_string()
        .into_bytes()
}

const SELECT: &[u8] =
    br#"{"jsonrpc":"2.0","id":9,"method":"select","params":{"data":"id","from":"domain"}}"#;

#[tokio::test]
async fn the_right_password_opens_a_session_at_every_address() {
    let (sandbox, _) = demo().await;
    for (rpc, sql) in [
        ("/api/jsonrpc/", "/api/jsonsql/"),
        ("/api/jsonrpc", "/api/jsonsql"),
        ("/jsonrpc/", "/jsonsql/"),
        ("/jsonrpc", "/jsonsql"),
    ] {
        let answer = post(sandbox.address(), rpc, "", &login("admin", "adminpassword"))
            .await
            .json();
        assert_eq!(answer["id"], 5);
        let id = answer["result"]["session_id"].as_str().unwrap();
        assert!(
            id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{id}"
        );
        for header in [
            format!("Iptvportal-Authorization: sessionid={id}\r\n"),
            format!("iptvportal-authorization: sessionid = {id}\r\n"),
        ] {
            let answer = post(sandbox.address(), sql, &header, SELECT).await.json();
            assert_eq!(answer, json!({"jsonrpc": "2.0", "id": 9, "result": [1]}));
        }
    }
}

#[tokio::test]
async fn a_wrong_password_opens_nothing_and_is_not_repeated() {
    let (sandbox, _) = demo().await;
    for (username, password) in [
        ("admin", "hunter2"),
        ("root", "adminpassword"),
        ("admin", ""),
    ] {
        let answer = post(
            sandbox.address(),
            "/api/jsonrpc/",
            "",
            &login(username, password),
        )
        .await;
        assert!(!answer.body.contains("hunter2"));
        let answer = answer.json();
        assert_eq!(
            answer["error"],
            json!({"message": "wrong username or password"})
        );
        assert_eq!(answer.get("result"), None);
    }
    for (body, message) in [
        (
            &br#"{"id":1,"method":"authorize_user","params":{"username":"admin"}}"#[..],
            "params of authorize_user: missing field `password`",
        ),
        (
            br#"{"id":1,"method":"authorize_user"}"#,
            "params of authorize_user: missing field `username`",
        ),
        (SELECT, "unknown method; expected authorize_user"),
    ] {
        let answer = post(sandbox.address(), "/api/jsonrpc/", "", body)
            .await
            .json();
        let found = answer["error"]["message"].as_str().unwrap();
        assert!(found.starts_with(message), "{found}");
    }
}

#[tokio::test]
async fn without_a_session_nothing_runs() {
    let delete =
        br#"{"jsonrpc":"2.0","id":9,"method":"delete","params":{"from":"subscriber_inetaddr"}}"#;
    let wrong = "Iptvportal-Authorization: sessionid=0123456789abcdef0123456789abcdef\r\n";
    let old = "Iptvportal-Authorization: sessionid 0123456789abcdef0123456789abcdef\r\n";
    for refusal in [
        Refusal::ErrorObject,
        Refusal::ErrorString,
        Refusal::Http401,
        Refusal::Http403,
    ] {
        let mut behavior = ServerBehavior::default();
        behavior.session_refused_with = refusal;
        let sandbox = Sandbox::builder().behavior(behavior).start().await.unwrap();
        for header in ["", wrong, old] {
            let answer = post(sandbox.address(), "/api/jsonsql/", header, delete).await;
            let status = match refusal {
                Refusal::Http401 => 401,
                Refusal::Http403 => 403,
                _ => 200,
            };
            assert_eq!(answer.status, status);
            if status == 200 {
                let answer = answer.json();
                assert_eq!(answer["id"], 9);
                let error = &answer["error"];
                let message = if refusal == Refusal::ErrorObject {
                    &error["message"]
                } else {
                    error
                };
                assert!(
                    matches!(message, Value::String(text) if text.starts_with("no such session"))
                );
            }
        }
        let left = sandbox
            .query("SELECT count(*) FROM subscriber_inetaddr")
            .await
            .unwrap();
        assert_eq!(left, [[json!(3)]]);
    }
}

#[tokio::test]
async fn the_account_is_the_builders() {
    let sandbox = Sandbox::builder()
        .username("op")
        .password("s3cret")
        .start()
        .await
        .unwrap();
    assert!(!format!("{sandbox:?} {:?}", Sandbox::builder().password("s3cret")).contains("s3cret"));
    let answer = post(sandbox.address(), "/jsonrpc/", "", &login("op", "s3cret"))
        .await
        .json();
    assert!(answer["result"]["session_id"].is_string());
    let (other, _) = demo().await;
    let _ = Client::login(&other).await;
}

#[tokio::test]
async fn a_user_has_as_many_sessions_as_the_switch_says() {
    let select = br#"{"jsonrpc":"2.0","id":9,"method":"select","params":{"data":[1]}}"#;
    for (limit, first_is_over) in [(SessionsPerUser::Many, false), (SessionsPerUser::One, true)] {
        let mut behavior = ServerBehavior::default();
        behavior.sessions_per_user = limit;
        let sandbox = Sandbox::builder()
            .behavior(behavior)
            .account("other", "s3cret", 1)
            .start()
            .await
            .unwrap();
        let mut sessions = Vec::new();
        for login in [
            login("admin", "adminpassword"),
            login("other", "s3cret"),
            login("admin", "adminpassword"),
        ] {
            let answer = post(sandbox.address(), "/jsonrpc/", "", &login)
                .await
                .json();
            let session = answer["result"]["session_id"].as_str().unwrap().to_owned();
            sessions.push(format!("Iptvportal-Authorization: sessionid={session}\r\n"));
        }
        for (session, is_over) in sessions.iter().zip([first_is_over, false, false]) {
            let answer = post(sandbox.address(), "/jsonsql/", session, select).await;
            let error = &answer.json()["error"]["message"];
            assert_eq!(*error == "no such session", is_over, "{limit:?}: {error}");
        }
    }
}
