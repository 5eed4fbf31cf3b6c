//! How the time of each part grows with the size of its input.
//!
//! `cargo bench -p jsonsql-client --bench growth` prints the time at three sizes, each
//! ten times the one before, and the exponent between the last two: 1 is linear, 0 does
//! not depend on the size. The least of several rounds counts. An exponent above
//! [`MOST`] fails the program.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::pin::Pin;
use std::time::{Duration, Instant};

use jsonsql::ast::Method;
use jsonsql::prelude::*;
use jsonsql::resolve::{Schema, validate};
use jsonsql_client::schema::{Password, Subscriber, SubscriberId, Terminal};
use jsonsql_client::{Authorization, Client, Reply, Request, Transport, TransportError};
use jsonsql_sandbox::{Sandbox, Seed};

/// Of what is linear, with room for the noise and for caches that get too small.
const MOST: f64 = 1.3;
const STEP: usize = 10;

#[derive(Insertable)]
#[insertable(table = Subscriber)]
struct NewSubscriber {
    username: String,
    password: Password,
}

/// A part: its name, the smallest size, and the time that it takes at a size.
struct Part<'a> {
    name: &'static str,
    smallest: usize,
    time: Box<dyn FnMut(usize) -> Duration + 'a>,
}

fn part<'a>(
    name: &'static str,
    smallest: usize,
    time: impl FnMut(usize) -> Duration + 'a,
) -> Part<'a> {
    Part {
        name,
        smallest,
        time: Box::new(time),
    }
}

fn main() {
    // `cargo test --benches` asks for a run that proves it works, no more.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let (sizes, rounds) = if is_measured { (3, 7) } else { (2, 1) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut parts = language();
    parts.extend(client(&runtime));
    parts.extend(sandbox(&runtime));
    println!("{:36} {:>9} {:>32} exponent", "part", "size", "time");
    let mut too_steep = Vec::new();
    for Part {
        name,
        smallest,
        mut time,
    } in parts
    {
        let sizes: Vec<usize> = (0..sizes).map(|step| smallest * STEP.pow(step)).collect();
        let least = |size| (0..rounds).map(|_| time(size)).min().unwrap_or_default();
        let times: Vec<Duration> = sizes.iter().copied().map(least).collect();
        let mut shown = String::new();
        for time in &times {
            let _ = write!(shown, " {:>10}", format!("{time:.1?}"));
        }
        let [.., before, last] = times[..] else {
            unreachable!("there are two sizes at least")
        };
        let exponent = (last.as_secs_f64() / before.as_secs_f64()).log10();
        println!("{name:36} {:>9} {shown} {exponent:>8.2}", sizes[0]);
        if is_measured && exponent > MOST {
            too_steep.push(name);
        }
    }
    assert!(too_steep.is_empty(), "grows too fast: {too_steep:?}");
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}

fn numbers(count: usize) -> Vec<SubscriberId> {
    (1..=count as i64).map(SubscriberId).collect()
}

/// A query with as many conditions, joined by AND.
fn conditions(count: usize) -> Select<Subscriber> {
    numbers(count)
        .into_iter()
        .fold(Subscriber::all(), |query, id| {
            query.filter(move |s| s.id.neq(id))
        })
}

fn list(count: usize) -> Select<Subscriber> {
    let ids = numbers(count);
    Subscriber::filter(|s| s.id.is_in(ids))
}

fn language() -> Vec<Part<'static>> {
    let schema = || Schema::new([Subscriber::INFO.into()]);
    vec![
        part("a condition more, one by one", 100, |count| {
            timed(|| conditions(count))
        }),
        part("values of a list", 1_000, |count| timed(|| list(count))),
        part("writing a list", 1_000, |count| {
            let query = list(count);
            timed(|| query.to_json())
        }),
        part("reading a statement", 1_000, |count| {
            let json = list(count).to_json().expect("a statement");
            timed(|| jsonsql::ast::Statement::from_json(Method::Select, json.as_bytes()))
        }),
        part("checking conditions", 100, move |count| {
            let (query, schema) = (conditions(count), schema());
            timed(|| validate(query.ast(), &schema))
        }),
        part("reading SQL", 1_000, |count| {
            let sql = list(count).to_string().replace('?', "1");
            timed(|| jsonsql::sql::parse(&sql).expect("SQL"))
        }),
        part("decoding rows", 1_000, |count| {
            let rows = result(count);
            timed(|| jsonsql::row::decode::<(i64, String)>(rows.as_bytes()).expect("rows"))
        }),
    ]
}

