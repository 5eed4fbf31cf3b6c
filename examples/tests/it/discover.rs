//! The structs that are printed compile, read rows, and are those that are kept
//! here as they were printed.

use std::process::Command;

use jsonsql_client::Client;
use jsonsql_sandbox::Sandbox;

use crate::run::{printed, program, run};

/// What `discover` prints of the demo.
mod discovered {
    #![allow(dead_code, unreachable_pub, reason = "kept as it is printed")]
    include!("discovered.rs");
}

fn discover(arguments: &[&str]) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_discover"));
    command.args(arguments);
    command
}

#[test]
fn the_known_tables_are_printed() {
    assert_eq!(printed(&mut discover(&[])), include_str!("discovered.rs"));
}

#[tokio::test]
async fn what_is_printed_reads_rows() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()
        .unwrap();
    let played = discovered::TerminalPlaylog::all();
    assert_eq!(client.fetch_all(&played).await.unwrap().len(), 4);
    let subscribers = discovered::Subscriber::filter(|s| s.r#type.eq("INT"));
    let subscribers = client.fetch_all(&subscribers).await.unwrap();
    assert_eq!(subscribers[0].username, "test");
}

#[test]
fn tables_are_printed_that_are_named_and_one_refused_does_not_hide_the_rest() {
    let key = printed(&mut discover(&["key"]));
    assert!(key.contains("pub struct Key {"), "{key}");

    let both = run(&mut discover(&["nonesuch", "key"]));
    assert!(!both.success);
    assert_eq!(both.stderr, "");
    let (refusal, rest) = both.stdout.split_once("\n\n").unwrap();
    assert!(refusal.starts_with("// `nonesuch`: "), "{refusal}");
    assert!(refusal.contains("does not exist"), "{refusal}");
    assert_eq!(rest, key);

    let empty = printed(&mut discover(&["media", "--seed", "empty"]));
    assert_eq!(empty, "// `media` is empty: nothing can be known of it\n");
}

#[test]
fn columns_of_ones_own_are_tried() {
    let seed = concat!(env!("CARGO_TARGET_TMPDIR"), "/tariff.json");
    let tariff = r#"{"tables": [{"name": "tariff", "columns": [
        {"name": "id", "type": "id"}, {"name": "speed_kbit", "type": "integer"}]}],
        "rows": [{"into": "tariff", "columns": ["speed_kbit"], "values": [[512]]}]}"#;
    std::fs::write(seed, tariff).unwrap();
    let without = printed(&mut discover(&["tariff", "--seed", seed]));
    assert!(without.contains("has no name yet"), "{without}");
    let with = printed(&mut discover(&[
        "tariff",
        "--seed",
        seed,
        "--column",
        "speed_kbit",
    ]));
    assert!(with.contains("pub speed_kbit: i64,"), "{with}");
}
