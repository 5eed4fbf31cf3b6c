//! The reports: the demo's figures, counted by hand from its seed.

use std::process::Command;

use jsonsql_sandbox::Sandbox;

use crate::run::{printed, program, refused};

fn report(arguments: &[&str]) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_report"));
    command.args(arguments);
    command
}

#[test]
fn all_of_them_as_tables() {
    insta::assert_snapshot!(printed(&mut report(&[])), @"
    Packages by subscribers
    ┌─────────┬───────┬─────────────┐
    │ package ┆ paid  ┆ subscribers │
    ╞═════════╪═══════╪═════════════╡
    │ basic   ┆ false ┆ 6           │
    │ family  ┆ true  ┆ 2           │
    │ premium ┆ true  ┆ 2           │
    │ archive ┆ true  ┆ 0           │
    │ movie   ┆ true  ┆ 0           │
    │ sports  ┆ true  ┆ 0           │
    └─────────┴───────┴─────────────┘

    Boxes per subscriber
    ┌───────┬─────────────┐
    │ boxes ┆ subscribers │
    ╞═══════╪═════════════╡
    │ 0     ┆ 3           │
    │ 1     ┆ 7           │
    │ 2     ┆ 2           │
    └───────┴─────────────┘

    Channels most played
    ┌──────────┬───────┬───────┐
    │ channel  ┆ plays ┆ boxes │
    ╞══════════╪═══════╪═══════╡
    │ Первый   ┆ 2     ┆ 1     │
    │ Россия 1 ┆ 2     ┆ 1     │
    └──────────┴───────┴───────┘
    ");
}

#[test]
fn one_of_them_for_programs() {
    assert_eq!(
        printed(&mut report(&["boxes", "--format", "csv"])),
        "boxes,subscribers\n0,3\n1,7\n2,2\n"
    );
    assert_eq!(
        printed(&mut report(&[
            "packages", "--format", "jsonl", "--top", "2"
        ])),
        "{\"package\":\"basic\",\"paid\":false,\"subscribers\":6}\n\
         {\"package\":\"family\",\"paid\":true,\"subscribers\":2}\n"
    );
    let empty = ["channels", "--seed", "empty", "--format", "csv"];
    assert_eq!(printed(&mut report(&empty)), "channel,plays,boxes\n");
    let said = refused(&mut report(&["--format", "csv"]));
    assert_eq!(said, "Stopped: name one report: their columns differ\n");
}

#[test]
fn help_names_the_choices() {
    let help = printed(&mut report(&["--help"]));
    for word in [
        "packages",
        "boxes",
        "channels",
        "csv",
        "jsonl",
        "JSONSQL_URL",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_the_environment_counts_and_sorts_by_itself() {
    let sandbox = Sandbox::builder().password("s3cret").start().await.unwrap();
    let ask = |password: &str| {
        let mut command = report(&["packages", "--format", "csv", "--top", "1"]);
        command.env("JSONSQL_URL", sandbox.url());
        command.env("JSONSQL_USERNAME", "admin");
        command.env("JSONSQL_PASSWORD", password);
        command
    };
    let answer = tokio::task::block_in_place(|| printed(&mut ask("s3cret")));
    assert_eq!(answer, "package,paid,subscribers\nbasic,false,6\n");
    let journal = sandbox.take_journal();
    let [select] = journal.as_slice() else {
        panic!("{} requests", journal.len());
    };
    // It answered with the row that is printed and no other.
    let sql = select.sql.as_deref().unwrap();
    assert!(sql.contains("GROUP BY") && sql.contains("LIMIT 1"), "{sql}");

    let said = tokio::task::block_in_place(|| refused(&mut ask("wrong-pa55")));
    assert!(
        said.starts_with("Stopped: ") && !said.contains("wrong-pa55"),
        "{said}"
    );
    let said = tokio::task::block_in_place(|| refused(ask("s3cret").args(["--seed", "demo"])));
    assert!(said.contains("a real server is named"), "{said}");
}
