//! Seeds, limits, restarts, and what is said when it cannot start.

use std::process::Command;
use std::time::{Duration, Instant};

use jsonsql_sandbox::{Limits, Sandbox, Seed};
use serde_json::{Value, json};

use crate::cluster;
use crate::http::Client;

#[tokio::test]
async fn a_generated_seed_is_the_same_everywhere() {
    let mut answers = Vec::new();
    let mut builders = vec![Sandbox::builder(), Sandbox::builder()];
    if let Some(url) = cluster::database().await {
        builders.push(Sandbox::builder().database(url));
    }
    for builder in builders {
        let sandbox = builder
            .seed("generate:1234".parse().unwrap())
            .start()
            .await
            .unwrap();
        let client = Client::login(&sandbox).await;
        let counts = client
            .select(json!({"data": [{"function": "count", "args": ["*"]}, {"function": "max", "args": "id"}], "from": "subscriber"}))
            .await;
        assert_eq!(counts, json!([[1234, 1234]]));
        let mut all = Vec::new();
        for table in ["subscriber", "terminal", "package", "subscriber_package"] {
            all.push(
                client
                    .select(json!({"data": ["*"], "from": table, "order_by": "id"}))
                    .await,
            );
        }
        // The next number follows those of the seed.
        let insert = json!({"into": "subscriber", "columns": ["username"], "values": ["next"], "returning": "id"});
        assert_eq!(client.result("insert", insert).await, json!([1235]));
        answers.push(all);
    }
    assert!(answers.iter().all(|all| *all == answers[0]));
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    let endless = json!({"data": [{"function": "count", "args": ["*"]}], "from": [
        {"table": "subscriber", "as": "a"}, {"table": "subscriber", "as": "b"}, {"table": "subscriber", "as": "c"}],
        "where": {"like": [{"concat": [{"a": "username"}, {"b": "username"}, {"c": "username"}]}, "%x%y%"]}});
    let mut limits = Limits::default();
    limits.statement_time = Duration::from_millis(300);
    let builder = || {
        Sandbox::builder()
            .seed(Seed::Generated(1000))
            .limits(limits)
    };
    let mut builders = vec![builder()];
    if let Some(url) = cluster::database().await {
        builders.push(builder().database(url));
    }
    for builder in builders {
        let sandbox = builder.start().await.unwrap();
        let client = Client::login(&sandbox).await;
        let begun = Instant::now();
        let message = client.error("select", endless.clone()).await;
        assert_eq!(
            message,
            "canceling statement due to statement timeout (0.3 s, --statement-timeout)"
        );
        assert!(begun.elapsed() < Duration::from_secs(5));
        let next = json!({"data": "id", "from": "domain"});
        assert_eq!(client.select(next).await, json!([1]));
    }
}

#[tokio::test]
async fn a_postgresql_database_outlives_its_sandbox() {
    let Some(url) = cluster::database().await else {
        return;
    };
    let start = || Sandbox::builder().database(&url).start();
    let insert =
        json!({"into": "package", "columns": ["name"], "values": ["kept"], "returning": "id"});
    for id in [7, 8] {
        let sandbox = start().await.unwrap();
        let client = Client::login(&sandbox).await;
        assert_eq!(client.result("insert", insert.clone()).await, json!([id]));
        sandbox.stop().await;
    }
    // A later seed declares more; what is there stays.
    let more = Seed::from_json(
        r#"{"tables": [
            {"name": "package", "columns": [{"name": "color", "type": "text"}, {"name": "tariff_id", "type": "integer", "references": "tariff"}]},
            {"name": "tariff", "columns": [{"name": "id", "type": "id"}, {"name": "domain_id", "type": "domain"}], "unique": [["domain_id", "id"]]}]}"#,
    );
    // A reference to a table declared further down is not known yet.
    let error = Sandbox::builder()
        .seed(more.unwrap())
        .start()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the seed cannot be used: package.tariff_id: there is no table tariff to refer to"
    );
    let more = Seed::from_json(
        r#"{"tables": [
            {"name": "tariff", "columns": [{"name": "id", "type": "id"}, {"name": "domain_id", "type": "domain"}]},
            {"name": "package", "columns": [{"name": "color", "type": "text"}, {"name": "tariff_id", "type": "integer", "references": "tariff"}]}]}"#,
    );
    let sandbox = Sandbox::builder()
        .database(&url)
        .seed(more.unwrap())
        .start()
        .await
        .unwrap();
    let client = Client::login(&sandbox).await;
    let colored = json!({"table": "package", "set": {"color": "red"}, "where": {"eq": ["name", "kept"]}, "returning": ["id", "color"]});
    assert_eq!(
        client.result("update", colored).await,
        json!([[7, "red"], [8, "red"]])
    );
    let dangling = json!({"table": "package", "set": {"tariff_id": 1}});
    assert_eq!(
        client.error("update", dangling).await,
        "insert or update on table \"package\" violates foreign key constraint \"package_tariff_id_fkey\""
    );
}

