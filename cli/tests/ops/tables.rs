//! `jsonsql export --table`: tables of a server as they are.

use std::collections::BTreeSet;
use std::fs;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::export::{Directory, cell};
use crate::run::Server;

/// A server with more rows than two pages have.
async fn large() -> Server {
    let seed = "generate:2500".parse().expect("a seed");
    Server::of("iptvportal", Sandbox::builder().seed(seed)).await
}

/// The first cells of lines of CSV after the header.
fn keys(csv: &str) -> Vec<String> {
    let first = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
    csv.lines().skip(1).map(first).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_every_page_is_there_once() {
    let server = large().await;
    let ids = server
        .sandbox
        .query("SELECT id FROM subscriber ORDER BY id");
    let ids = ids.await.expect("rows");
    let ids: Vec<String> = ids.iter().map(|row| row[0].to_string()).collect();
    assert!(ids.len() > 2_000, "{}", ids.len());
    server.sandbox.take_requests();
    let run = server.done(&["export", "--table", "subscriber"]);
    assert_eq!(keys(&run.stdout), ids);
    let header = run.stdout.lines().next().expect("a header");
    assert!(
        header.starts_with("id,") && header.contains(",username,"),
        "{header}"
    );
    for request in server.sandbox.take_requests() {
        assert!(request.changes.is_empty(), "{request:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_written_only_when_it_is_asked_for() {
    let server = Server::start("iptvportal").await;
    let table = ["export", "--table", "subscriber", "--format", "jsonl"];
    let run = server.done(&table);
    assert!(!run.stdout.contains("password"), "{run:?}");
    assert!(
        run.stderr.contains("--column password writes it"),
        "{run:?}"
    );
    let run = server.done(&[&table[..], &["--column", "password"]].concat());
    assert!(run.stdout.contains("\"password\":"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_tables_are_several_files_or_one_of_sqlite() {
    let server = Server::start("iptvportal").await;
    let directory = Directory::new("tables");
    let tables = [
        "--table",
        "terminal",
        "--table",
        "tv_channel",
        "--table",
        "playlist",
    ];
    let export = |more: &[&str]| server.done(&[&["export"], &tables[..], more].concat());
    let run = export(&["-o", directory.text()]);
    assert!(run.stderr.contains("`playlist` is empty"), "{run:?}");
    assert_eq!(directory.names(), ["terminal.csv", "tv_channel.csv"]);
    let path = directory.0.join("tables.db");
    export(&["--format", "sqlite", "-o", path.to_str().expect("a path")]);
    let database = rusqlite::Connection::open(&path).expect("a file");
    for table in ["terminal", "tv_channel"] {
        let text = fs::read_to_string(directory.0.join(format!("{table}.csv"))).expect("a file");
        let sql = format!("SELECT id FROM {table}");
        let mut select = database.prepare(&sql).expect("a table");
        let found = select.query_map((), |row| cell(row, 0)).expect("rows");
        let found: Vec<String> = found.map(|row| row.expect("a row")).collect();
        assert_eq!(found, keys(&text), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_tell_rows_apart_is_seen() {
    let server = large().await;
    let export = |key: &[&str]| {
        let flags: Vec<&str> = key.iter().flat_map(|one| ["--key", *one]).collect();
        server.run(&[&["export", "--table", "terminal"], &flags[..]].concat())
    };
    let run = export(&["registered"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(
        run.stderr.contains("the key `registered` does not tell"),
        "{run:?}"
    );
    // A key of two columns, and one of texts.
    let by_id = server.done(&["export", "--table", "terminal"]).stdout;
    let sorted = |csv: &str| keys(csv).into_iter().collect::<BTreeSet<String>>();
    for key in [&["registered", "id"][..], &["mac_addr"]] {
        let run = export(key);
        assert_eq!(run.status, 0, "{key:?} {}", run.stderr);
        assert_eq!(run.stdout.lines().count(), by_id.lines().count(), "{key:?}");
        assert_eq!(sorted(&run.stdout), sorted(&by_id), "{key:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn usual_mistakes() {
    let server = Server::start("iptvportal").await;
    for (arguments, status, told) in [
        (&["--table", "nowhere"][..], 1, "`nowhere`: "),
        (&["--table", "../terminal"], 2, "letters, digits and `_`"),
        (
            &["--table", "terminal", "--column", "nmae"],
            1,
            "has no column `nmae`",
        ),
        (
            &["--table", "terminal", "--key", "nmae"],
            1,
            "has no column `nmae`",
        ),
        (
            &["--table", "terminal", "--what", "all"],
            2,
            "cannot be used with",
        ),
        (&["--key", "id"], 2, "--table"),
        (
            &["--table", "terminal", "--table", "package"],
            2,
            "--output DIRECTORY",
        ),
        (
            &["--table", "terminal", "--format", "sqlite"],
            2,
            "--output",
        ),
    ] {
        let run = server.run(&[&["export"], arguments].concat());
        assert_eq!(run.status, status, "{arguments:?} {run:?}");
        assert!(run.stderr.contains(told), "{arguments:?} {run:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
    let other = Server::start("ministra").await;
    let run = other.run(&["export", "--table", "terminal"]);
    assert_eq!(run.status, 2, "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_enough_ends_the_reading() {
    let seed = "generate:20000".parse().expect("a seed");
    let server = Server::of("iptvportal", Sandbox::builder().seed(seed)).await;
    let first = server.first_line(&["export", "--table", "subscriber"]);
    assert!(first.starts_with("id,"), "{first}");
    // It did not read on to the end, which is 20 pages.
    let requests = server.sandbox.take_requests().len();
    assert!(requests < 15, "{requests} requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_had_leaves_no_file() {
    let server = large().await;
    let refuse = Fault::Status {
        code: 404,
        retry_after: None,
    };
    // Discovery is three requests after the login; the second page is not answered.
    let rule = Rule::new("/jsonsql", refuse).nth(5);
    server.sandbox.set_faults(Faults::seeded(1).rule(rule));
    let directory = Directory::new("page");
    let path = directory.0.join("rows.csv");
    let path = path.to_str().expect("a path");
    let run = server.run(&["export", "--table", "subscriber", "-o", path]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(directory.names().is_empty(), "{:?}", directory.names());
}
