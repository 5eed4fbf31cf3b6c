//! Storage that fails while the sandbox runs: a full disk, a lost database.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::cluster;
use crate::http::{Client, rest};

const MINISTRA: &str = "/stalker_portal/api/accounts";
const TVIP: &str = "/api/provider/accounts";

/// The program on a file, as a shell starts it after this command.
fn start(before: &str, file: &std::path::Path) -> (Child, SocketAddr) {
    let mut child = Command::new("sh")
        .args(["-c", &format!("{before} exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .args(["--seed", "empty", "--database"])
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let address = urls["tvip"].as_str().unwrap();
    let address = address.strip_prefix("http://").unwrap();
    let address = address.split('/').next().unwrap();
    (child, address.parse().unwrap())
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// What was acknowledged on each surface, and what was refused.
#[derive(Default, PartialEq, Debug)]
struct Kept {
    packages: Vec<String>,
    accounts: Vec<String>,
    tvip: Vec<String>,
}

/// Adds a large package, and an account each; an answer of `None` is a refusal
/// for want of storage. Anything else fails the test.
async fn add(address: SocketAddr, client: &Client, number: usize) -> [Option<String>; 3] {
    let name = format!("{number}-{}", "x".repeat(20_000));
    let insert =
        json!({"into": "package", "columns": ["name"], "values": [name], "returning": "name"});
    let answer = client.call("insert", &insert).await;
    let package = match answer["error"]["message"].as_str() {
        Some(message) => {
            assert!(message.starts_with("the storage failed: "), "{message}");
            None
        }
        None => {
            assert_eq!(answer["result"], json!([name]));
            Some(name)
        }
    };
    let login = format!("login-{number}");
    let mut created = [None, None];
    for (created, (path, body)) in created.iter_mut().zip([
        (MINISTRA, format!("login={login}")),
        (TVIP, json!({"login": login}).to_string()),
    ]) {
        let (status, answer) = rest(address, "POST", path, &body).await.unwrap();
        match status {
            200 => *created = Some(login.clone()),
            500 => assert!(answer.contains("storage failed: "), "{answer}"),
            _ => panic!("{path}: {status} {answer}"),
        }
    }
    let [account, tvip] = created;
    [package, account, tvip]
}

async fn read(address: SocketAddr) -> Kept {
    let client = Client::login_at(address).await;
    let all = json!({"data": "name", "from": "package", "order_by": "id"});
    let packages = client.select(all).await;
    let logins = async |path: &str, list: &str| {
        let (status, body) = rest(address, "GET", path, "").await.unwrap();
        assert_eq!(status, 200);
        let mut body: Value = serde_json::from_str(&body).unwrap();
        let rows = body[list].take();
        let login = |row: &Value| row["login"].as_str().unwrap().to_owned();
        rows.as_array().unwrap().iter().map(login).collect()
    };
    Kept {
        packages: serde_json::from_value(packages).unwrap(),
        accounts: logins(MINISTRA, "results").await,
        tvip: logins(&format!("{TVIP}?limit=0"), "data").await,
    }
}

/// A file that may not grow further is what a full disk is to a program.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_an_error_and_loses_nothing() {
    let file = std::env::temp_dir().join(format!("jsonsql-full-{}.db", std::process::id()));
    let remove = || {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    };
    remove();
    // In blocks of 512 or 1,024 bytes; without the signal, writing fails.
    let (program, address) = start("trap '' XFSZ; ulimit -f 3000;", &file);
    let client = Client::login_at(address).await;
    let mut kept = Kept::default();
    let mut refused = [0; 3];
    for number in 0.. {
        let added = add(address, &client, number).await;
        for (refused, added) in refused.iter_mut().zip(&added) {
            *refused += usize::from(added.is_none());
        }
        let [package, account, tvip] = added;
        kept.packages.extend(package);
        kept.accounts.extend(account);
        kept.tvip.extend(tvip);
        if refused.iter().all(|refused| *refused >= 5) {
            break;
        }
        assert!(number < 2_000, "the disk is never full: {refused:?}");
    }
    assert!(kept.packages.len() > 20, "{} packages", kept.packages.len());
    // It goes on reading, and shows nothing that was refused.
    assert!(read(address).await == kept, "not what was acknowledged");
    end(program);
    // With room again, also for what is written next.
    let (program, address) = start("", &file);
    assert!(read(address).await == kept, "lost after the restart");
    let client = Client::login_at(address).await;
    let added = add(address, &client, 9_999).await;
    assert!(added.iter().all(Option::is_some), "{added:?}");
    end(program);
    remove();
}

/// Errors of a full disk come from PostgreSQL as those of a statement do.
#[tokio::test]
async fn a_full_disk_of_postgresql_is_an_error_and_loses_nothing() {
    let Some(url) = cluster::database().await else {
        return;
    };
    let sandbox = Sandbox::builder().database(&url).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let address = sandbox.address();
    let before = read(address).await;
    let (owner, connection) = cluster::connect(&url).await;
    owner
        .batch_execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
               RAISE EXCEPTION 'could not extend file: No space left on device' \
               USING ERRCODE = 'disk_full'; END $$; \
             CREATE TRIGGER full_disk BEFORE INSERT ON package EXECUTE FUNCTION full_disk(); \
             CREATE TRIGGER full_disk BEFORE INSERT ON sandbox_record EXECUTE FUNCTION full_disk()",
        )
        .await
        .unwrap();
    assert_eq!(add(address, &client, 1).await, [None, None, None]);
    assert!(read(address).await == before, "not what was acknowledged");
    let room = "DROP FUNCTION full_disk() CASCADE";
    owner.batch_execute(room).await.unwrap();
    drop(owner);
    connection.await.unwrap();
    assert!(add(address, &client, 2).await.iter().all(Option::is_some));
    let after = read(address).await;
    sandbox.stop().await;
    let sandbox = Sandbox::builder().database(&url).start().await.unwrap();
    assert!(
        read(sandbox.address()).await == after,
        "lost after the restart"
    );
}

#[tokio::test]
async fn a_lost_database_is_an_error_and_loses_nothing() {
    let Some(url) = cluster::database().await else {
        return;
    };
    let sandbox = Sandbox::builder().database(&url).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let address = sandbox.address();
    assert!(add(address, &client, 1).await.iter().all(Option::is_some));
    let before = read(address).await;
    let (server, name) = url.rsplit_once('/').unwrap();
    let (owner, connection) = cluster::connect(&format!("{server}/postgres")).await;
    let end =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    // Connections alone: the next request makes new ones.
    owner.batch_execute(&end).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(add(address, &client, 2).await.iter().all(Option::is_some));
    // Renamed, it is lost to whoever connects anew.
    let rename = async |from: &str, to: &str| {
        let rename = format!("ALTER DATABASE {from} RENAME TO {to}");
        while owner.batch_execute(&rename).await.is_err() {
            owner.batch_execute(&end).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let lost = format!("{name}_lost");
    rename(name, &lost).await;
    for number in 3..6 {
        assert_eq!(add(address, &client, number).await, [None, None, None]);
    }
    rename(&lost, name).await;
    let mut after = read(address).await;
    assert_eq!(
        after.packages.pop().map(|name| name.starts_with("2-")),
        Some(true)
    );
    assert_eq!(after.accounts.pop().as_deref(), Some("login-2"));
    assert_eq!(after.tvip.pop().as_deref(), Some("login-2"));
    assert!(after == before, "not what was acknowledged");
    assert!(add(address, &client, 7).await.iter().all(Option::is_some));
    drop(owner);
    connection.await.unwrap();
}
