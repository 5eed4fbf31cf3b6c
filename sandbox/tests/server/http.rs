//! As little HTTP as the tests need.

use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
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
    let answer = exchange(address, path, headers, body).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        body: body.to_owned(),
    }
}

/// The bytes that come back before the connection ends.
pub(crate) async fn exchange(
    address: std::net::SocketAddr,
    path: &str,
    headers: &str,
    body: &[u8],
) -> Vec<u8> {
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
    answer
}

/// Calls a REST surface with its own credentials: the status and the body,
/// unless the connection ends first.
pub(crate) async fn rest(
    address: std::net::SocketAddr,
    method: &str,
    path: &str,
    body: &str,
) -> Option<(u16, String)> {
    // stalker:secret_pass, admin:adminpassword
    let credentials = match path.starts_with("/stalker_portal") {
        true => "c3RhbGtlcjpzZWNyZXRfcGFzcw==",
        false => "YWRtaW46YWRtaW5wYXNzd29yZA==",
    };
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Authorization: Basic {credentials}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

/// A connection that is kept, for many requests one after the other.
pub(crate) struct Kept {
    stream: BufReader<TcpStream>,
    header: String,
}

impl Kept {
    pub(crate) async fn open(client: &Client) -> Kept {
        Kept::try_open(client).await.unwrap()
    }

    /// A connection, unless the sandbox has ended.
    pub(crate) async fn try_open(client: &Client) -> std::io::Result<Kept> {
        Kept::connect(client.address, client.header()).await
    }

    async fn connect(address: std::net::SocketAddr, header: String) -> std::io::Result<Kept> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        Ok(Kept { stream, header })
    }

    /// The answer, unless the connection ends first.
    pub(crate) async fn call(&mut self, method: &str, params: &Value) -> std::io::Result<Value> {
        self.call_at("/api/jsonsql/", method, params).await
    }

    async fn call_at(
        &mut self,
        path: &str,
        method: &str,
        params: &Value,
    ) -> std::io::Result<Value> {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let body = call.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n{body}",
            body.len(),
            self.header
        );
        self.stream.write_all(request.as_bytes()).await?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Client {
    pub(crate) async fn login(sandbox: &Sandbox) -> Client {
        Client::login_as(sandbox, "admin", "adminpassword").await
    }

    pub(crate) async fn login_as(sandbox: &Sandbox, username: &str, password: &str) -> Client {
        Client::login_to(sandbox.address(), username, password).await
    }

    async fn login_to(address: std::net::SocketAddr, username: &str, password: &str) -> Client {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "authorize_user",
            "params": {"username": username, "password": password}});
        let answer = post(address, "/api/jsonrpc/", "", call.to_string().as_bytes()).await;
        let session = answer.json()["result"]["session_id"]
            .as_str()
            .unwrap()
            .to_owned();
        Client { address, session }
    }

    /// A client of a sandbox in another process, unless that ends first.
    pub(crate) async fn try_login_at(address: std::net::SocketAddr) -> Option<Client> {
        let params = json!({"username": "admin", "password": "adminpassword"});
        let mut kept = Kept::connect(address, String::new()).await.ok()?;
        let path = "/api/jsonrpc/";
        let answer = kept.call_at(path, "authorize_user", &params).await.ok()?;
        let session = answer["result"]["session_id"].as_str()?.to_owned();
        Some(Client { address, session })
    }

    /// A client of a sandbox in another process.
    pub(crate) async fn login_at(address: std::net::SocketAddr) -> Client {
        Client::login_to(address, "admin", "adminpassword").await
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
