//! A server of bytes: it reads requests and writes whatever it likes.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::answers::{self, Executed, Said, numbers};
use crate::luck::Luck;
use crate::{DEADLINE, records};

/// How many times each write was executed, by its number.
pub(crate) type Journal = Arc<Mutex<HashMap<u64, u32>>>;

/// How often each thing was done.
pub(crate) type Counts = Arc<Mutex<HashMap<&'static str, u64>>>;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) journal: Journal,
    pub(crate) counts: Counts,
}

#[derive(Clone)]
struct Shared {
    journal: Journal,
    counts: Counts,
}

impl Server {
    pub(crate) async fn start(seed: u64) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        LazyLock::force(&BOMB);
        let address = listener.local_addr().unwrap();
        let (journal, counts) = (Journal::default(), Counts::default());
        let shared = Shared {
            journal: Arc::clone(&journal),
            counts: Arc::clone(&counts),
        };
        tokio::spawn(async move {
            for stream in 0.. {
                let (accepted, _) = listener.accept().await.unwrap();
                let luck = Luck::new(seed, stream);
                tokio::spawn(serve(accepted, shared.clone(), luck));
            }
        });
        Server {
            address,
            journal,
            counts,
        }
    }
}

struct Received {
    path: String,
    body: Vec<u8>,
}

/// The next request; none when the connection is over.
async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().unwrap())
    });
    while bytes.len() < end + length.unwrap_or(0) {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received {
        path: head.split(' ').nth(1).unwrap().to_owned(),
        body: bytes.split_off(end),
    })
}

impl Shared {
    fn count(&self, what: &'static str) {
        *self.counts.lock().unwrap().entry(what).or_default() += 1;
    }

    /// Does what a request says: each of its writes has a number.
    fn execute(&self, request: &Value, executed: Executed) {
        let calls = match request {
            Value::Array(calls) => calls.as_slice(),
            call => std::slice::from_ref(call),
        };
        let mut journal = self.journal.lock().unwrap();
        for (at, call) in calls.iter().enumerate() {
            let is_done = match executed {
                Executed::All => true,
                Executed::None => false,
                Executed::Even => at % 2 == 0,
            };
            let text = call["params"].to_string();
            let number = text
                .split_once("write-")
                .and_then(|(_, rest)| numbers(rest).next());
            if let Some(number) = number.filter(|_| is_done) {
                *journal.entry(number).or_default() += 1;
            }
        }
    }
}

/// Serves a connection until somebody has enough of it.
async fn serve(mut stream: TcpStream, shared: Shared, mut luck: Luck) {
    let _ = stream.set_nodelay(true);
    if luck.percent(1) {
        return shared.count("closed unread");
    }
    loop {
        let Some(received) = read(&mut stream).await else {
            return;
        };
        let request: Value = serde_json::from_slice(&received.body).unwrap_or_default();
        let mut said = match received.path.split('/').nth(1) {
            Some("tvip") => answers::to_get(records::tvip(&received.path), &mut luck),
            Some("ministra") => answers::to_get(records::ministra(&received.path), &mut luck),
            _ if received.path.ends_with("/jsonrpc/") => answers::to_login(&request, &mut luck),
            _ => answers::to_calls(&request, &mut luck),
        };
        let mut headers = headers(&mut luck);
        if said.status == 429 {
            // One that says when to come back has executed nothing.
            let waits = luck.percent(50);
            headers.retain(|header| !header.starts_with(b"Retry-After"));
            if waits {
                headers.push(b"Retry-After: 0".to_vec());
                said.executed = Executed::None;
            }
        }
        if luck.percent(2) {
            // Known to nobody: the server has read it, and is gone.
            shared.count("closed before or after it was executed");
            if luck.percent(50) {
                shared.execute(&request, said.executed);
            }
            return;
        }
        shared.execute(&request, said.executed);
        if deliver(&mut stream, &said, headers, &shared, &mut luck)
            .await
            .is_none()
        {
            return;
        }
    }
}

