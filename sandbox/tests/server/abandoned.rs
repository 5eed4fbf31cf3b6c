//! Callers who leave: what is executed for them, and what is not.

use std::time::{Duration, Instant};

use jsonsql_sandbox::{Answered, Sandbox, Seed};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::cluster;
use crate::http::Client;

/// A billion rows to look at.
pub(crate) fn endless() -> Value {
    json!({"data": [{"function": "count", "args": ["*"]}], "from": [
        {"table": "subscriber", "as": "a"}, {"table": "subscriber", "as": "b"}, {"table": "subscriber", "as": "c"}],
        "where": {"like": [{"concat": [{"a": "username"}, {"b": "username"}, {"c": "username"}]}, "%x%y%"]}})
}

/// Sends a call, and leaves after this long.
async fn call_and_leave(sandbox: &Sandbox, client: &Client, call: Value, stay: Duration) {
    let address = sandbox.address();
    let body = call.to_string();
    let request = format!(
        "POST /api/jsonsql/ HTTP/1.1\r\nHost: {address}\r\n{}Content-Length: {}\r\n\r\n{body}",
        client.header(),
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(stay).await;
}

async fn sandboxes() -> Vec<Sandbox> {
    let builder = || Sandbox::builder().seed(Seed::Generated(1000));
    let mut builders = vec![builder()];
    builders.extend(cluster::database().await.map(|url| builder().database(url)));
    let mut sandboxes = Vec::new();
    for builder in builders {
        sandboxes.push(builder.start().await.unwrap());
    }
    sandboxes
}

/// It held every session's statements on SQLite, and went on for minutes.
#[tokio::test]
async fn a_cross_join_ends_when_its_caller_leaves() {
    for sandbox in sandboxes().await {
        let client = Client::login(&sandbox).await;
        let batch: Vec<Value> = (0..20)
            .map(|id| json!({"id": id, "method": "select", "params": endless()}))
            .collect();
        call_and_leave(&sandbox, &client, json!(batch), Duration::from_millis(300)).await;
        let begun = Instant::now();
        let select = json!({"data": "id", "from": "domain"});
        assert_eq!(client.select(select).await, json!([1]));
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
        // The rest of the batch is not begun either.
        let entries = loop {
            let entries = sandbox.take_requests();
            if let Some(request) = entries.into_iter().find(|request| request.calls.len() > 1) {
                break request.calls;
            }
            assert!(begun.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert_eq!(entries.len(), 20);
        assert!(entries.iter().all(|entry| entry.answer == Answered::Error));
    }
}

/// A short write does not depend on whether its caller waits.
#[tokio::test]
async fn a_write_is_done_though_its_caller_left_at_once() {
    for sandbox in sandboxes().await {
        let client = Client::login(&sandbox).await;
        let insert = json!({"id": 1, "method": "insert", "params": {"into": "subscriber",
            "columns": ["username"], "values": ["left"], "returning": "id"}});
        call_and_leave(&sandbox, &client, insert, Duration::ZERO).await;
        let begun = Instant::now();
        loop {
            let found = sandbox
                .query("SELECT count(*) FROM subscriber WHERE username = 'left'")
                .await
                .unwrap();
            if found == [[json!(1)]] {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
