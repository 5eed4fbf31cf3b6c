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
use crate::weather::{self, FAULTS, Fault, PAGES, SESSION_LIKE, SESSION_TEXTS, STATUSES};

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
                Fault::PageBefore
                | Fault::PageAfter
                | Fault::SessionText
                | Fault::SessionLike
                | Fault::ForeignId
                | Fault::Contradiction
                | Fault::CutJsonAfter
                | Fault::GarbleAfter
                | Fault::ExpireSession
                    if is_login => {}
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
    let chance = || state.luck.lock().unwrap().below(1 << 30);
    let pick = |length: usize| (chance() % length as u64) as usize;
    match fault {
        Some(Fault::RefuseBefore) => return None,
        Some(Fault::PageBefore) => {
            return page(stream, pick(STATUSES.len()), pick(PAGES.len())).await;
        }
        Some(Fault::Limit) => {
            return write(stream, (429, "Retry-After: 0\r\n"), b"<html>", 0).await;
        }
        Some(Fault::SessionText) => {
            let (status, text) = SESSION_TEXTS[pick(SESSION_TEXTS.len())];
            let body = weather::error_of(&request.body, text);
            return write(stream, (status, ""), &body, 0).await;
        }
        Some(Fault::SessionLike) => {
            let body = weather::error_of(&request.body, SESSION_LIKE[pick(SESSION_LIKE.len())]);
            return write(stream, (200, ""), &body, 0).await;
        }
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
    let mut head = (200, "");
    match fault {
        Some(Fault::DropAfter) => return None,
        Some(Fault::TruncateAfter) => {
            write(stream, head, &body[..half], body.len() - half).await?;
            return None;
        }
        Some(Fault::CutJsonAfter) => body.truncate(half),
        Some(Fault::GarbleAfter) => body[half] ^= 0x80,
        Some(Fault::PageAfter) => {
            return page(stream, pick(STATUSES.len()), pick(PAGES.len())).await;
        }
        Some(Fault::ForeignId) => body = weather::foreign(&body, chance() % 2 == 0),
        Some(Fault::Contradiction) => body = weather::contradiction(&body, chance() % 2 == 0),
        Some(Fault::Blemish) => body = weather::blemish(&body, chance()),
        Some(Fault::Gzip) => {
            body = weather::gzip(&body);
            head.1 = "Content-Encoding: gzip\r\n";
        }
        Some(Fault::ShuffleBatch) => {
            let mut answers: Vec<Value> = serde_json::from_slice(&body).unwrap();
            answers.reverse();
            body = serde_json::to_vec(&answers).unwrap();
        }
        _ => {}
    }
    write(stream, head, &body, 0).await
}

/// Answers in the server's place.
async fn page(stream: &mut TcpStream, status: usize, page: usize) -> Option<()> {
    let (kind, body) = PAGES[page];
    let status = STATUSES[status];
    // Without content, whatever it says.
    let body = if status == 204 { "" } else { body };
    let header = format!("Content-Type: {kind}\r\n");
    write(stream, (status, &header), body.as_bytes(), 0).await
}

/// Announces `missing` bytes more than it sends.
async fn write(
    stream: &mut TcpStream,
    (status, headers): (u16, &str),
    body: &[u8],
    missing: usize,
) -> Option<()> {
    let length = body.len() + missing;
    let head = format!("HTTP/1.1 {status} Stormy\r\nContent-Length: {length}\r\n{headers}\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes).await.ok()
}