/// Lines that an answer may have, and those that none should.
fn headers(luck: &mut Luck) -> Vec<Vec<u8>> {
    const LINES: &[&[u8]] = &[
        b"Retry-After: 0",
        b"Retry-After: 9223372036854775807",
        b"Retry-After: 99999999999999999999999999999",
        b"Retry-After: -1",
        b"Retry-After: 1.5",
        b"Retry-After: soon",
        b"Retry-After: \xff\xfe",
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        b"Retry-After: Mon, 01 Jan 0001 00:00:00 GMT",
        b"Retry-After: Thu, 32 Foo 1970 99:99:99 GMT",
        b"Date: Fri, 31 Dec 9999 23:59:59 GMT",
        b"Date: \x01\x02",
        b"Set-Cookie: session_id=planted; Path=/; Max-Age=999999999",
        b"Location: http://127.0.0.1:9/elsewhere",
        b"Location: file:///etc/passwd",
        b"Location: \xff",
        b"Refresh: 0; url=/",
        b"Content-Type: text/html; charset=utf-16",
        b"Content-Type: \xd0\xb6",
        b"Content-Language: ",
        b"Content-Range: bytes 0-1/99999999999999999999",
        b"WWW-Authenticate: Basic realm=\"\x1b[2J\"",
        b"Connection: close",
        b"Connection: keep-alive, upgrade",
        b"Upgrade: websocket",
        b"Trailer: Content-Length",
        b"Alt-Svc: h3=\":443\"",
        b"Keep-Alive: timeout=0",
        b"no colon at all",
        b" folded: line",
        b": no name",
        b"Na me: x",
        b"X-Nul: a\0b",
        b"HTTP/1.1 200 OK",
    ];
    let mut lines = Vec::new();
    if luck.percent(40) {
        for _ in 0..=luck.below(3) {
            // Those that end the answer there and then are rarer.
            let known = if luck.percent(85) {
                LINES.len() - 6
            } else {
                LINES.len()
            };
            lines.push(LINES[luck.below(known)].to_vec());
        }
    }
    match luck.below(150) {
        0 => lines.extend((0..200).map(|number| format!("X-{number}: y").into_bytes())),
        1 => lines.push([b"X-Long: ".to_vec(), vec![b'x'; luck.below(1 << 20)]].concat()),
        2 => lines.push((0..luck.below(40)).map(|_| luck.next() as u8).collect()),
        _ => {}
    }
    lines
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// 256 MiB of rows of zeros that are sent as a fraction of that, in an answer that
/// never ends. Blocks that begin with the same window are the same bytes: two are
/// compressed, and the second is repeated.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let block = b"[0],".repeat(1 << 14);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[")
        .unwrap();
    encoder.write_all(&block).unwrap();
    encoder.flush().unwrap();
    let first = encoder.get_ref().len();
    encoder.write_all(&block).unwrap();
    encoder.flush().unwrap();
    let compressed = encoder.get_ref();
    let (first, second) = compressed.split_at(first);
    [first, &second.repeat(1 << 12)].concat()
});

/// Lengths and encodings: how the content is announced, and what is sent.
fn framed(said: &Said, lines: &mut Vec<Vec<u8>>, luck: &mut Luck) -> (Vec<u8>, &'static str) {
    let mut body = said.body.clone();
    let mut what = "a length";
    match luck.below(30) {
        0 | 1 => {
            lines.push(b"Content-Encoding: gzip".to_vec());
            body = gzip(&body);
            what = "gzip";
        }
        2 => {
            lines.push(b"Content-Encoding: gzip".to_vec());
            body = gzip(&body);
            crate::mutate::mutate(&mut body, luck);
            body.truncate(1 << 20);
            what = "broken gzip";
        }
        3 => {
            let names: &[&[u8]] = &[b"gzip, gzip", b"br", b"deflate", b"identity", b"x", b"gzip"];
            lines.push([b"Content-Encoding: ".as_slice(), luck.pick(names)].concat());
            what = "another encoding";
        }
        _ => {}
    }
    let length = body.len();
    match luck.below(24) {
        0 => {
            let lies: &[&str] = &[
                "0",
                "1",
                "-1",
                "+5",
                "5x",
                "",
                "0x10",
                "9223372036854775807",
                "18446744073709551615",
                "99999999999999999999999",
            ];
            lines.push(format!("Content-Length: {}", luck.pick(lies)).into_bytes());
            what = "a wrong length";
        }
        1 => {
            let lie = (length + luck.below(9)).saturating_sub(luck.below(20));
            lines.push(format!("Content-Length: {lie}").into_bytes());
            what = "a length a little wrong";
        }
        2 => {
            lines.push(format!("Content-Length: {length}").into_bytes());
            lines.push(format!("Content-Length: {}", length + luck.below(2)).into_bytes());
            what = "two lengths";
        }
        3 | 4 => {
            lines.push(b"Transfer-Encoding: chunked".to_vec());
            body = chunked(&body, false, luck);
            what = "chunks";
        }
        5 | 6 => {
            lines.push(b"Transfer-Encoding: chunked".to_vec());
            body = chunked(&body, true, luck);
            what = "broken chunks";
        }
        7 => {
            lines.push(format!("Content-Length: {length}").into_bytes());
            lines.push(b"Transfer-Encoding: chunked".to_vec());
            body = chunked(&body, luck.percent(50), luck);
            what = "a length and chunks";
        }
        8 => {
            lines.push(b"Transfer-Encoding: gzip, chunked, x".to_vec());
            what = "another transfer";
        }
        9 => {
            lines.push(b"Connection: close".to_vec());
            what = "until the end";
        }
        _ => lines.push(format!("Content-Length: {length}").into_bytes()),
    }
    (body, what)
}

