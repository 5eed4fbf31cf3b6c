//! A signal in the middle of a run, and the run after it.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use jsonsql_sandbox::faults::Faults;
use jsonsql_sandbox::{Sandbox, Seed};

use crate::world::{Scratch, disabled, export, jsonsql, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_run_between_two_requests_and_the_next_one_does_the_rest() {
    let scratch = Scratch::new("signal");
    let slow =
        r#"{"rules": [{"route": "/api/jsonsql", "call": "update", "fault": {"delay_ms": 150}}]}"#;
    let seed: Seed = "generate:40".parse().expect("a seed");
    let sandbox = Sandbox::builder()
        .seed(seed)
        .faults(Faults::from_json(slow).expect("faults"))
        .start()
        .await
        .expect("a sandbox");
    let csv = scratch.file("billing.csv", &export(&sandbox, 0).await);
    let plan = scratch.path("plan.jsonl");
    let planned = |plan: &std::path::Path| {
        let mut command = jsonsql(&sandbox, &scratch);
        run(command
            .arg("plan")
            .arg(&csv)
            .arg("-o")
            .arg(plan)
            .args(["--limit", "100%"]))
    };
    let (code, _, said) = planned(&plan);
    assert_eq!(code, 0, "{said}");
    let before = disabled(&sandbox).await;

    let mut command = jsonsql(&sandbox, &scratch);
    command
        .arg("apply")
        .arg(&plan)
        .args(["-y", "--limit", "100%"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let report = scratch.path("plan.report.jsonl");
    // Some steps are made.
    while fs::read_to_string(&report).map_or(0, |text| text.lines().count()) < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let sent = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
    let output = tokio::task::block_in_place(|| child.wait_with_output()).expect("an end");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the run was stopped"), "{said}");

    let after = disabled(&sandbox).await;
    assert!(
        before < after && after < 40,
        "{before} before, {after} after"
    );
    let sql = "SELECT count(*) FROM subscriber WHERE billing LIKE 'C-%'";
    let changed = sandbox.query(sql).await.expect("a count")[0][0]
        .as_i64()
        .expect("a number");
    let account = fs::read_to_string(&report).expect("a report");
    let made = account
        .lines()
        .filter(|line| line.contains(r#""result":"done""#))
        .count();
    assert_eq!(
        made as i64, changed,
        "every step that was made is in the report"
    );
    assert!(account.contains("the run was stopped before"), "{account}");

    let rest = scratch.path("rest.jsonl");
    assert_eq!(planned(&rest).0, 0);
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) = run(command
        .arg("apply")
        .arg(&rest)
        .args(["-y", "--limit", "100%"]));
    assert_eq!(code, 0, "{said}");
    assert_eq!(disabled(&sandbox).await, 40);
}
