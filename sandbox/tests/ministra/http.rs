//! As little HTTP as the tests need.

use std::net::SocketAddr;

use jsonsql_sandbox::Sandbox;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// `stalker:secret_pass`
pub(crate) const CREDENTIALS: &str = "Authorization: Basic c3RhbGtlcjpzZWNyZXRfcGFzcw==\r\n";

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }
}

/// Sends the bytes as they are, whatever they are.
pub(crate) async fn raw(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may refuse a large body without reading all of it.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// The bytes that come back before the connection ends, however it does.
pub(crate) async fn bytes(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Vec<u8> {
    let host = sandbox.address();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

pub(crate) async fn send(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
) -> Answer {
    let host = sandbox.address();
    let length = body.len();
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n{headers}\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    raw(host, &request).await
}

/// A verb and an address below `…/api/`, with the credentials.
pub(crate) async fn call(sandbox: &Sandbox, request: &str, body: &str) -> Answer {
    let (method, path) = request.split_once(' ').unwrap();
    let path = format!("/stalker_portal/api/{path}");
    send(sandbox, method, &path, CREDENTIALS, body.as_bytes()).await
}

/// The results of a call that must succeed.
pub(crate) async fn results(sandbox: &Sandbox, request: &str, body: &str) -> Value {
    let answer = call(sandbox, request, body).await;
    let mut json = answer.json();
    assert_eq!(json["status"], "OK", "{request} {body}: {json}");
    assert!(json.get("error").is_none(), "{request} {body}: {json}");
    json["results"].take()
}

/// The text of a call that must be refused; with HTTP 200, as all of them.
pub(crate) async fn error(sandbox: &Sandbox, request: &str, body: &str) -> String {
    let answer = call(sandbox, request, body).await;
    assert_eq!(answer.status, 200, "{request} {body}: {}", answer.body);
    let json = answer.json();
    assert_eq!(json["status"], "ERROR", "{request} {body}: {json}");
    assert!(json["results"].is_null(), "{request} {body}: {json}");
    json["error"].as_str().unwrap().to_owned()
}
