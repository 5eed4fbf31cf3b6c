//! What was acknowledged survives a kill.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{Client, Kept, rest};

/// The program on a database file, and its address.
fn start(file: &Path) -> (Child, std::net::SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .args(["--seed", "empty", "--database"])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let address = urls["jsonrpc"].as_str().unwrap();
    let address = address.strip_prefix("http://").unwrap();
    let address = address.split('/').next().unwrap();
    (child, address.parse().unwrap())
}

#[tokio::test]
async fn everything_acknowledged_is_there_after_a_kill() {
    let file = std::env::temp_dir().join(format!("jsonsql-killed-{}.db", std::process::id()));
    let mut acknowledged: Vec<(i64, String)> = Vec::new();
    let (mut ministra, mut tvip) = (Vec::new(), Vec::new());
    for round in 0..3 {
        let (mut child, address) = start(&file);
        let client = Client::login_at(address).await;
        let mut writers = Vec::new();
        for writer in 0..8 {
            let mut connection = Kept::open(&client).await;
            writers.push(tokio::spawn(async move {
                let mut done = Vec::new();
                for number in 0.. {
                    let name = format!("{round}-{writer}-{number}");
                    let insert = json!({"into": "package", "columns": ["name"], "values": [name], "returning": "id"});
                    // Until the connection ends.
                    let Ok(answer) = connection.call("insert", &insert).await else { break };
                    done.push((answer["result"][0].as_i64().unwrap(), name));
                }
                done
            }));
        }
        let on_ministra = tokio::spawn(accounts_of_ministra(address, round));
        let on_tvip = tokio::spawn(accounts_of_tvip(address, round));
        tokio::time::sleep(Duration::from_millis(250 + 90 * round)).await;
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
        let before = acknowledged.len();
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
        let known = (ministra.len(), tvip.len());
        ministra.extend(on_ministra.await.unwrap());
        tvip.extend(on_tvip.await.unwrap());
        assert!(ministra.len() > known.0 + 3 && tvip.len() > known.1 + 3);
        assert!(
            acknowledged.len() > before + 8,
            "too few writes to mean anything"
        );
    }
    let (mut child, address) = start(&file);
    let client = Client::login_at(address).await;
    let kept = client
        .select(json!({"data": ["id", "name"], "from": "package"}))
        .await;
    let listed = async |path: &str| {
        let (status, body) = rest(address, "GET", path, "").await.unwrap();
        assert_eq!(status, 200);
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let of_ministra = listed("/stalker_portal/api/accounts").await;
    let of_tvip = listed("/api/provider/accounts?limit=0").await;
    child.kill().unwrap();
    child.wait().unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    let logins = |list: &Value| -> std::collections::HashSet<String> {
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["login"].as_str().unwrap().to_owned())
            .collect()
    };
    let (in_ministra, in_tvip) = (logins(&of_ministra["results"]), logins(&of_tvip["data"]));
    for (surface, acknowledged, kept) in [
        ("Ministra", &ministra, &in_ministra),
        ("TVIP", &tvip, &in_tvip),
    ] {
        let lost: Vec<_> = acknowledged.iter().filter(|l| !kept.contains(*l)).collect();
        assert!(lost.is_empty(), "{surface} lost: {lost:?}");
        let (acknowledged, kept) = (acknowledged.len(), kept.len());
        crate::say(&format!(
            "{surface}: {acknowledged} acknowledged, {kept} kept"
        ));
    }
    let kept: std::collections::HashSet<(i64, String)> = kept
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row[0].as_i64().unwrap(),
                row[1].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|row| !kept.contains(row))
        .collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    crate::say(&format!(
        "{} acknowledged writes, {} kept",
        acknowledged.len(),
        kept.len()
    ));
}

/// Creates accounts until the connection ends: the logins that were answered.
async fn accounts_of_ministra(address: std::net::SocketAddr, round: u64) -> Vec<String> {
    let mut done = Vec::new();
    for number in 0.. {
        let login = format!("m-{round}-{number}");
        let body = format!("login={login}");
        let answer = rest(address, "POST", "/stalker_portal/api/accounts", &body).await;
        match answer {
            Some((200, body)) if body == r#"{"status":"OK","results":true}"# => done.push(login),
            _ => break,
        }
    }
    done
}

async fn accounts_of_tvip(address: std::net::SocketAddr, round: u64) -> Vec<String> {
    let mut done = Vec::new();
    for number in 0.. {
        let login = format!("t-{round}-{number}");
        let body = json!({"login": login}).to_string();
        let answer = rest(address, "POST", "/api/provider/accounts", &body).await;
        match answer {
            // The answer may be cut off in the middle.
            Some((200, body)) if serde_json::from_str::<Value>(&body).is_ok() => done.push(login),
            _ => break,
        }
    }
    done
}
