//! As little HTTP as the tests need.

use std::net::SocketAddr;

use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// The message of a refusal with this status.
    pub(crate) fn refusal(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        let json = self.json();
        json["error"]["message"].as_str().unwrap().to_owned()
    }
}

/// Who controls a sandbox, and is a client of its surfaces too.
pub(crate) struct Caller {
    pub(crate) address: SocketAddr,
    session: String,
}

impl Caller {
    pub(crate) async fn login(sandbox: &Sandbox) -> Caller {
        let address = sandbox.address();
        let mut caller = Caller {
            address,
            session: String::new(),
        };
        let login = json!({"id": 1, "method": "authorize_user",
            "params": {"username": "admin", "password": "adminpassword"}});
        let answer = caller
            .send("POST /api/jsonrpc/", "", &login.to_string())
            .await;
        caller.session = answer.json()["result"]["session_id"]
            .as_str()
            .unwrap()
            .to_owned();
        caller
    }

    /// Sends `METHOD PATH`.
    pub(crate) async fn send(&self, request: &str, headers: &str, body: &str) -> Answer {
        let host = self.address;
        let bytes = format!(
            "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
             {headers}\r\n{body}",
            body.len()
        );
        raw(self.address, &bytes).await
    }

    /// Asks the interface: `METHOD PATH`, the path below the version.
    pub(crate) async fn control(&self, request: &str, body: &Value) -> Answer {
        let (method, path) = request.split_once(' ').unwrap();
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(&format!("{method} /_sandbox/v1{path}"), "", &body)
            .await
    }

    /// What `GET` answers.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.control(&format!("GET {path}"), &Value::Null).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// A request that has to be carried out.
    pub(crate) async fn done(&self, request: &str, body: &Value) {
        let answer = self.control(request, body).await;
        assert!(
            (200..300).contains(&answer.status),
            "{request}: {}",
            answer.body
        );
    }

    /// A JSONSQL call.
    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        let header = format!("Iptvportal-Authorization: sessionid={}\r\n", self.session);
        let call = json!({"id": 1, "method": method, "params": params}).to_string();
        self.send("POST /api/jsonsql/", &header, &call).await.json()
    }

    /// The ids of a table, as a client sees them.
    pub(crate) async fn ids(&self, table: &str) -> Vec<i64> {
        let params = json!({"data": "id", "from": table, "order_by": "id"});
        let mut answer = self.call("select", params).await;
        serde_json::from_value(answer["result"].take()).unwrap()
    }

    /// A request to the Ministra.
    pub(crate) async fn ministra(&self, request: &str, body: &str) -> Value {
        let (method, path) = request.split_once(' ').unwrap();
        // stalker:secret_pass
        let header = "Authorization: Basic c3RhbGtlcjpzZWNyZXRfcGFzcw==\r\n";
        let request = format!("{method} /stalker_portal/api/{path}");
        self.send(&request, header, body).await.json()
    }

    /// A request to TVIP.
    pub(crate) async fn tvip(&self, request: &str, body: &Value) -> Answer {
        let (method, path) = request.split_once(' ').unwrap();
        // admin:adminpassword
        let header = "Authorization: Basic YWRtaW46YWRtaW5wYXNzd29yZA==\r\n";
        let request = format!("{method} /api/provider/{path}");
        self.send(&request, header, &body.to_string()).await
    }
}

pub(crate) async fn raw(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{request}: {answer}"));
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
