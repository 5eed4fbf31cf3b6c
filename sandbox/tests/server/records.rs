//! What the REST surfaces know outlives the sandbox, beside what JSONSQL knows.

use std::path::PathBuf;

use jsonsql_sandbox::ministra::MinistraSeed;
use jsonsql_sandbox::tvip::TvipSeed;
use jsonsql_sandbox::{Builder, Error, Sandbox, TvipOptions};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::cluster;
use crate::http::{Client, rest};

const MINISTRA: &str = "/stalker_portal/api";
const TVIP: &str = "/api/provider";

/// A database file that goes with the test.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        let name = format!("jsonsql-records-{name}-{}.db", std::process::id());
        File(std::env::temp_dir().join(name))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }
}

async fn ok(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Value {
    let (status, answer) = rest(sandbox.address(), method, path, body).await.unwrap();
    assert_eq!(status, 200, "{method} {path}: {answer}");
    serde_json::from_str(&answer).unwrap()
}

/// Everything both surfaces know, and what they sent.
fn everything(sandbox: &Sandbox) -> (Value, Value, usize, usize) {
    let (ministra, tvip) = (sandbox.ministra(), sandbox.tvip());
    let waiting = ministra.inbox("00:1A:79:0A:0B:0C").len();
    (ministra.state(), tvip.state(), waiting, tvip.sent().len())
}

async fn outlives(name: &str, builder: impl Fn() -> Builder) {
    let sandbox = builder().start().await.unwrap();
    for (method, path, body) in [
        (
            "POST",
            "/accounts",
            "login=kept&account_number=77&stb_mac=00:1A:79:0A:0B:0C",
        ),
        // In this order, with gaps: as PHP keeps it.
        (
            "PUT",
            "/itv_subscription/77",
            "sub_ch[2]=9&sub_ch[10]=7&sub_ch[1]=8",
        ),
        ("PUT", "/stb_modules/77", "restricted[]=a&restricted[5]=b"),
        ("POST", "/stb_msg/77", "msg=hello"),
        ("POST", "/accounts", "login=gone&account_number=78"),
        ("DELETE", "/accounts/78", ""),
    ] {
        let answer = ok(&sandbox, method, &format!("{MINISTRA}{path}"), body).await;
        assert_eq!(answer["status"], "OK", "{path}: {answer}");
    }
    for (method, path, body) in [
        (
            "POST",
            "/accounts",
            json!({"login": "kept", "pin_md5": "0"}),
        ),
        ("PUT", "/accounts/2", json!({"enabled": false})),
        ("POST", "/devices", json!({"unique_id": "gone"})),
        ("DELETE", "/devices/8", json!(null)),
        (
            "POST",
            "/commands/send/devices",
            json!({"ids": [1], "commands": [
            {"command": "restart", "post_time": "2099-01-01T00:00:00", "ttl": 4_102_444_800_i64}]}),
        ),
    ] {
        ok(
            &sandbox,
            method,
            &format!("{TVIP}{path}"),
            &body.to_string(),
        )
        .await;
    }
    sandbox.tvip().disconnect(3).unwrap();
    let before = everything(&sandbox);
    let sent = sandbox.tvip().sent();
    let channels = ok(
        &sandbox,
        "GET",
        &format!("{MINISTRA}/itv_subscription/77"),
        "",
    )
    .await;
    sandbox.stop().await;

    // Other seeds: they are not looked at.
    let other = || {
        let empty = TvipOptions::default().seed(TvipSeed::Empty);
        builder().ministra_seed(MinistraSeed::Empty).tvip(empty)
    };
    let sandbox = other().start().await.unwrap();
    assert_eq!(everything(&sandbox), before, "{name}");
    assert_eq!(sandbox.tvip().sent(), sent);
    let again = ok(
        &sandbox,
        "GET",
        &format!("{MINISTRA}/itv_subscription/77"),
        "",
    )
    .await;
    assert_eq!(again, channels);
    // The numbers of what is gone are not given again.
    ok(
        &sandbox,
        "POST",
        &format!("{MINISTRA}/accounts"),
        "login=next",
    )
    .await;
    let users = sandbox.ministra().state()["users"].take();
    assert_eq!(users.as_array().unwrap().last().unwrap()["id"], 12);
    let device = ok(
        &sandbox,
        "POST",
        &format!("{TVIP}/devices"),
        r#"{"unique_id": "x"}"#,
    )
    .await;
    assert_eq!(device["id"], 9);
    // What is replaced or taken as a whole is so for good.
    sandbox
        .tvip()
        .load(json!({"regions": [{"id": 5, "name": "only"}]}))
        .unwrap();
    assert!(!sandbox.ministra().take_events().is_empty());
    let before = everything(&sandbox);
    sandbox.stop().await;
    let sandbox = other().start().await.unwrap();
    assert_eq!(everything(&sandbox), before, "{name}");
    assert_eq!(sandbox.ministra().take_events(), []);
}

#[tokio::test]
async fn records_outlive_their_sandbox() {
    let file = File::new("outlive");
    outlives("SQLite", || Sandbox::builder().database(&file.0)).await;
    if let Some(url) = cluster::database().await {
        outlives("PostgreSQL", || Sandbox::builder().database(&url)).await;
    }
}

/// A write that cannot be stored is refused, and nothing of it shows.
#[tokio::test]
async fn what_cannot_be_stored_is_undone() {
    let file = File::new("undone");
    let mut databases = vec![file.0.to_str().unwrap().to_owned()];
    databases.extend(cluster::database().await);
    for database in databases {
        let sandbox = Sandbox::builder()
            .database(&database)
            .start()
            .await
            .unwrap();
        let before = everything(&sandbox);
        let rename = async |from: &str, to: &str| {
            let sql = format!("ALTER TABLE {from} RENAME TO {to}");
            sandbox.query(&sql).await.unwrap();
        };
        rename("sandbox_record", "away").await;
        for (path, body) in [
            (format!("{MINISTRA}/accounts"), "login=new".to_owned()),
            (
                format!("{TVIP}/accounts"),
                json!({"login": "new"}).to_string(),
            ),
        ] {
            let (status, answer) = rest(sandbox.address(), "POST", &path, &body).await.unwrap();
            assert_eq!(status, 500, "{answer}");
            assert!(answer.contains("storage failed"), "{answer}");
        }
        assert!(matches!(
            sandbox.tvip().disconnect(1),
            Err(Error::Storage(_))
        ));
        let load = sandbox.tvip().load(json!({}));
        assert!(matches!(load, Err(Error::Storage(_))), "{load:?}");
        assert_eq!(everything(&sandbox), before);
        let changes = sandbox.take_requests().into_iter().flat_map(|r| r.changes);
        assert_eq!(changes.count(), 0);
        rename("away", "sandbox_record").await;
        let body = r#"{"enabled": false}"#;
        ok(&sandbox, "PUT", &format!("{TVIP}/accounts/1"), body).await;
        ok(
            &sandbox,
            "POST",
            &format!("{MINISTRA}/accounts"),
            "login=new",
        )
        .await;
        let before = everything(&sandbox);
        sandbox.stop().await;
        let sandbox = Sandbox::builder()
            .database(&database)
            .start()
            .await
            .unwrap();
        assert_eq!(everything(&sandbox), before);
    }
}

/// Of two sandboxes on a database of PostgreSQL, the later one has the records.
#[tokio::test]
async fn a_sandbox_that_was_followed_writes_no_records() {
    if let Some(database) = cluster::database().await {
        let start = || Sandbox::builder().database(&database).start();
        let (first, second) = (start().await.unwrap(), start().await.unwrap());
        let path = format!("{TVIP}/accounts");
        let body = r#"{"login": "new"}"#;
        let (status, answer) = rest(first.address(), "POST", &path, body).await.unwrap();
        assert_eq!(status, 500);
        assert!(answer.contains("another sandbox was started"), "{answer}");
        assert_eq!(ok(&second, "POST", &path, body).await["id"], 6);
    }
}

/// Made by the sandbox whose REST surfaces kept nothing.
#[tokio::test]
async fn a_database_of_version_1_gets_the_records() {
    let file = File::new("version-1");
    let old = Connection::open(&file.0).unwrap();
    old.execute_batch(include_str!("version-1.sql")).unwrap();
    old.execute(
        "INSERT INTO package (domain_id, name) VALUES (1, 'old')",
        [],
    )
    .unwrap();
    drop(old);
    from_version_1(file.0.to_str().unwrap()).await;
    let version = "PRAGMA user_version";
    let now = Connection::open(&file.0).unwrap();
    let version: i64 = now.query_row(version, [], |row| row.get(0)).unwrap();
    assert_eq!(version, 4);
    now.pragma_update(None, "user_version", 5).unwrap();
    drop(now);
    let newer = Sandbox::builder()
        .database(&file.0)
        .start()
        .await
        .unwrap_err();
    assert!(
        newer
            .to_string()
            .contains("it is of version 5, made by a newer"),
        "{newer}"
    );

    let Some(url) = cluster::database().await else {
        return;
    };
    // The second step and the third taken back.
    let sandbox = Sandbox::builder().database(&url).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let insert =
        json!({"into": "package", "columns": ["name"], "values": ["old"], "returning": "id"});
    client.result("insert", insert).await;
    sandbox.stop().await;
    let (owner, connection) = cluster::connect(&url).await;
    owner
        .batch_execute(
            "DROP TABLE sandbox_record; DROP TABLE sandbox_surface; \
             DELETE FROM jsonsql_sandbox_migration WHERE version >= 2",
        )
        .await
        .unwrap();
    drop(owner);
    connection.await.unwrap();
    from_version_1(&url).await;
}

/// The rows of JSONSQL stay, the REST surfaces get their seeds, and from then on
/// keep what they know.
async fn from_version_1(database: &str) {
    for accounts in [6, 7] {
        let sandbox = Sandbox::builder().database(database).start().await.unwrap();
        let client = Client::login(&sandbox).await;
        let old = json!({"data": "name", "from": "package", "where": {"eq": ["name", "old"]}});
        assert_eq!(client.select(old).await, json!(["old"]));
        let body = json!({"login": format!("new-{accounts}")}).to_string();
        ok(&sandbox, "POST", &format!("{TVIP}/accounts"), &body).await;
        let state = sandbox.tvip().state();
        assert_eq!(state["accounts"].as_array().unwrap().len(), accounts);
        sandbox.stop().await;
    }
}

/// A number that a client gave is not the last one given, after a restart either.
#[tokio::test]
async fn numbers_go_on_where_they_were() {
    let file = File::new("numbers");
    let mut databases = vec![file.0.to_str().unwrap().to_owned()];
    databases.extend(cluster::database().await);
    for database in databases {
        let insert = |columns: Value, values: Value| json!({"into": "package", "columns": columns, "values": [values], "returning": "id"});
        let generated = insert(json!(["name"]), json!(["x"]));
        let mut next = 7;
        for given in [2_147_483_647_i64, 100, 101] {
            let sandbox = Sandbox::builder()
                .database(&database)
                .start()
                .await
                .unwrap();
            let client = Client::login(&sandbox).await;
            let given = insert(json!(["id", "name"]), json!([given, "given"]));
            client.result("insert", given).await;
            for _ in 0..2 {
                let id = client.result("insert", generated.clone()).await;
                assert_eq!(id, json!([next]), "{database}");
                next += 1;
            }
            sandbox.stop().await;
        }
    }
}

/// How fast; `SANDBOX_WRITES` is of how many, on each engine.
#[tokio::test]
async fn every_write_is_stored_by_itself() {
    let count: u32 = std::env::var("SANDBOX_WRITES").map_or(200, |n| n.parse().unwrap());
    let file = File::new("speed");
    let mut engines = vec![
        ("memory", Sandbox::builder()),
        ("SQLite", Sandbox::builder().database(&file.0)),
    ];
    if let Some(url) = cluster::database().await {
        engines.push(("PostgreSQL", Sandbox::builder().database(url)));
    }
    for (name, builder) in engines {
        let sandbox = builder.start().await.unwrap();
        let begun = std::time::Instant::now();
        for number in 0..count {
            let body = json!({"login": format!("n{number}")}).to_string();
            ok(&sandbox, "POST", &format!("{TVIP}/accounts"), &body).await;
        }
        let each = begun.elapsed() / count;
        crate::say(&format!(
            "{name}: {count} creations over HTTP, {each:?} each"
        ));
        if name != "memory" {
            let sql =
                "SELECT count(*) FROM sandbox_record WHERE surface = 'tvip' AND kind = 'accounts'";
            let stored = sandbox.query(sql).await.unwrap();
            assert_eq!(stored[0][0], json!(count + 5), "{name}");
        }
    }
}
