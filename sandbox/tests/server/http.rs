//! As little HTTP as the tests need.

use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Client {
    address: std::net::SocketAddr,
    session: String,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Posts bytes, with the content type curl sends by default.
pub(crate) async fn post(
    address: std::net::SocketAddr,
    path: &str,
    headers: &str,
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may refuse a large body without reading all of it.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        body: body.to_owned(),
    }
}

impl Client {
    pub(crate) async fn login(sandbox: &Sandbox) -> Client {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "authorize_user",
            "params": {"username": "admin", "password": "adminpassword"}});
        let answer = post(
            sandbox.address(),
            "/api/jsonrpc/",
            "",
            call.to_string().as_bytes(),
        )
        .await;
        let session = answer.json()["result"]["session_id"]
            .as_str()
            .unwrap()
            .to_owned();
        Client {
            address: sandbox.address(),
            session,
        }
    }

    pub(crate) fn header(&self) -> String {
        format!("Iptvportal-Authorization: sessionid={}\r\n", self.session)
    }

    /// Posts a body to the address for statements.
    pub(crate) async fn send(&self, body: &[u8]) -> Answer {
        post(self.address, "/api/jsonsql/", &self.header(), body).await
    }

    pub(crate) async fn call(&self, method: &str, params: &Value) -> Value {
        let call = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        let answer = self.send(call.to_string().as_bytes()).await.json();
        assert_eq!(answer["id"], 7);
        answer
    }

    /// The result of a call that must succeed.
    pub(crate) async fn result(&self, method: &str, params: Value) -> Value {
        let mut answer = self.call(method, &params).await;
        assert!(answer.get("error").is_none(), "{params}: {answer}");
        answer["result"].take()
    }

    /// The message of a call that must fail.
    pub(crate) async fn error(&self, method: &str, params: Value) -> String {
        let answer = self.call(method, &params).await;
        assert!(answer.get("result").is_none(), "{params}: {answer}");
        answer["error"]["message"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn select(&self, params: Value) -> Value {
        self.result("select", params).await
    }
}
