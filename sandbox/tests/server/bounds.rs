//! What callers may send and get, at most, and what is said beyond it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jsonsql_sandbox::{Limits, Sandbox, Seed};
use serde_json::{Value, json};

use crate::cluster;
use crate::http::{Client, exchange, post};

/// The sandbox in a process of its own, whose memory can be looked at.
struct Program {
    process: Child,
    address: SocketAddr,
}

impl Program {
    fn start(options: &[&str]) -> Program {
        let mut process = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let urls: Value = serde_json::from_str(&line).unwrap();
        let rest = urls["tvip"]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap();
        let address = rest.split('/').next().unwrap().parse().unwrap();
        Program { process, address }
    }

    /// The most memory it ever had, in bytes, where that can be known.
    fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
        kilobytes.map_or(0, |number| number.parse::<u64>().unwrap() << 10)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// On each engine there is, with other limits.
async fn limited(seed: Seed, change: impl Fn(&mut Limits)) -> Vec<(Sandbox, Client)> {
    let mut limits = Limits::default();
    change(&mut limits);
    let builder = Sandbox::builder().seed(seed).limits(limits);
    let mut builders = vec![builder.clone()];
    builders.extend(cluster::database().await.map(|url| builder.database(url)));
    let mut sandboxes = Vec::new();
    for builder in builders {
        let sandbox = builder.start().await.unwrap();
        let client = Client::login(&sandbox).await;
        sandboxes.push((sandbox, client));
    }
    sandboxes
}

/// 12 MB made 700 MB of answer, for anybody.
#[tokio::test]
async fn a_large_batch_of_nobody_is_answered_in_a_line() {
    let program = Program::start(&[]);
    let client = Client::login_at(program.address).await;
    let batch = format!("[{}1]", "1,".repeat(6_000_000));
    assert!(batch.len() > 12_000_000);
    for path in [
        "/api/jsonrpc/",
        "/api/jsonsql/",
        "/",
        "/stalker_portal/api/stb",
    ] {
        let refused = post(program.address, path, "", batch.as_bytes()).await;
        assert_eq!(refused.status, 413, "{path}");
        assert_eq!(
            refused.body,
            "the body has more than 65536 bytes (--max-body-before-login)"
        );
    }
    // One of thirty thousand members is small enough to be read.
    let many = format!("[{}1]", "1,".repeat(30_000));
    for (path, header) in [
        ("/api/jsonrpc/", String::new()),
        ("/api/jsonsql/", String::new()),
        ("/api/jsonsql/", client.header()),
    ] {
        let answer = post(program.address, path, &header, many.as_bytes())
            .await
            .json();
        let message = "the batch has more than 1000 calls (--max-batch)";
        let refused = json!({"jsonrpc": "2.0", "id": null, "error": {"message": message}});
        assert_eq!(answer, refused, "{path}");
    }
    let large = client.send(batch.as_bytes()).await;
    assert!(large.body.contains("--max-batch") && large.body.len() < 200);
    // It was 7 GB. The body of who is logged in is read before it is looked at.
    let peak = program.peak();
    assert!(peak < 150 << 20, "{peak} bytes");
}

#[tokio::test]
async fn a_batch_of_the_limit_is_answered_whole() {
    for (sandbox, client) in limited(Seed::Demo, |limits| limits.batch = 3).await {
        let call = |id| json!({"id": id, "method": "select", "params": {"data": [1]}});
        let calls: Vec<Value> = (0..3).map(call).collect();
        let answer = client
            .send(json!(calls).to_string().as_bytes())
            .await
            .json();
        assert_eq!(answer.as_array().unwrap().len(), 3);
        let calls: Vec<Value> = (0..4).map(call).collect();
        let answer = client
            .send(json!(calls).to_string().as_bytes())
            .await
            .json();
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(message, "the batch has more than 3 calls (--max-batch)");
        // None of them was executed.
        assert_eq!(sandbox.take_journal().len(), 3);
    }
}

#[tokio::test]
async fn bodies_and_heads_are_bounded_by_name() {
    let mut limits = Limits::default();
    limits.body = 100_000;
    limits.header = 10_000;
    let sandbox = Sandbox::builder().limits(limits).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let large = client.send(&vec![b' '; 100_001]).await;
    assert_eq!(large.status, 413);
    assert_eq!(
        large.body,
        "the body has more than 100000 bytes (--max-body)"
    );
    for (header, status) in [("x".repeat(9_000), 200), ("x".repeat(10_000), 431)] {
        let header = format!("X-Large: {header}\r\n");
        let answer = exchange(sandbox.address(), "/api/jsonrpc/", &header, b"{}").await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert_eq!(answer.contains("10000 bytes (--max-header)"), status == 431);
    }
    let endless = format!("X-Large: {}\r\n", "x".repeat(1_000_000));
    let answer = exchange(sandbox.address(), "/api/jsonrpc/", &endless, b"{}").await;
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431 "));
}

#[tokio::test]
async fn results_are_bounded_by_rows_and_bytes() {
    let change = |limits: &mut Limits| {
        limits.result_rows = 150;
        limits.result_bytes = 40_000;
    };
    for (_sandbox, client) in limited(Seed::Generated(200), change).await {
        let ids = |limit: u64| json!({"data": "id", "from": "subscriber", "limit": limit});
        assert_eq!(client.select(ids(150)).await.as_array().unwrap().len(), 150);
        assert_eq!(
            client.error("select", ids(151)).await,
            "the result has more than 150 rows (--max-result-rows); select in parts, with limit"
        );
        let text = "x".repeat(1000);
        let wide = |limit: u64| json!({"data": [text], "from": "subscriber", "limit": limit});
        assert_eq!(client.select(wide(30)).await.as_array().unwrap().len(), 30);
        let message = client.error("select", wide(60)).await;
        assert_eq!(
            message,
            "the result is larger than 40000 bytes (--max-result-bytes); select less, or in parts"
        );
        // The statements of a batch share it, and one that fits still goes.
        let calls = [wide(30), wide(30), ids(5)]
            .map(|params| json!({"id": 1, "method": "select", "params": params}));
        let answer = client
            .send(json!(calls).to_string().as_bytes())
            .await
            .json();
        assert!(answer[0].get("result").is_some());
        assert!(
            answer[1]["error"]["message"]
                .as_str()
                .unwrap()
                .contains("--max-result-bytes")
        );
        assert_eq!(answer[2]["result"].as_array().unwrap().len(), 5);
        // What cannot be answered is not done either.
        let all = json!({"table": "subscriber", "set": {"email": "changed"}, "returning": "id"});
        let message = client.error("update", all).await;
        assert!(message.contains("--max-result-rows"), "{message}");
        let changed =
            json!({"data": "id", "from": "subscriber", "where": {"eq": ["email", "changed"]}});
        assert_eq!(client.select(changed).await, json!([]));
    }
}

/// A gigabyte in one value: PostgreSQL makes it, and it does not come here.
#[tokio::test]
async fn a_value_is_not_larger_than_a_result() {
    let url = cluster::database().await;
    let databases = [None, url.as_deref()];
    for database in databases.into_iter().take(1 + usize::from(url.is_some())) {
        let mut options = vec!["--max-result-bytes", "8000000"];
        options.extend(database.into_iter().flat_map(|url| ["--database", url]));
        let program = Program::start(&options);
        let client = Client::login_at(program.address).await;
        let call = json!({"function": "repeat", "args": ["a", 900_000_000]});
        for params in [
            json!({"data": [call]}),
            json!({"data": call, "from": "subscriber"}),
        ] {
            let message = client.error("select", params).await;
            let expected = match database {
                None => "needs PostgreSQL: the function",
                Some(_) => "the result is larger than 8000000 bytes (--max-result-bytes)",
            };
            assert!(message.starts_with(expected), "{message}");
        }
        let peak = program.peak();
        assert!(peak < 150 << 20, "{peak} bytes");
        let next = json!({"data": "id", "from": "domain"});
        assert_eq!(client.select(next).await, json!([1]));
    }
}

/// Who waits for another's statement waits within his own time.
#[tokio::test]
async fn waiting_for_a_turn_is_part_of_the_time() {
    let mut limits = Limits::default();
    limits.statement_time = Duration::from_millis(800);
    let sandbox = Sandbox::builder()
        .seed(Seed::Generated(1000))
        .limits(limits)
        .start()
        .await
        .unwrap();
    let client = std::sync::Arc::new(Client::login(&sandbox).await);
    let mut running = Vec::new();
    for _ in 0..8 {
        let client = std::sync::Arc::clone(&client);
        running.push(tokio::spawn(async move {
            client.error("select", crate::abandoned::endless()).await
        }));
    }
    let begun = std::time::Instant::now();
    for running in running {
        let message = running.await.unwrap();
        assert!(message.contains("--statement-timeout"), "{message}");
    }
    // Eight in a row would take more than six seconds.
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}
