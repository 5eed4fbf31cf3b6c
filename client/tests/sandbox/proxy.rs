//! What stands between the client and the sandbox, and fails.

#[path = "../suite/server/http.rs"]
mod http;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use self::http::Received;

/// What can go wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Fault {
    Delay,
    RefuseBefore,
    Http401,
    Http403,
    Http429,
    Http500,
    ExpireSession,
    DropAfter,
    TruncateAfter,
    CutJsonAfter,
    GarbleAfter,
    Http502After,
    ShuffleBatch,
}

const FAULTS: [Fault; 13] = [
    Fault::Delay,
    Fault::RefuseBefore,
    Fault::Http401,
    Fault::Http403,
    Fault::Http429,
    Fault::Http500,
    Fault::ExpireSession,
    Fault::DropAfter,
    Fault::TruncateAfter,
    Fault::CutJsonAfter,
    Fault::GarbleAfter,
    Fault::Http502After,
    Fault::ShuffleBatch,
];

pub(crate) struct Proxy {
    pub(crate) url: String,
    state: Arc<State>,
}

struct State {
    upstream: String,
    http: reqwest::Client,
    luck: Mutex<Luck>,
    percent: u64,
    injected: Mutex<Vec<Fault>>,
}

impl Proxy {
    /// Before this server; of a hundred calls, so many go wrong.
    pub(crate) async fn start(upstream: SocketAddr, percent: u64, seed: u64) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            upstream: format!("http://{upstream}"),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            luck: Mutex::new(Luck(seed)),
            percent,
            injected: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Proxy { url, state }
    }

    /// What went wrong so far.
    pub(crate) fn injected(&self) -> Vec<Fault> {
        self.state.injected.lock().unwrap().clone()
    }
}

/// Numbers that are the same in every run of a seed.
pub(crate) struct Luck(pub(crate) u64);

impl Luck {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = (self.0)
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

impl State {
    fn fault(&self, request: &Received) -> Option<Fault> {
        let mut luck = self.luck.lock().unwrap();
        if luck.below(100) >= self.percent {
            return None;
        }
        let is_login = request.path.ends_with("/jsonrpc/");
        let fault = loop {
            let fault = FAULTS[luck.below(FAULTS.len() as u64) as usize];
            match fault {
                Fault::ShuffleBatch if !request.body.is_array() => {}
                // A login that is refused is not repeated for a while, which
                // is another test's matter.
                Fault::Http401 | Fault::Http403 | Fault::ExpireSession if is_login => {}
                _ => break fault,
            }
        };
        self.injected.lock().unwrap().push(fault);
        Some(fault)
    }

    async fn forward(&self, request: &Received, session: Option<&str>) -> Vec<u8> {
        let mut post = self.http.post(self.upstream.clone() + &request.path);
        if let Some(session) = session {
            post = post.header("Iptvportal-Authorization", session);
        }
        let answer = post.body(request.body.to_string()).send().await.unwrap();
        answer.bytes().await.unwrap().to_vec()
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    while let Some(request) = http::read(&mut stream).await {
        if answer(&mut stream, &state, &request).await.is_none() {
            return;
        }
    }
}

/// None when the connection is to be closed.
async fn answer(stream: &mut TcpStream, state: &State, request: &Received) -> Option<()> {
    let fault = state.fault(request);
    match fault {
        Some(Fault::RefuseBefore) => return None,
        Some(Fault::Http401) => return write(stream, 401, b"", 0).await,
        Some(Fault::Http403) => return write(stream, 403, b"<html>no</html>", 0).await,
        Some(Fault::Http429) => return write(stream, 429, b"", 0).await,
        Some(Fault::Http500) => return write(stream, 500, b"", 0).await,
        Some(Fault::Delay) => tokio::time::sleep(Duration::from_millis(5)).await,
        _ => {}
    }
    let session = match fault {
        Some(Fault::ExpireSession) => Some("sessionid=00000000000000000000000000000000"),
        _ => request.header("iptvportal-authorization"),
    };
    // From here on it is executed.
    let mut body = state.forward(request, session).await;
    let half = body.len() / 2;
    match fault {
        Some(Fault::DropAfter) => return None,
        Some(Fault::TruncateAfter) => {
            write(stream, 200, &body[..half], body.len() - half).await?;
            return None;
        }
        Some(Fault::CutJsonAfter) => body.truncate(half),
        Some(Fault::GarbleAfter) => body[half] ^= 0x80,
        Some(Fault::Http502After) => return write(stream, 502, b"<html>", 0).await,
        Some(Fault::ShuffleBatch) => {
            let mut answers: Vec<Value> = serde_json::from_slice(&body).unwrap();
            answers.reverse();
            body = serde_json::to_vec(&answers).unwrap();
        }
        _ => {}
    }
    write(stream, 200, &body, 0).await
}

/// Announces `missing` bytes more than it sends.
async fn write(stream: &mut TcpStream, status: u16, body: &[u8], missing: usize) -> Option<()> {
    let length = body.len() + missing;
    let head = format!("HTTP/1.1 {status} Stormy\r\nContent-Length: {length}\r\n\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes).await.ok()
}
