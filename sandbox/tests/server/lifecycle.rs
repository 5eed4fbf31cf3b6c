//! Starting and stopping, the library and the program.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use jsonsql_sandbox::{Error, Sandbox, Seed};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::http::Client;

#[tokio::test]
async fn stopping_and_dropping_free_the_port() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let address = sandbox.address();
    sandbox.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    let sandbox = Sandbox::builder().listen(address).start().await.unwrap();
    let taken = Sandbox::builder()
        .listen(address)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(taken, Error::Listen { .. }), "{taken}");
    drop(sandbox);
    for _ in 0..100 {
        if TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("still listening");
}

#[tokio::test]
async fn other_machines_are_refused_unless_allowed() {
    let any = SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = Sandbox::builder().listen(any).start().await.unwrap_err();
    assert!(matches!(refused, Error::Remote(_)), "{refused}");
    assert!(
        Sandbox::builder()
            .listen(any)
            .allow_remote()
            .start()
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_database_file_outlives_its_sandbox() {
    let file = std::env::temp_dir().join(format!("jsonsql-sandbox-{}.db", std::process::id()));
    let start = || Sandbox::builder().database(&file).seed(Seed::Empty).start();
    let sandbox = start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let insert =
        json!({"into": "package", "columns": ["name"], "values": ["kept"], "returning": "id"});
    assert_eq!(client.result("insert", insert).await, json!([1]));
    sandbox.stop().await;
    let sandbox = start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let kept = json!({"data": "name", "from": "package"});
    assert_eq!(client.select(kept).await, json!(["kept"]));
    sandbox.stop().await;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_so() {
    let refused = Sandbox::builder()
        .database("/nowhere/at/all.db")
        .start()
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Database(_)), "{refused}");
}

#[test]
fn the_program_says_where_it_is() {
    let program = env!("CARGO_BIN_EXE_jsonsql-sandbox");
    let mut first = Command::new(program)
        .env("JSONSQL_PASSWORD", "s3cret")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(first.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let rpc = urls["jsonrpc"].as_str().unwrap();
    let sql = urls["jsonsql"].as_str().unwrap();
    let listen = rpc
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/api/jsonrpc/")
        .unwrap();
    assert_eq!(sql, format!("http://{listen}/api/jsonsql/"));
    let ministra = urls["ministra"].as_str().unwrap();
    assert_eq!(ministra, format!("http://{listen}/stalker_portal/api/"));

    let second = Command::new(program)
        .args(["--listen", listen])
        .output()
        .unwrap();
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!second.status.success());
    assert!(second.stdout.is_empty());
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.starts_with(&format!("error: cannot listen on {listen}")),
        "{said}"
    );
}

#[test]
fn an_interrupt_ends_the_program_well() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let interrupted = Command::new("kill")
        .args(["-INT", &program.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert!(program.wait().unwrap().success());
}
