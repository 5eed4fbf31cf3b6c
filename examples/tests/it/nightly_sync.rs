//! `nightly_sync`: what it plans, what it does, and what it refuses.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::run::{Run, program, run};

fn nightly_sync() -> Command {
    program(env!("CARGO_BIN_EXE_nightly_sync"))
}

/// A file with this text, gone at the end.
struct Export(PathBuf);

impl Export {
    fn of(name: &str, text: &str) -> Export {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.csv"));
        std::fs::File::create(&path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        Export(path)
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const SAMPLE: &str = include_str!("../../data/billing-iptvportal.csv");

/// Runs it against this sandbox as against a real server.
fn on(sandbox: &Sandbox, export: &Export, more: &[&str]) -> Run {
    let mut command = nightly_sync();
    command.env("JSONSQL_PASSWORD", "adminpassword");
    command
        .arg(&export.0)
        .args(["--url", &sandbox.url(), "--username", "admin"])
        .args(more);
    tokio::task::block_in_place(|| run(&mut command))
}

#[test]
fn what_it_prints_on_iptvportal() {
    let run = run(nightly_sync()
        .arg("--apply")
        .args(["--owned-ref-prefix", "LB-1"]));
    assert!(run.success, "{}", run.stdout);
    assert_eq!(run.stderr, "", "a pipe is no terminal");
    insta::assert_snapshot!(run.without_port());
}

#[test]
fn what_it_prints_on_ministra() {
    let run = run(nightly_sync().args(["--platform", "ministra", "--apply"]));
    insta::assert_snapshot!(run.without_port());
    assert!(run.success);
}

#[test]
fn what_it_prints_on_tvip() {
    let arguments = ["--platform", "tvip", "--apply", "--owned-ref-prefix", "NN-"];
    let run = run(nightly_sync().args(arguments));
    insta::assert_snapshot!(run.without_port());
    assert!(run.success);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_applied_there_is_nothing_to_do() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("once_applied", SAMPLE);
    let before = sandbox.query("SELECT * FROM subscriber").await.unwrap();
    let shown = on(&sandbox, &export, &[]);
    assert!(
        shown.success && shown.stdout.contains("Nothing was done."),
        "{}",
        shown.stdout
    );
    assert_eq!(
        sandbox.query("SELECT * FROM subscriber").await.unwrap(),
        before
    );

    let applied = on(&sandbox, &export, &["--apply"]);
    assert!(applied.success, "{}", applied.stdout);
    let again = on(&sandbox, &export, &["--apply"]);
    assert!(
        again.success && again.stdout.contains("There is nothing to do."),
        "{}",
        again.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_broken_off_is_completed_by_another() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("broken_off", SAMPLE);
    // Half of all writes are executed without an answer.
    let lose = |call| Rule::new("/api/jsonsql", Fault::Drop).call(call).every(2);
    let faults = Faults::seeded(1)
        .rule(lose("insert"))
        .rule(lose("update"))
        .rule(lose("delete"));
    sandbox.set_faults(faults);
    let arguments = ["--apply", "--owned-ref-prefix", "LB-1"];
    let first = on(&sandbox, &export, &arguments);
    sandbox.set_faults(Faults::default());
    let second = on(&sandbox, &export, &arguments);
    assert!(second.success, "{}{}", first.stdout, second.stdout);
    let third = on(&sandbox, &export, &arguments);
    assert!(
        third.stdout.contains("There is nothing to do."),
        "{}",
        third.stdout
    );
    let new = "SELECT count(*) FROM subscriber WHERE username = '10010'";
    assert_eq!(sandbox.query(new).await.unwrap()[0][0], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_told_and_the_rest_is_done() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("what_fails", SAMPLE);
    // No terminal can be had or taken away, as for an account without the right.
    sandbox
        .query("CREATE TRIGGER no_terminals BEFORE INSERT ON terminal BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await
        .unwrap();
    let run = on(&sandbox, &export, &["--apply"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("Failed:\n  bind terminal      10010: 00-1A-79-10-00-0E: ")
    );
    assert!(run.stdout.contains("Run it again"), "{}", run.stdout);
    let disabled = "SELECT disabled FROM subscriber WHERE username = '10004'";
    assert_eq!(
        sandbox.query(disabled).await.unwrap()[0][0],
        1,
        "it is after the failure"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_deletes_are_refused_with_everything_else() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("too_many", "external_ref,login,enabled\nLB-1010,10010,1\n");
    let owned = ["--apply", "--owned-ref-prefix", "LB-1", "--max-deletes"];
    for limit in ["7", "99%"] {
        let run = on(&sandbox, &export, &[owned.as_slice(), &[limit]].concat());
        assert_eq!(run.code, Some(1));
        let told =
            format!("8 of 8 owned subscribers would be deleted, and --max-deletes is {limit}");
        assert!(run.stdout.contains(&told), "{}", run.stdout);
    }
    let count = "SELECT count(*) FROM subscriber";
    assert_eq!(sandbox.query(count).await.unwrap()[0][0], 12);

    // Nothing is owned unless one says so, and what is not owned stays.
    let run = on(&sandbox, &export, &["--apply", "--max-deletes", "0"]);
    assert!(run.success, "{}", run.stdout);
    assert_eq!(sandbox.query(count).await.unwrap()[0][0], 13);
    let run = on(&sandbox, &export, &[owned.as_slice(), &["8"]].concat());
    assert!(run.success, "{}", run.stdout);
    assert_eq!(sandbox.query(count).await.unwrap()[0][0], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_export_changes_nothing() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let bad = [
        (
            "external_ref,login,enabled\n",
            "there is no subscriber in it",
        ),
        ("", "the header lacks the column \"login\""),
        (
            "external_ref,login,enabled\nLB-1001,12345,1\nLB-1002,10002,perhaps\n",
            "line 3, column enabled: neither 1 nor 0",
        ),
        (
            "external_ref,login,enabled,packages\nLB-1001,12345,0,movies\n",
            "line 2, column packages: there is no package \"movies\" on the platform",
        ),
    ];
    for (text, told) in bad {
        let export = Export::of("bad", text);
        let arguments = ["--apply", "--owned-ref-prefix", "LB-"];
        let run = on(&sandbox, &export, &arguments);
        assert_eq!(run.code, Some(1));
        assert!(run.stdout.contains(told), "{}", run.stdout);
        let journal = sandbox.take_journal();
        assert!(
            journal.iter().all(|entry| entry.method == Some("select")),
            "{journal:?}"
        );
    }
}