fn chunked(body: &[u8], broken: bool, luck: &mut Luck) -> Vec<u8> {
    let mut sent = Vec::new();
    let size = 1 + luck.below(body.len() / 3 + 20);
    for chunk in body.chunks(size) {
        let length = match broken && luck.percent(30) {
            false => format!("{:x}", chunk.len()),
            true => {
                let wrong = format!("{:x}", chunk.len() + 1);
                let lies = [
                    "ffffffffffffffff",
                    "-1",
                    "",
                    "zz",
                    "10000000000000000",
                    "7fffffffffffffff;x=y",
                    &wrong,
                ];
                luck.pick(&lies).to_owned()
            }
        };
        sent.extend_from_slice(length.as_bytes());
        sent.extend_from_slice(b"\r\n");
        sent.extend_from_slice(chunk);
        sent.extend_from_slice(if broken && luck.percent(10) {
            b"x"
        } else {
            b"\r\n"
        });
    }
    match broken && luck.percent(30) {
        true => sent.extend_from_slice(b"0\r\nContent-Length: 5\r\nx"),
        false => sent.extend_from_slice(b"0\r\n\r\n"),
    }
    sent
}

/// None when the connection is to be closed.
async fn deliver(
    stream: &mut TcpStream,
    said: &Said,
    mut lines: Vec<Vec<u8>>,
    shared: &Shared,
    luck: &mut Luck,
) -> Option<()> {
    match luck.below(250) {
        0..=3 => {
            shared.count("silence");
            let mut rest = [0; 16];
            let _ = tokio::time::timeout(DEADLINE * 4, stream.read(&mut rest)).await;
            return None;
        }
        4 => {
            shared.count("headers without end");
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await.ok()?;
            loop {
                stream.write_all(b"X-Header: value\r\n").await.ok()?;
            }
        }
        5 | 6 => {
            shared.count("content without end");
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                .await
                .ok()?;
            let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
            loop {
                stream.write_all(&chunk).await.ok()?;
            }
        }
        7 | 8 => {
            shared.count("a bomb of gzip");
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                BOMB.len()
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            stream.write_all(&BOMB).await.ok()?;
            return Some(());
        }
        9 | 10 => {
            shared.count("no HTTP");
            let texts: &[&[u8]] = &[
                b"",
                b"\r\n",
                b"SSH-2.0-x\r\n",
                b"HTTP/9.9 200 OK\r\n\r\n",
                b"HTTP/1.1\r\n\r\n",
                b"HTTP/1.1 20 OK\r\n\r\n",
                b"HTTP/1.1 0 x\r\n\r\n",
                b"ICY 200 OK\r\n\r\n",
                b"\x15\x03\x01\x00\x02\x02\x28",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"{\"jsonrpc\":\"2.0\"}",
            ];
            stream.write_all(luck.pick(texts)).await.ok()?;
            return None;
        }
        _ => {}
    }
    let (body, what) = framed(said, &mut lines, luck);
    shared.count(what);
    let mut sent = Vec::new();
    if luck.percent(2) {
        let before: &[&[u8]] = &[
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
            b"HTTP/1.1 102 Processing\r\n\r\n",
        ];
        sent.extend_from_slice(luck.pick(before));
    }
    let version = if luck.percent(4) { "1.0" } else { "1.1" };
    let reasons: &[&str] = &["OK", "", "\u{446}", "Bad Gateway"];
    sent.extend_from_slice(
        format!(
            "HTTP/{version} {:03} {}\r\n",
            said.status,
            luck.pick(reasons)
        )
        .as_bytes(),
    );
    for line in &lines {
        sent.extend_from_slice(line);
        sent.extend_from_slice(if luck.percent(1) { b"\n" } else { b"\r\n" });
    }
    sent.extend_from_slice(b"\r\n");
    sent.extend_from_slice(&body);
    let is_last = what == "until the end" || luck.percent(4);
    let smuggles = luck.percent(2);
    if smuggles {
        // To a request that the client has not made yet, and may make.
        shared.count("an answer too many");
        sent.extend_from_slice(
            b"HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"error\":\"no such session\"}",
        );
    }
    match luck.below(40) {
        0 | 1 => {
            shared.count("in pieces");
            let size = sent.len() / (1 + luck.below(5)) + 1;
            for piece in sent.chunks(size) {
                stream.write_all(piece).await.ok()?;
                tokio::time::sleep(Duration::from_millis(luck.below(6) as u64)).await;
            }
        }
        2 => {
            shared.count("trickling");
            let until = tokio::time::Instant::now() + DEADLINE * 3;
            for piece in sent.chunks(1 + luck.below(3)) {
                stream.write_all(piece).await.ok()?;
                tokio::time::sleep(Duration::from_millis(4)).await;
                if tokio::time::Instant::now() > until {
                    return None;
                }
            }
        }
        3 => {
            shared.count("cut off");
            sent.truncate(luck.below(sent.len()));
            stream.write_all(&sent).await.ok()?;
            return None;
        }
        _ => stream.write_all(&sent).await.ok()?,
    }
    (!is_last && !smuggles).then_some(())
}
