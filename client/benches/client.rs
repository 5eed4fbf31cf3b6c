//! The client beside bare reqwest and serde_json, in the same run.
//!
//! `cargo bench -p jsonsql-client` prints calls and batches per second against
//! the sandbox, and how fast answers become rows, as ratios: above 1 the client
//! is the faster one. Short rounds of the two alternate and the median of each
//! counts, so that whatever else the machine does hits both. A baseline that is
//! measured twice shows how much that is.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use jsonsql::prelude::*;
use jsonsql_client::schema::{Subscriber, SubscriberId};
use jsonsql_client::{Authorization, Client, Reply, Request, Transport, TransportError};
use jsonsql_sandbox::Sandbox;
use serde::Deserialize;
use serde_json::{Value, json};

const ROUNDS: usize = 101;
const CALLS: usize = 40;
const BATCHES: usize = 3;
const IN_BATCH: usize = 50;
const PAGES: usize = 5;
const IN_PAGE: usize = 1000;

#[tokio::main]
async fn main() {
    // `cargo test --benches` asks for a run that proves it works, no more.
    let rounds = if std::env::args().any(|argument| argument == "--bench") {
        ROUNDS
    } else {
        1
    };
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = Client::builder()
        .url(format!("{}/api", sandbox.url()))
        .credentials("admin", "adminpassword")
        .build()
        .unwrap();
    let bare = Bare::log_in(&sandbox).await;

    let mut calls = Pair::default();
    let mut bare_calls = Pair::default();
    let mut batches = Pair::default();
    for _ in 0..rounds {
        calls.ours.push(time(typed_calls(&client)).await);
        let theirs = time(bare.calls()).await;
        calls.theirs.push(theirs);
        bare_calls.theirs.push(theirs);
        bare_calls.ours.push(time(bare.calls()).await);
        batches.ours.push(time(typed_batches(&client)).await);
        batches.theirs.push(time(bare.batches()).await);
    }
    println!("| what | measured | unit | figures |\n| --- | --- | --- | --- |");
    calls.print("single calls / reqwest", "calls/s", CALLS as f64);
    bare_calls.print("twice: single calls of reqwest", "calls/s", CALLS as f64);
    batches.print("batches of 50 / reqwest", "batches/s", BATCHES as f64);

    let pages: Arc<[Vec<u8>]> = (0..PAGES).map(page).collect();
    let megabytes = pages.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    let mut tuples = Pair::default();
    let mut values = Pair::default();
    for round in 0..rounds {
        // Each leaves the allocator to the next one as it likes it. The order is
        // turned round, so that nobody always comes after the same one.
        let mut order = [Way::Stream, Way::Tuples, Way::Values];
        if round % 2 == 1 {
            order.reverse();
        }
        for way in order {
            match way {
                Way::Stream => {
                    let ours = time(stream(Arc::clone(&pages))).await;
                    tuples.ours.push(ours);
                    values.ours.push(ours);
                }
                Way::Tuples => {
                    let theirs = time(async { decode::<Vec<Row>>(&pages) });
                    tuples.theirs.push(theirs.await);
                }
                Way::Values => {
                    let theirs = time(async { decode::<Vec<Value>>(&pages) });
                    values.theirs.push(theirs.await);
                }
            }
        }
    }
    tuples.print("streaming / serde_json tuples", "MB/s", megabytes);
    values.print("streaming / serde_json values", "MB/s", megabytes);
}

/// A way to read the pages.
#[derive(Clone, Copy)]
enum Way {
    Stream,
    Tuples,
    Values,
}

/// The times of two ways to do the same.
#[derive(Default)]
struct Pair {
    ours: Vec<Duration>,
    theirs: Vec<Duration>,
}

impl Pair {
    fn print(&mut self, name: &str, unit: &str, amount: f64) {
        let rate = |times: &mut Vec<Duration>| {
            let middle = times.len() / 2;
            let (_, median, _) = times.select_nth_unstable(middle);
            amount / median.as_secs_f64()
        };
        let (ours, theirs) = (rate(&mut self.ours), rate(&mut self.theirs));
        let ratio = ours / theirs;
        println!("| {name} | {ratio:.2} | × speed | {ours:.0} {unit}, baseline {theirs:.0} |");
    }
}

async fn time<T>(work: impl Future<Output = T>) -> Duration {
    let begun = Instant::now();
    std::hint::black_box(work.await);
    begun.elapsed()
}

fn query(call: usize) -> Select<Subscriber> {
    let id = SubscriberId(call as i64 % 12 + 1);
    Subscriber::filter(move |s| s.id.eq(id))
}

async fn typed_calls(client: &Client) {
    for call in 0..CALLS {
        let row = client.fetch_one(&query(call)).await.unwrap();
        assert_eq!(row.id.0, call as i64 % 12 + 1);
    }
}

async fn typed_batches(client: &Client) {
    for _ in 0..BATCHES {
        let queries: Vec<_> = (0..IN_BATCH).map(query).collect();
        for (call, rows) in client.batch(&*queries).await.into_iter().enumerate() {
            assert_eq!(rows.unwrap()[0].id.0, call as i64 % 12 + 1);
        }
    }
}