#[tokio::test]
async fn the_schema_is_the_same_on_both_engines() {
    let Some(url) = cluster::database().await else {
        return;
    };
    let sandbox = Sandbox::builder().database(url).start().await.unwrap();
    let columns = sandbox
        .query(
            "SELECT table_name, column_name, data_type, is_nullable = 'YES' \
             FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name NOT IN ('jsonsql_sandbox_migration', 'sandbox_record', 'sandbox_surface') \
             ORDER BY table_name, ordinal_position",
        )
        .await
        .unwrap();
    let mut expected: Vec<Vec<Value>> = Vec::new();
    let mut tables: Vec<_> = sandbox.schema().tables().iter().collect();
    tables.sort_by_key(|table| table.name.clone());
    for table in tables {
        for column in &table.columns {
            expected.push(vec![
                json!(table.name),
                json!(column.name),
                json!(column.kind.as_str()),
                json!(column.nullable),
            ]);
        }
    }
    assert_eq!(columns, expected);
}

/// One clear line, and a status that is not zero.
#[test]
fn what_cannot_start_says_why_in_one_line() {
    let directory = std::env::temp_dir();
    let bad = directory.join(format!("jsonsql-bad-seed-{}.json", std::process::id()));
    std::fs::write(
        &bad,
        r#"{"rows": [{"into": "subscriber", "columns": ["nmae"], "values": [["x"]]}]}"#,
    )
    .unwrap();
    let bad = bad.to_str().unwrap();
    for (options, said) in [
        (
            ["--seed", "/nowhere.json"],
            "the seed cannot be used: /nowhere.json: No such file",
        ),
        (
            ["--seed", "generate:many"],
            "the seed cannot be used: \"generate:many\": generate takes a whole number",
        ),
        (
            ["--seed", bad],
            "cannot open the database: the seed: column \"nmae\" of relation \"subscriber\" does not exist",
        ),
        (
            ["--database", "postgres://postgres@127.0.0.1:1/x"],
            "cannot open the database: error connecting to server: Connection refused",
        ),
        (
            [
                "--database",
                "postgres://postgres@127.0.0.1:1/x?sslmode=require",
            ],
            "cannot open the database: sslmode=require: TLS to PostgreSQL is not supported; \
             use a server on this machine or a tunnel",
        ),
        (
            [
                "--database",
                "postgres://postgres@127.0.0.1:1/x?sslmode=verify-full",
            ],
            "cannot open the database: sslmode=verify-full: TLS to PostgreSQL is not supported",
        ),
        (
            ["--database", "/nowhere/at/all.db"],
            "cannot open the database: `/nowhere/at/all.db` cannot be opened: unable to open database file",
        ),
        (
            ["--faults", "/nowhere.json"],
            "the faults cannot be used: /nowhere.json: No such file",
        ),
        (
            ["--journal", "/nowhere/at/all"],
            "cannot write the journal /nowhere/at/all: No such file",
        ),
        (
            ["--listen", "0.0.0.0:0"],
            "0.0.0.0:0 can be reached from other machines",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args(options)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && output.stdout.is_empty(),
            "{options:?}"
        );
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.starts_with(&format!("error: {said}")), "{stderr}");
    }
    std::fs::remove_file(bad).unwrap();
}
