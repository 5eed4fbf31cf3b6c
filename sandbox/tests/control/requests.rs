//! The journal: listed, filtered, followed.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::demo;
use crate::http::Caller;

async fn numbers(caller: &Caller, query: &str) -> Vec<i64> {
    let listed = caller.get(&format!("/requests?{query}")).await;
    let requests = listed["requests"].as_array().unwrap();
    requests
        .iter()
        .map(|request| request["number"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn requests_are_listed_and_filtered() {
    let (sandbox, caller) = demo().await;
    caller.ids("package").await;
    let insert =
        json!({"into": "package", "columns": ["name"], "values": ["s3cret"], "returning": "id"});
    caller.call("insert", insert).await;
    caller.ministra("GET itv/1", "").await;
    caller
        .ministra("PUT stb/00:1A:79:00:00:01", "status=0")
        .await;
    caller.tvip("GET accounts", &Value::Null).await;
    let plan = json!({"rules": [{"route": "/nowhere", "fault": {"status": {"code": 503}}}]});
    caller.done("PUT /faults", &plan).await;
    assert_eq!(caller.send("GET /nowhere", "", "").await.status, 503);
    for (query, expected) in [
        ("", vec![1, 2, 3, 4, 5, 6, 7]),
        ("limit=2", vec![6, 7]),
        ("after=4", vec![5, 6, 7]),
        ("platform=iptvportal", vec![1, 2, 3, 7]),
        ("platform=ministra", vec![4, 5]),
        ("platform=tvip", vec![6]),
        ("verb=put", vec![5]),
        ("method=insert", vec![3]),
        ("path=/stalker_portal/api/itv", vec![4]),
        ("status=200&platform=ministra&limit=1", vec![5]),
        ("status=503", vec![7]),
        ("fault=status", vec![7]),
        ("fault=drop", vec![]),
    ] {
        assert_eq!(numbers(&caller, query).await, expected, "{query}");
    }
    let listed = caller.get("/requests?method=insert").await;
    let request = &listed["requests"][0];
    assert_eq!(
        request["calls"][0]["sql"],
        "INSERT INTO package (name) VALUES (?) RETURNING id"
    );
    assert_eq!(request["calls"][0]["changed"], 1);
    assert!(!caller.get("/requests").await.to_string().contains("s3cret"));
    let changes = &caller.get("/requests?verb=PUT").await["requests"][0]["changes"];
    assert_eq!(changes[0]["kind"], "users", "{changes}");
    let unknown = caller
        .control("GET /requests?statsu=200", &Value::Null)
        .await
        .refusal(400);
    assert!(
        unknown.contains("`statsu`; expected one of after"),
        "{unknown}"
    );
    // Looking takes nothing away, and clearing does.
    assert_eq!(sandbox.take_requests().len(), 7);
    caller.ids("package").await;
    caller.done("DELETE /requests", &Value::Null).await;
    assert_eq!(numbers(&caller, "").await, [0; 0]);
    caller.ids("package").await;
    assert_eq!(numbers(&caller, "").await, [9]);
}

/// A stream of events, as a client reads it.
struct Followed(BufReader<TcpStream>);

impl Followed {
    async fn open(caller: &Caller, query: &str, headers: &str) -> Followed {
        let host = caller.address;
        let mut stream = TcpStream::connect(host).await.unwrap();
        let request = format!(
            "GET /_sandbox/v1/requests/events{query} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut followed = Followed(BufReader::new(stream));
        assert_eq!(followed.line().await, "HTTP/1.1 200 OK");
        let mut is_stream = false;
        loop {
            let line = followed.line().await;
            is_stream |= line == "content-type: text/event-stream";
            if line.is_empty() {
                break;
            }
        }
        assert!(is_stream);
        followed
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.0.read_line(&mut line);
        tokio::time::timeout(Duration::from_secs(10), read)
            .await
            .unwrap()
            .unwrap();
        line.trim_end().to_owned()
    }

    /// The next request, and the id of its event.
    async fn next(&mut self) -> (String, Value) {
        let mut id = String::new();
        loop {
            let line = self.line().await;
            if let Some(found) = line.strip_prefix("id: ") {
                id = found.to_owned();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).unwrap());
            }
        }
    }
}

#[tokio::test]
async fn requests_are_followed_as_they_are_answered() {
    let (sandbox, caller) = demo().await;
    caller.ids("package").await;
    let mut all = Followed::open(&caller, "", "").await;
    let mut inserts = Followed::open(&caller, "?method=insert", "").await;
    let mut since = Followed::open(&caller, "?after=1", "").await;
    let again = Followed::open(&caller, "", "Last-Event-ID: 1\r\n").await;
    let begun = std::time::Instant::now();
    caller.ids("domain").await;
    let insert = json!({"into": "package", "columns": ["name"], "values": ["x"]});
    caller.call("insert", insert).await;
    let (id, request) = all.next().await;
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert_eq!((&*id, &request["number"]), ("3", &json!(3)));
    assert_eq!(
        request["calls"][0]["sql"],
        "SELECT id FROM domain ORDER BY id"
    );
    assert_eq!(all.next().await.0, "4");
    assert_eq!(inserts.next().await.0, "4");
    for mut followed in [since, again] {
        for number in ["2", "3", "4"] {
            assert_eq!(followed.next().await.0, number);
        }
    }
    since = Followed::open(&caller, "", "").await;
    drop(inserts);
    // Those who follow do not hold up a stop.
    let stopping = std::time::Instant::now();
    sandbox.stop().await;
    assert!(stopping.elapsed() < Duration::from_secs(3));
    while !since.line().await.is_empty() {}
}