/// What one writes without the client: no retries, no renewal, no checks.
struct Bare {
    http: reqwest::Client,
    url: String,
    session: String,
}

#[derive(Deserialize)]
struct Answer<R> {
    result: R,
}

/// A subscriber, and for a page its key once more.
#[derive(Deserialize)]
struct Row(
    i64,
    #[expect(dead_code, reason = "read as the client reads it")] i64,
    #[expect(dead_code, reason = "read as the client reads it")] String,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] bool,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<i32>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")] Option<String>,
    #[expect(dead_code, reason = "read as the client reads it")]
    #[serde(default)]
    i64,
);

impl Bare {
    async fn log_in(sandbox: &Sandbox) -> Bare {
        let http = reqwest::Client::builder().no_proxy().tcp_nodelay(true);
        let mut bare = Bare {
            http: http.build().unwrap(),
            url: sandbox.jsonsql_url(),
            session: String::new(),
        };
        let login = json!({"jsonrpc": "2.0", "id": 1, "method": "authorize_user",
            "params": {"username": "admin", "password": "adminpassword"}});
        let answer = bare.post(&sandbox.jsonrpc_url(), &login).await;
        let answer: Answer<Value> = serde_json::from_slice(&answer).unwrap();
        let id = answer.result["session_id"].as_str().unwrap();
        bare.session = format!("sessionid={id}");
        bare
    }

    async fn post(&self, url: &str, body: &Value) -> bytes::Bytes {
        let post = self
            .http
            .post(url)
            .header("Iptvportal-Authorization", &self.session)
            .header("Content-Type", "application/json")
            .body(serde_json::to_vec(body).unwrap());
        post.send().await.unwrap().bytes().await.unwrap()
    }

    async fn calls(&self) {
        for call in 0..CALLS {
            let answer = self.post(&self.url, &envelope(call)).await;
            let answer: Answer<Vec<Row>> = serde_json::from_slice(&answer).unwrap();
            assert_eq!(answer.result[0].0, call as i64 % 12 + 1);
        }
    }

    async fn batches(&self) {
        for _ in 0..BATCHES {
            let calls = (0..IN_BATCH).map(envelope).collect();
            let answers = self.post(&self.url, &Value::Array(calls)).await;
            let answers: Vec<Answer<Vec<Row>>> = serde_json::from_slice(&answers).unwrap();
            for (call, answer) in answers.iter().enumerate() {
                assert_eq!(answer.result[0].0, call as i64 % 12 + 1);
            }
        }
    }
}

/// What the client sends for the same query.
fn envelope(call: usize) -> Value {
    let data = Subscriber::INFO.columns.iter();
    let data: Vec<_> = data.map(|column| json!({ "s": column.name })).collect();
    json!({"jsonrpc": "2.0", "id": call, "method": "select", "params": {
        "data": data,
        "from": {"table": "subscriber", "as": "s"},
        "where": {"eq": [{"s": "id"}, call % 12 + 1]},
    }})
}

/// An answer of a thousand subscribers, who follow those of the page before.
fn page(number: usize) -> Vec<u8> {
    let row = |id: usize| {
        json!([
            id,
            1,
            format!("login{id}"),
            format!("password-of-{id}"),
            false,
            format!("somebody.{id}@example.net"),
            format!("+7 912 {id}"),
            format!("ул. Ленина, {id}, второй подъезд"),
            "First",
            "Middle",
            format!("Surname-{id}"),
            3,
            format!("LB-{id}"),
            "BILL",
            null,
            id
        ])
    };
    let rows: Vec<_> = (1..=IN_PAGE).map(|at| row(number * IN_PAGE + at)).collect();
    // A client numbers its calls from 1.
    json!({ "id": number + 1, "result": rows })
        .to_string()
        .into_bytes()
}

fn decode<R: for<'de> Deserialize<'de>>(pages: &[Vec<u8>]) {
    for page in pages {
        let answer: Answer<R> = serde_json::from_slice(page).unwrap();
        std::hint::black_box(answer.result);
    }
}

/// A server in memory: one page after the other, then none.
struct Canned {
    pages: Arc<[Vec<u8>]>,
    next: AtomicUsize,
}

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let body = match request.authorization {
            Authorization::None => br#"{"result":{"session_id":"s"}}"#.to_vec(),
            _ => match self.pages.get(self.next.fetch_add(1, Relaxed)) {
                Some(page) => page.clone(),
                None => br#"{"result":[]}"#.to_vec(),
            },
        };
        Box::pin(async { Ok(Reply::ok(body)) })
    }
}

async fn stream(pages: Arc<[Vec<u8>]>) {
    let client = Client::builder()
        .domain("operator")
        .credentials("billing", "secret")
        .transport(Canned {
            pages,
            next: AtomicUsize::new(0),
        })
        .build()
        .unwrap();
    let mut rows = client.stream(&Subscriber::all());
    let mut read = 0;
    while let Some(row) = rows.next().await {
        std::hint::black_box(row.unwrap());
        read += 1;
    }
    assert_eq!(read, PAGES * IN_PAGE);
}
