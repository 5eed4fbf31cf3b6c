//! `jsonsql export` on every platform.

use std::fs;
use std::path::PathBuf;

use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::run::{PLATFORMS, Server};

const MAC: &str = "02:00:00:00:77:02";

/// A directory that is removed in the end.
pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Directory {
        let name = format!("jsonsql-export-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a directory");
        Directory(path)
    }

    pub(crate) fn text(&self) -> &str {
        self.0.to_str().expect("a text")
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the directory");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let names = entries.map(|entry| name(entry).into_string().expect("a text"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_every_platform_is_in_four_files() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        server.create("t-1", "T-1");
        let bind = ["terminal", "bind", "--login", "t-1", "--mac", MAC];
        server.done(&[&bind[..], &["--write", "--yes"]].concat());
        let directory = Directory::new(platform);
        let export = ["export", "--what", "all", "-o", directory.text()];
        server.done(&export);
        let kinds = ["packages", "subscribers", "subscriptions", "terminals"];
        assert_eq!(directory.names(), kinds.map(|kind| format!("{kind}.csv")));
        let read = |name: &str| fs::read_to_string(directory.0.join(name)).expect("a file");
        assert!(read("subscribers.csv").contains("t-1,T-1"), "{platform}");
        assert!(
            read("terminals.csv").replace('-', ":").contains(MAC),
            "{platform}"
        );
        // The list of subscribers has the same rows, in any order.
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let list = server.done(&["subscriber", "list", "--format", "csv"]);
        assert_eq!(lines(&read("subscribers.csv")), lines(&list.stdout));
        let packages = server.done(&["export", "--what", "packages", "--format", "jsonl"]);
        assert_eq!(
            packages.stdout.lines().count() + 1,
            read("packages.csv").lines().count()
        );

        // One file of SQLite has the same rows.
        let path = directory.0.join("all.db");
        let file = ["--format", "sqlite", "-o", path.to_str().expect("a path")];
        server.done(&[&["export", "--what", "all"][..], &file].concat());
        let database = rusqlite::Connection::open(&path).expect("a file");
        for kind in kinds {
            let mut reader = csv::Reader::from_path(directory.0.join(format!("{kind}.csv")));
            let reader = reader.as_mut().expect("a file");
            let header: Vec<String> = (reader.headers().expect("a header").iter())
                .map(str::to_owned)
                .collect();
            let mut expected: Vec<Vec<String>> = reader
                .records()
                .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
                .collect();
            let mut select = database
                .prepare(&format!("SELECT * FROM {kind}"))
                .expect("a table");
            let names: Vec<String> = select.column_names().map(str::to_owned).collect();
            assert_eq!(names, header);
            let mut found: Vec<Vec<String>> = select
                .query_map((), |row| {
                    (0..header.len()).map(|place| cell(row, place)).collect()
                })
                .expect("rows")
                .map(|row| row.expect("a row"))
                .collect();
            for row in &mut expected {
                for cell in row {
                    match cell.as_str() {
                        "true" => *cell = "1".to_owned(),
                        "false" => *cell = "0".to_owned(),
                        _ => {}
                    }
                }
            }
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{platform} {kind}");
        }
        drop(database);
        let left = directory.names();
        assert!(!left.iter().any(|name| name.contains("part")), "{left:?}");
    }
}

/// A value as CSV has it.
pub(crate) fn cell(row: &rusqlite::Row<'_>, place: usize) -> rusqlite::Result<String> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(place)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        other => other.as_str()?.to_owned(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_breaks_off_leaves_nothing_half_written() {
    let server = Server::start("iptvportal").await;
    let broken = Fault::Status {
        code: 404,
        retry_after: None,
    };
    let rule = Rule::new("/jsonsql", broken).nth(4);
    server.sandbox.set_faults(Faults::seeded(1).rule(rule));
    let directory = Directory::new("broken");
    let run = server.run(&["export", "--what", "all", "-o", directory.text()]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(directory.names().is_empty(), "{:?}", directory.names());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_failure() {
    let seed = "generate:20000".parse().expect("a seed");
    let builder = jsonsql_sandbox::Sandbox::builder().seed(seed);
    let server = Server::of("iptvportal", builder).await;
    let first = server.first_line(&["export", "--format", "jsonl"]);
    assert!(first.starts_with('{'), "{first}");
    // It did not read on to the end, which is some 40 pages of each table.
    let requests = server.sandbox.take_requests().len();
    assert!(requests < 60, "{requests} requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn usual_mistakes() {
    let server = Server::start("iptvportal").await;
    for arguments in [
        &["export", "--what", "all"][..],
        &["export", "--what", "boxes"],
        &["export", "--format", "table"],
    ] {
        let run = server.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?} {run:?}");
    }
    let unwritable = server.run(&["export", "-o", "/nowhere/at/all.csv"]);
    assert_eq!(unwritable.status, 1, "{unwritable:?}");
    assert!(unwritable.stderr.contains("/nowhere/at/all.csv"));
}
