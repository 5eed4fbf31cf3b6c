//! `provision` on every platform.

use std::process::Command;

use jsonsql_sandbox::Sandbox;

use crate::run::{program, run};

fn provision() -> Command {
    program(env!("CARGO_BIN_EXE_provision"))
}

#[test]
fn on_iptvportal() {
    let run = run(&mut provision());
    assert!(run.success, "{}", run.stdout);
    insta::assert_snapshot!(run.without_port());
}

#[test]
fn on_ministra() {
    let run = run(provision().args(["--platform", "ministra"]));
    assert!(run.success, "{}", run.stdout);
    insta::assert_snapshot!(run.without_port());
}

#[test]
fn on_tvip() {
    let run = run(provision().args(["--platform", "tvip"]));
    assert!(run.success, "{}", run.stdout);
    insta::assert_snapshot!(run.without_port());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_real_server_it_writes_only_when_told_and_only_what_is_not_there() {
    let sandbox = Sandbox::builder().password("s3cret").start().await.unwrap();
    let on_it = |more: &[&str]| {
        let mut command = provision();
        command.env("JSONSQL_PASSWORD", "s3cret");
        command
            .args(["--url", &sandbox.url(), "--username", "admin"])
            .args(more);
        tokio::task::block_in_place(|| run(&mut command))
    };
    let subscribers = "SELECT count(*) FROM subscriber";
    assert_eq!(sandbox.query(subscribers).await.unwrap()[0][0], 12);

    let refused = on_it(&[]);
    assert!(!refused.success);
    assert!(refused.stderr.contains("say --write"), "{}", refused.stderr);
    assert!(sandbox.take_requests().is_empty());

    let refused = on_it(&["--write", "--login", "12345"]);
    assert!(!refused.success);
    assert!(
        refused
            .stderr
            .contains("there is a subscriber 12345 already")
    );
    assert_eq!(sandbox.query(subscribers).await.unwrap()[0][0], 12);

    let done = on_it(&["--write", "--package", "premium"]);
    assert!(done.success, "{}", done.stdout);
    assert!(done.stdout.contains("end \"premium\""), "{}", done.stdout);
    assert_eq!(sandbox.query(subscribers).await.unwrap()[0][0], 12);
    let text = done.stdout + &done.stderr;
    assert!(!text.contains("s3cret"), "{text}");
}
