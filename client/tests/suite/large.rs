//! Long answers: others go on while they are read, and deadlines hold.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jsonsql_client::ministra::Ministra;
use jsonsql_client::tvip::Tvip;
use jsonsql_client::{
    Authorization, Client, Error, ProtocolError, Reply, Request, Transport, TransportError,
    TransportErrorKind,
};
use serde_json::Value;

use crate::server::PASSWORD;
use crate::tables::{ids, new_subscriber};

/// Answers every call with this many rows.
struct Long {
    rows: usize,
    of: fn(&Request<'_>, usize) -> String,
}

impl Transport for Long {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let body = (self.of)(&request, self.rows);
        Box::pin(async { Ok(Reply::ok(body)) })
    }
}

fn portal(request: &Request<'_>, rows: usize) -> String {
    let answer = |call: &Value, rows: usize| {
        let rows = "1234567,".repeat(rows);
        format!(
            r#"{{"jsonrpc":"2.0","id":{},"result":[{rows}7]}}"#,
            call["id"]
        )
    };
    let call: Value = serde_json::from_slice(&request.body).unwrap();
    match (request.authorization, &call) {
        (Authorization::None, _) => {
            format!(r#"{{"id":{},"result":{{"session_id":"s"}}}}"#, call["id"])
        }
        (_, Value::Array(calls)) => {
            let answers: Vec<_> = calls.iter().map(|call| answer(call, rows / 2)).collect();
            format!("[{}]", answers.join(","))
        }
        _ => answer(&call, rows),
    }
}

fn ministra(_: &Request<'_>, rows: usize) -> String {
    let row = r#"{"id":"1","name":"a","number":"1"},"#.repeat(rows / 4);
    format!(
        r#"{{"status":"OK","results":[{}]}}"#,
        row.trim_end_matches(',')
    )
}

fn tvip(_: &Request<'_>, rows: usize) -> String {
    let row = r#"{"id":1,"name":"a","enabled":true},"#.repeat(rows / 4);
    format!(r#"{{"data":[{}]}}"#, row.trim_end_matches(','))
}

fn client(rows: usize, limit: Duration) -> Client {
    let transport = Long { rows, of: portal };
    let builder = Client::builder().domain("operator");
    let builder = builder.credentials("billing", PASSWORD);
    builder
        .transport(transport)
        .total_timeout(limit)
        .build()
        .unwrap()
}

const LIMIT: Duration = Duration::from_millis(300);

/// Enough for seconds of reading.
const MANY: usize = 2_500_000;

/// Makes the call on the one thread there is, while another task counts on being
/// woken every few milliseconds.
async fn ends_in_time<T>(call: impl Future<Output = Result<T, Error>>) {
    let done = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&done);
    let other = tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        while !stop.load(Ordering::Relaxed) {
            let slept = Instant::now();
            tokio::time::sleep(Duration::from_millis(5)).await;
            longest = longest.max(slept.elapsed());
        }
        longest
    });
    tokio::task::yield_now().await;
    let begun = Instant::now();
    let Err(Error::Transport(error)) = call.await else {
        panic!("read in time, or not for its time")
    };
    let taken = begun.elapsed();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert!(taken < Duration::from_millis(1500), "{taken:?}");
    done.store(true, Ordering::Relaxed);
    let longest = other.await.unwrap();
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}

#[tokio::test]
async fn a_call_whose_answer_is_long_yields_and_ends() {
    let client = client(MANY, LIMIT);
    ends_in_time(client.fetch_all(&ids()).into_future()).await;
}

#[tokio::test]
async fn a_raw_call_whose_answer_is_long_yields_and_ends() {
    let client = client(MANY, LIMIT);
    let statement = jsonsql::ast::Statement::from_json(
        jsonsql::ast::Method::Select,
        br#"{"data":["id"],"from":"subscriber"}"#,
    );
    ends_in_time(client.raw(&statement.unwrap()).into_future()).await;
}

#[tokio::test]
async fn a_batch_whose_answer_is_long_yields_and_ends() {
    let client = client(MANY, LIMIT);
    let two = [ids(), ids()];
    ends_in_time(async { client.batch(&two[..]).await.remove(0) }).await;
}

