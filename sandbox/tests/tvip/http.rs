//! As little HTTP as the tests need.

use std::net::SocketAddr;

use jsonsql_sandbox::Sandbox;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// `admin:adminpassword`.
const DEFAULT: &str = "Authorization: Basic YWRtaW46YWRtaW5wYXNzd29yZA==\r\n";

/// Calls paths below the interface's own with the default credentials.
pub(crate) struct Client(SocketAddr);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }
}

impl Client {
    pub(crate) fn new(sandbox: &Sandbox) -> Client {
        Client(sandbox.address())
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let path = format!("/api/provider{path}");
        request(self.0, method, &path, DEFAULT, body).await
    }

    /// What must succeed.
    async fn ok(&self, method: &str, path: &str, body: &[u8]) -> Value {
        let answer = self.send(method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
        answer.json()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ok("GET", path, b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.ok("POST", path, body.to_string().as_bytes()).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.ok("PUT", path, body.to_string().as_bytes()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        self.ok("DELETE", path, b"").await
    }

    /// The ids of a list, in its order.
    pub(crate) async fn ids(&self, path: &str) -> Vec<i64> {
        let list = self.get(path).await;
        let rows = list["data"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_i64().unwrap()).collect()
    }

    /// The status and `cause` of what the entities' rules must refuse.
    pub(crate) async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, String) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = self.send(method, path, body.as_bytes()).await;
        let json = answer.json();
        assert_eq!(json["statusCode"], answer.status, "{}", answer.body);
        (answer.status, json["cause"].as_str().unwrap().to_owned())
    }
}

/// The bytes that come back before the connection ends, however it does.
pub(crate) async fn bytes(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Vec<u8> {
    let address = sandbox.address();
    let request = format!(
        "{method} /api/provider{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{DEFAULT}\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

pub(crate) async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Accept: application/json\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}
