//! Who may not control the sandbox.

use std::net::{SocketAddr, UdpSocket};

use jsonsql_sandbox::Sandbox;
use serde_json::Value;

use crate::demo;
use crate::http::raw;

fn request(method: &str, headers: &str) -> String {
    format!(
        "{method} /_sandbox/v1/ HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n"
    )
}

/// A page elsewhere cannot drive it, neither openly nor by a name that it
/// points at this machine.
#[tokio::test]
async fn a_page_of_another_origin_is_refused() {
    let (_sandbox, caller) = demo().await;
    let own = caller.address;
    for path in [
        "/_sandbox/v1/reset",
        "/_sandbox/v1/faults",
        "/_sandbox/v1/",
        "/_sandbox",
    ] {
        for headers in [
            format!("Host: {own}\r\nOrigin: http://evil.example\r\n"),
            format!("Host: {own}\r\nOrigin: null\r\n"),
            format!("Host: {own}\r\nOrigin: http://localhost:1\r\n"),
            format!("Host: {own}\r\nOrigin: file://\r\n"),
            format!("Host: {own}\r\nSec-Fetch-Site: cross-site\r\n"),
            "Host: evil.example\r\n".to_owned(),
            format!(
                "Host: evil.example:{}\r\nOrigin: http://evil.example:{}\r\n",
                own.port(),
                own.port()
            ),
            String::new(),
        ] {
            for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS"] {
                let sent = format!(
                    "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n"
                );
                let answer = raw(own, &sent).await;
                assert_eq!(answer.status, 403, "{sent}{}", answer.body);
                assert!(!answer.head.to_lowercase().contains("access-control-allow"));
            }
        }
    }
    for headers in [
        format!("Host: {own}\r\n"),
        format!("Host: localhost:{}\r\n", own.port()),
        format!("Host: {own}\r\nOrigin: http://{own}\r\n"),
    ] {
        assert_eq!(raw(own, &request("GET", &headers)).await.status, 200);
    }
    // Not even by a name that other surfaces may have.
    let sandbox = Sandbox::builder()
        .allow_host("sandbox")
        .start()
        .await
        .unwrap();
    let answer = raw(sandbox.address(), &request("GET", "Host: sandbox\r\n")).await;
    assert!(answer.refusal(403).contains("its own machine"));
}

/// Though the surfaces are open to others, this is not.
#[tokio::test]
async fn another_machine_is_refused() {
    // The address by which this machine would reach others; nothing is sent.
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    if socket.connect("192.0.2.1:9").is_err() || socket.local_addr().unwrap().ip().is_loopback() {
        crate::say("skipped: this machine has no address but the loopback's");
        return;
    }
    let outer = socket.local_addr().unwrap().ip();
    let any = SocketAddr::from(([0, 0, 0, 0], 0));
    let sandbox = Sandbox::builder()
        .listen(any)
        .allow_remote()
        .start()
        .await
        .unwrap();
    let outer = SocketAddr::new(outer, sandbox.address().port());
    for host in [outer.to_string(), "localhost".to_owned()] {
        let answer = raw(outer, &request("GET", &format!("Host: {host}\r\n"))).await;
        assert!(answer.refusal(403).contains("its own machine"), "{host}");
    }
    let health = format!("GET /health HTTP/1.1\r\nHost: {outer}\r\nConnection: close\r\n\r\n");
    assert_eq!(raw(outer, &health).await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_is_answered_with_what_is() {
    let (sandbox, caller) = demo().await;
    let nothing = caller.control("GET /rest", &Value::Null).await.refusal(404);
    assert!(nothing.contains("/_sandbox/v1/reset"), "{nothing}");
    let method = caller
        .control("GET /reset", &Value::Null)
        .await
        .refusal(405);
    assert!(method.contains("/_sandbox/v1/openapi.json"), "{method}");
    let index = caller.get("/").await;
    assert_eq!(index["engine"], "sqlite");
    assert_eq!(index["platforms"]["jsonsql"], sandbox.jsonsql_url());
    assert_eq!(index["platforms"]["tvip"], sandbox.tvip_url());
    assert_eq!(index["limits"]["batch"], 1000);
    assert_eq!(index["limits"]["idle_time"], 5.0);
    let versions = caller.send("GET /_sandbox/", "", "").await.json();
    assert_eq!(versions["versions"]["v1"], "/_sandbox/v1");
    let table = caller
        .control("GET /tables/subscribers", &Value::Null)
        .await
        .refusal(404);
    assert!(
        table.contains("no table `subscribers`; there are domain, subscriber,"),
        "{table}"
    );
    let rows = caller.get("/tables/package?limit=1").await;
    assert_eq!(rows["rows"].as_array().unwrap().len(), 1);
    let disabled = rows["columns"]
        .as_array()
        .unwrap()
        .iter()
        .position(|name| name == "paid")
        .unwrap();
    assert_eq!(rows["rows"][0][disabled], false);
    // Nobody's vendor is asked by any of it.
    assert!(
        sandbox
            .take_requests()
            .iter()
            .all(|request| !request.path.starts_with("/_sandbox"))
    );
}
