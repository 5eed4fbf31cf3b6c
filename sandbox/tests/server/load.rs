//! Many connections at once: no error, no lost write.
//!
//! `JSONSQL_LOAD_SECONDS` is for how long, on each engine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonsql_sandbox::Sandbox;
use serde_json::json;

use crate::cluster;
use crate::http::{Client, Kept};

const CONNECTIONS: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn mixed_load_loses_nothing() {
    let seconds = std::env::var("JSONSQL_LOAD_SECONDS").map_or(2, |value| value.parse().unwrap());
    let file = std::env::temp_dir().join(format!("jsonsql-load-{}.db", std::process::id()));
    let mut engines = vec![
        ("SQLite in memory", Sandbox::builder()),
        ("SQLite in a file", Sandbox::builder().database(&file)),
    ];
    if let Some(url) = cluster::database().await {
        engines.push(("PostgreSQL", Sandbox::builder().database(url)));
    }
    for (name, builder) in engines {
        let sandbox = builder.start().await.unwrap();
        run(name, sandbox, Duration::from_secs(seconds)).await;
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
}

async fn run(engine: &str, sandbox: Sandbox, length: Duration) {
    let client = Arc::new(Client::login(&sandbox).await);
    let end = Instant::now() + length;
    let mut workers = Vec::new();
    for worker in 0..CONNECTIONS {
        let client = Arc::clone(&client);
        workers.push(tokio::spawn(work(client, worker, end)));
    }
    let (mut times, mut written) = (Vec::new(), 0);
    for worker in workers {
        let (took, writes) = worker.await.unwrap();
        times.extend(took);
        written += writes;
    }
    let kept = sandbox
        .query("SELECT count(*) FROM subscriber WHERE username LIKE 'load-%'")
        .await
        .unwrap();
    assert_eq!(
        kept,
        [[json!(written)]],
        "{engine}: writes are lost, or made twice"
    );
    times.sort_unstable();
    let share = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    crate::say(&format!(
        "{engine}: {:.0} requests/s ({written} writes), p50 {:.1} ms, p99 {:.1} ms",
        times.len() as f64 / length.as_secs_f64(),
        share(50),
        share(99)
    ));
}

/// One insert, one update, two selects, and again; how long each took, and how
/// many rows were inserted.
async fn work(client: Arc<Client>, worker: usize, end: Instant) -> (Vec<Duration>, usize) {
    let mut connection = Kept::open(&client).await;
    let (mut times, mut written) = (Vec::new(), 0);
    while Instant::now() < end {
        let login = format!("load-{worker}-{written}");
        written += 1;
        let by_login = json!({"eq": ["username", login]});
        let calls = [
            (
                "insert",
                json!({"into": "subscriber", "columns": ["username", "max_terminal"], "values": [login, 1], "returning": "username"}),
            ),
            (
                "update",
                json!({"table": "subscriber", "set": {"max_terminal": 2}, "where": by_login, "returning": "username"}),
            ),
            (
                "select",
                json!({"data": "username", "from": "subscriber", "where": by_login}),
            ),
            (
                "select",
                json!({"data": "username", "from": [{"table": "subscriber", "as": "s"},
                {"join": "terminal", "join_type": "left", "as": "t", "on": {"eq": [{"t": "subscriber_id"}, {"s": "id"}]}}],
                "where": {"eq": [{"s": "username"}, login]}}),
            ),
        ];
        for (method, params) in calls {
            let begun = Instant::now();
            let answer = connection.call(method, &params).await.unwrap();
            times.push(begun.elapsed());
            assert_eq!(answer["result"], json!([login]), "{answer}");
        }
    }
    (times, written)
}
