//! Callers who are slow, and many of them: they do not keep the door closed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{Limits, Sandbox, Seed};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::Client;

async fn limited(change: impl FnOnce(&mut Limits)) -> Sandbox {
    let mut limits = Limits::default();
    change(&mut limits);
    Sandbox::builder().limits(limits).start().await.unwrap()
}

/// Sends the beginning, then a byte every 20 ms, until the other side ends it.
async fn drip(address: SocketAddr, beginning: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let dripping = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut answer = Vec::new();
    let _ = read.read_to_end(&mut answer).await;
    dripping.abort();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn headers_and_bodies_have_a_time_to_arrive() {
    let sandbox = limited(|limits| {
        limits.header_time = Duration::from_millis(300);
        limits.body_time = Duration::from_millis(300);
    })
    .await;
    let address = sandbox.address();
    let body = format!("Host: {address}\r\nContent-Length: 60000\r\n\r\n");
    for (beginning, option) in [
        (
            "POST /api/jsonrpc/ HTTP/1.1\r\nX-Slow: ".to_owned(),
            "--header-timeout",
        ),
        (
            format!("POST /api/jsonrpc/ HTTP/1.1\r\n{body}"),
            "--body-timeout",
        ),
        (
            format!("POST /api/jsonsql/ HTTP/1.1\r\n{body}"),
            "--body-timeout",
        ),
        (
            format!("POST /nowhere HTTP/1.1\r\n{body}"),
            "--body-timeout",
        ),
        (
            format!("PUT /stalker_portal/api/stb HTTP/1.1\r\n{body}"),
            "--body-timeout",
        ),
    ] {
        let begun = Instant::now();
        let answer = drip(address, &beginning).await;
        assert!(answer.contains(option), "{beginning}: {answer}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{beginning}");
    }
    // One that never says a word is closed without one.
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut nothing = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), silent.read_to_end(&mut nothing));
    assert!(closed.await.is_ok() && nothing.is_empty());
}

/// 128 of them close no door, whether all may stay or some have to go.
#[tokio::test]
async fn slow_connections_make_room_for_others() {
    for most in [Limits::default().connections, 16] {
        let sandbox = limited(|limits| limits.connections = most).await;
        let address = sandbox.address();
        let mut slow = Vec::new();
        for number in 0..128 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let beginning = match number % 3 {
                0 => String::new(),
                1 => "GET /slow".to_owned(),
                _ => format!(
                    "POST /api/jsonrpc/ HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9\r\n\r\n"
                ),
            };
            stream.write_all(beginning.as_bytes()).await.unwrap();
            slow.push(stream);
        }
        let served = async {
            let client = Client::login(&sandbox).await;
            client.select(json!({"data": "id", "from": "domain"})).await
        };
        let served = tokio::time::timeout(Duration::from_secs(5), served).await;
        assert_eq!(served.expect("the door is closed"), json!([1]));
        if most == 16 {
            let mut last_word = String::new();
            slow[1].read_to_string(&mut last_word).await.unwrap();
            assert!(last_word.starts_with("HTTP/1.1 503 "), "{last_word}");
            assert!(last_word.ends_with("more than 16 connections (--max-connections)"));
        }
    }
}

#[tokio::test]
async fn where_all_are_at_work_one_more_is_refused_by_name() {
    let sandbox = limited(|limits| limits.connections = 2).await;
    sandbox.set_faults(Faults::default().rule(Rule::new("/", Fault::DelayMs(1000))));
    let address = sandbox.address();
    let request = format!("GET /busy HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut busy = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        busy.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut refused = TcpStream::connect(address).await.unwrap();
    let mut answer = String::new();
    refused.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(
        answer.contains("more than 2 connections (--max-connections)"),
        "{answer}"
    );
    // Those at work are answered.
    for stream in &mut busy {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 404");
    }
}

/// As Apache does: a while after an answer, and not before.
#[tokio::test]
async fn idle_connections_are_closed_after_a_set_time() {
    let sandbox = limited(|limits| limits.idle_time = Duration::from_millis(700)).await;
    let address = sandbox.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut answer = vec![0; 12];
    for _ in 0..3 {
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 200");
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut rest = [0; 4096];
        assert_ne!(stream.read(&mut rest).await.unwrap(), 0);
    }
    let begun = Instant::now();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
    assert!(begun.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn an_answer_that_nobody_fetches_is_given_up() {
    let mut limits = Limits::default();
    limits.answer_time = Duration::from_millis(500);
    let sandbox = Sandbox::builder()
        .seed(Seed::Generated(1000))
        .limits(limits)
        .start()
        .await
        .unwrap();
    let client = Client::login(&sandbox).await;
    let text = "x".repeat(20_000);
    let call =
        json!({"id": 1, "method": "select", "params": {"data": [text], "from": "subscriber"}});
    let body = call.to_string();
    let address = sandbox.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/jsonsql/ HTTP/1.1\r\nHost: {address}\r\n{}Content-Length: {}\r\n\r\n",
        client.header(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 200");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.len() < 1000 * 20_000, "{}", answer.len());
    // Who fetches it gets all.
    let whole: Value = client.send(body.as_bytes()).await.json();
    assert_eq!(whole["result"].as_array().unwrap().len(), 1000);
}