fn result(count: usize) -> String {
    let rows: Vec<String> = (1..=count)
        .map(|id| format!("[{id},\"login{id}\"]"))
        .collect();
    format!("[{}]", rows.join(","))
}

/// A server in memory, which answers everything but a login alike.
struct Canned(String);

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let body = match request.authorization {
            Authorization::None => br#"{"result":{"session_id":"s"}}"#.to_vec(),
            _ => self.0.clone().into_bytes(),
        };
        Box::pin(async { Ok(Reply::ok(body)) })
    }
}

fn canned(body: String) -> Client {
    Client::builder()
        .domain("operator")
        .credentials("billing", "secret")
        .transport(Canned(body))
        .build()
        .expect("a client")
}

fn client(runtime: &tokio::runtime::Runtime) -> Vec<Part<'_>> {
    vec![
        part("a call, by the rows of its answer", 1_000, |count| {
            let client = canned(format!("{{\"result\":{}}}", result(count)));
            let query = select(|mut q| {
                let s = q.from(Subscriber);
                q.select((s.id, s.username))
            });
            timed(|| runtime.block_on(async { client.fetch_all(&query).await.expect("rows") }))
        }),
        part("hiding texts in an error", 200, |count| {
            let texts: Vec<String> = (0..count).map(|at| format!("text-number-{at}")).collect();
            let message = texts.join(" ");
            let client = canned(format!("{{\"error\":{{\"message\":\"{message}\"}}}}"));
            let query = Subscriber::filter(|s| s.username.is_in(texts));
            timed(|| runtime.block_on(async { client.fetch_all(&query).await.unwrap_err() }))
        }),
    ]
}

fn sandbox(runtime: &tokio::runtime::Runtime) -> Vec<Part<'_>> {
    let start = |count: usize| {
        let count = u32::try_from(count).expect("a count");
        let seed = Seed::Generated(count);
        let sandbox = runtime.block_on(Sandbox::builder().seed(seed).start());
        let sandbox = sandbox.expect("a sandbox");
        let client = Client::builder()
            .url(format!("{}/api", sandbox.url()))
            .credentials("admin", "adminpassword")
            .build();
        (sandbox, client.expect("a client"))
    };
    vec![
        part("inserting rows, in parts", 200, move |count| {
            let (_sandbox, client) = start(1);
            let rows = (0..count).map(|at| NewSubscriber {
                username: format!("new-{at}"),
                password: Password("a password".to_owned()),
            });
            let rows: Vec<_> = rows.collect();
            let insert = insert_many(&rows);
            timed(|| runtime.block_on(client.insert_many(&insert)).expect("rows"))
        }),
        part("a subscriber by login, of", 1_000, move |count| {
            let (_sandbox, client) = start(count);
            let one = Subscriber::filter(|s| s.username.eq("100001"));
            runtime.block_on(async { client.fetch_one(&one).await.expect("a row") });
            timed(|| runtime.block_on(async { client.fetch_one(&one).await.expect("a row") }))
        }),
        part("a subscriber by reference, of", 1_000, move |count| {
            let (_sandbox, client) = start(count);
            let one = Subscriber::filter(|s| s.billing.eq("LB-1"));
            runtime.block_on(async { client.fetch_all(&one).await.expect("rows") });
            timed(|| runtime.block_on(async { client.fetch_all(&one).await.expect("rows") }))
        }),
        part("a box by MAC address, of", 1_000, move |count| {
            let (_sandbox, client) = start(count);
            let mac = "00:1a:79:00:00:01".parse::<MacAddr>().expect("an address");
            let one = Terminal::filter(move |t| t.mac_addr.eq(mac));
            runtime.block_on(async { client.fetch_all(&one).await.expect("rows") });
            timed(|| runtime.block_on(async { client.fetch_all(&one).await.expect("rows") }))
        }),
        part("a change by key, of", 1_000, move |count| {
            let (_sandbox, client) = start(count);
            let change =
                Subscriber::update(|s| s.id.eq(SubscriberId(1))).set(|s| s.disabled.to(true));
            runtime.block_on(async { client.execute(&change).await.expect("a row") });
            timed(|| runtime.block_on(async { client.execute(&change).await.expect("a row") }))
        }),
    ]
}
