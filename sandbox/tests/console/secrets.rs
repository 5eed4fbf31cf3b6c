//! Passwords and sessions are on no page.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::Caller;
use crate::{demo, open};

/// Sends a login whose answer may be anything.
async fn send_only(caller: &Caller, body: &str) {
    let mut stream = TcpStream::connect(caller.address).await.unwrap();
    let (host, length) = (caller.address, body.len());
    let request = format!(
        "POST /api/jsonrpc/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

#[tokio::test]
async fn secrets_are_on_no_page() {
    let (_sandbox, caller) = demo().await;
    let wrong = json!({"id": 1, "method": "authorize_user",
        "params": {"username": "admin", "password": "planted-wrong"}});
    caller
        .send("POST /api/jsonrpc/", "", &wrong.to_string())
        .await;
    let login = json!([{"id": 1, "method": "authorize_user",
        "params": {"username": "admin", "password": "adminpassword"}}]);
    let answer = caller
        .send("POST /api/jsonrpc/", "", &login.to_string())
        .await;
    let session = answer.json()[0]["result"]["session_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let calls = [
        (
            "insert",
            json!({"into": "subscriber", "columns": ["username", "password"],
            "values": [["one", "planted-one"], ["two", 8_834_501]], "returning": ["id", "password"]}),
        ),
        (
            "update",
            json!({"table": "subscriber", "set": {"password": "planted-two"},
            "where": {"eq": ["username", "one"]}, "returning": "password"}),
        ),
        (
            "select",
            json!({"data": ["id"], "from": "subscriber",
            "where": {"and": [{"eq": ["username", "one"]}, {"eq": ["password", "planted-two"]}]}}),
        ),
        ("select", json!({"data": "*", "from": "subscriber"})),
        (
            "select",
            json!({"data": [{"s": "*"}], "from": {"table": "subscriber", "as": "s"}}),
        ),
        (
            "select",
            json!({"data": [{"function": "concat", "args": ["password", "-x"]}], "from": "subscriber"}),
        ),
        (
            "insert",
            json!({"into": "subscriber", "columns": ["username", "password"],
            "values": [["one", "planted-three"]], "returning": "id"}),
        ),
        (
            "select",
            json!({"data": ["nmae"], "from": "subscriber", "where": {"eq": ["password", 7_715_923]}}),
        ),
    ];
    for (method, params) in calls {
        caller.call(method, params).await;
    }
    caller
        .ministra("POST accounts", "login=three&password=planted-four")
        .await;
    caller
        .ministra("PUT accounts/three", "password=planted-five&status=1")
        .await;
    caller
        .ministra("GET accounts?password=planted-six", "")
        .await;
    caller
        .tvip(
            "POST accounts",
            &json!({"login": "four", "provider": 1, "pin_md5": "planted-seven"}),
        )
        .await;
    caller
        .tvip(
            "GET accounts",
            &json!({"a": "planted-", "token": "planted-eight"}),
        )
        .await;
    // Neither of a surface's form: half of a login is not told from anything else.
    caller
        .send(
            "POST /api/jsonrpc/",
            "",
            "{\"params\": {\"password\": \"planted-nine\"",
        )
        .await;
    caller
        .send("POST /api/jsonrpc/", "", "password: planted-ten")
        .await;
    // Spoiled, a member's name says nothing about its value any longer.
    for fault in [
        json!("garble"),
        json!("truncate"),
        json!({"blemish": "notice"}),
    ] {
        caller
            .done("PUT /faults", &json!({"rules": [{"fault": fault}]}))
            .await;
        send_only(&caller, &login[0].to_string()).await;
    }
    caller
        .done("DELETE /faults", &serde_json::Value::Null)
        .await;

    let mut paths: Vec<String> = (1..=24)
        .map(|number| format!("/console/requests/{number}"))
        .collect();
    for path in [
        "/",
        "/console/data",
        "/console/controls",
        "/console/data/tables/subscriber",
    ] {
        paths.push(path.to_owned());
    }
    let mut shown = 0;
    for path in paths {
        let page = open(&caller, &path).await;
        shown += usize::from(page.status == 200);
        for secret in [
            "planted-one",
            "planted-t",
            "planted-f",
            "planted-s",
            "planted-w",
            "planted-e",
            "planted-n",
            "8834501",
            "7715923",
            "adminpassword",
            "secret_pass",
            &session,
        ] {
            assert!(
                !page.body.contains(secret),
                "{secret} is on {path}: {}",
                page.body
            );
        }
        // Nor any other session, which is 32 hexadecimal digits.
        if !path.contains("requests") && path != "/" {
            continue;
        }
        let is_hex = |c: char| c.is_ascii_hexdigit();
        let longest = page.body.split(|c| !is_hex(c)).map(str::len).max();
        assert!(longest < Some(32), "{path}: {}", page.body);
    }
    assert!(shown > 24, "{shown}");
    // What is no secret is there.
    let select = open(&caller, "/console/requests/6").await.body;
    assert!(
        select.contains("<li><code>one</code></li>")
            && select.contains("<li><code>[redacted]</code></li>"),
        "{select}"
    );
}