/// One page of this many rows, whatever the limit, in increasing order; then none.
fn increasing(request: &Request<'_>, rows: usize) -> String {
    let call: Value = serde_json::from_slice(&request.body).unwrap();
    let is_first = call["params"].get("where").is_none();
    let rows: Vec<_> = match request.authorization {
        Authorization::None => return portal(request, rows),
        _ if is_first => (0..rows).map(|id| format!("[{id},{id}]")).collect(),
        _ => Vec::new(),
    };
    format!(r#"{{"id":{},"result":[{}]}}"#, call["id"], rows.join(","))
}

#[tokio::test]
async fn a_loop_over_a_long_page_lets_others_go_on() {
    const ROWS: usize = 100_000;
    let transport = Long {
        rows: ROWS,
        of: increasing,
    };
    let builder = Client::builder().domain("operator");
    let builder = builder.credentials("billing", PASSWORD);
    let client = builder.transport(transport).build().unwrap();
    let turns = Arc::new(AtomicUsize::new(0));
    let others = Arc::clone(&turns);
    tokio::spawn(async move {
        loop {
            others.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let mut rows = client.stream(&ids());
    assert_eq!(rows.next().await.unwrap().unwrap(), 0);
    let before = turns.load(Ordering::Relaxed);
    for id in 1..ROWS as i64 {
        assert_eq!(rows.next().await.unwrap().unwrap(), id);
    }
    let turns = turns.load(Ordering::Relaxed) - before;
    assert!(turns > 100, "{turns} turns of another task");
}

#[tokio::test]
async fn a_list_of_ministra_that_is_long_yields_and_ends() {
    let transport = Long {
        rows: MANY,
        of: ministra,
    };
    let ministra = Ministra::builder()
        .url("https://h/stalker_portal/api/")
        .transport(transport)
        .total_timeout(LIMIT)
        .list_timeout(LIMIT)
        .build()
        .unwrap();
    ends_in_time(ministra.itv().list()).await;
}

#[tokio::test]
async fn a_list_of_tvip_that_is_long_yields_and_ends() {
    let transport = Long {
        rows: MANY,
        of: tvip,
    };
    let tvip = Tvip::builder()
        .url("https://h/api/provider")
        .credentials("billing", PASSWORD)
        .transport(transport)
        .total_timeout(LIMIT)
        .build()
        .unwrap();
    ends_in_time(tvip.channels().all().collect()).await;
}

#[tokio::test]
async fn all_rows_of_a_long_answer_are_read() {
    let client = client(50_000, Duration::from_secs(60));
    assert_eq!(client.fetch_all(&ids()).await.unwrap().len(), 50_001);
    let two = [ids(), ids()];
    for rows in client.batch(&two[..]).await {
        assert_eq!(rows.unwrap().len(), 25_001);
    }
}

/// Rows of another call.
fn foreign(request: &Request<'_>, rows: usize) -> String {
    let answer = portal(request, rows);
    match request.authorization {
        Authorization::None => answer,
        _ => answer.replacen("\"id\":", "\"id\":4711", 1),
    }
}

/// Rows behind a notice of PHP.
fn noisy(request: &Request<'_>, rows: usize) -> String {
    let answer = portal(request, rows);
    match request.authorization {
        Authorization::None => answer,
        _ => format!("<b>Notice</b>: x\n{answer}"),
    }
}

#[tokio::test]
async fn a_long_answer_proves_what_a_short_one_does() {
    for rows in [1, 50_000] {
        let client = |of| {
            let builder = Client::builder().domain("operator");
            let builder = builder.credentials("billing", PASSWORD);
            builder.transport(Long { rows, of }).build().unwrap()
        };
        let error = client(foreign).execute(&new_subscriber()).await;
        let error = error.unwrap_err();
        let Error::Indeterminate(lost) = &error else {
            panic!("{error:?}")
        };
        let Error::Protocol(problem) = lost.cause() else {
            panic!("{lost:?}")
        };
        assert_eq!(**problem, ProtocolError::ForeignId);
        let ids = client(noisy).execute(&new_subscriber()).await.unwrap();
        assert_eq!(ids.len(), rows + 1);
    }
}
