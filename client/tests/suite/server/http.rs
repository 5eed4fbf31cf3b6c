//! Requests, read off the wire.

use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    head: String,
    pub(crate) body: Value,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// The next request; none when the client has closed the connection.
pub(super) async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut received = Received {
        path: String::new(),
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: Value::Null,
    };
    received.path = received.head.split(' ').nth(1).unwrap().to_owned();
    let length: usize = received.header("content-length").unwrap().parse().unwrap();
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    received.body = serde_json::from_slice(&bytes[end..end + length]).unwrap();
    Some(received)
}
