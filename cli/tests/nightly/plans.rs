//! A plan is made, looked at, and done; or a guard says no.

use std::fs;
use std::process::Stdio;

use jsonsql_client::provisioning::sync::RunLock;

use crate::world::{Scratch, apply, disabled, export, jsonsql, plan, run, server};

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_kept_and_then_done() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("kept"));
    let before = disabled(&sandbox).await;
    let csv = scratch.file("billing.csv", &export(&sandbox, 18).await);
    let file = scratch.path("plan.jsonl");
    let (code, _, said) = plan((&sandbox, &scratch), (&csv, &file), &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the plan is in"), "{said}");
    assert_eq!(disabled(&sandbox).await, before, "a plan writes nothing");

    let (code, printed, said) = apply((&sandbox, &scratch), &file, &["--yes"]);
    assert_eq!(code, 0, "{printed}{said}");
    assert_eq!(disabled(&sandbox).await, 2, "two and no others");
    let report = fs::read_to_string(scratch.path("plan.report.jsonl")).expect("a report");
    let done = report
        .lines()
        .filter(|line| line.contains(r#""outcome":"done""#))
        .count();
    let steps = report
        .lines()
        .filter(|line| line.contains(r#""result":"done""#))
        .count();
    assert!(done >= 2 && steps >= 2, "{report}");

    // A night later there is nothing to do.
    let (code, printed, _) = run(jsonsql(&sandbox, &scratch)
        .arg("plan")
        .arg(&csv)
        .arg("--json"));
    assert_eq!((code, printed.as_str()), (0, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_that_says_no_keeps_no_plan() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("guard"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 5).await);
    let file = scratch.path("plan.jsonl");
    let (code, printed, said) = plan((&sandbox, &scratch), (&csv, &file), &[]);
    assert_eq!(code, 4, "{said}");
    assert!(
        printed.contains("switched off") || printed.contains("enabled"),
        "{printed}"
    );
    assert!(said.contains("no plan was kept"), "{said}");
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_asks_and_a_plan_of_another_guard_is_refused() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("asks"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 15).await);
    let file = scratch.path("plan.jsonl");
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) = run(command
        .arg("plan")
        .arg(&csv)
        .arg("-o")
        .arg(&file)
        .args(["--limit", "9"]));
    assert_eq!(code, 0, "{said}");
    let before = disabled(&sandbox).await;
    let (code, _, said) = apply((&sandbox, &scratch), &file, &["-y"]);
    assert_eq!(code, 4, "{said}");
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) = run(command.arg("apply").arg(&file).args(["--limit", "9"]));
    assert_eq!(code, 4, "nobody can be asked: {said}");
    assert_eq!(disabled(&sandbox).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_half_written_or_of_something_else_is_refused() {
    let (sandbox, scratch) = (server(3).await, Scratch::new("half"));
    for (name, text, expected) in [
        (
            "half.csv",
            "external_ref,login,enabled\nC-1,10001,1\nC-2,1000",
            "half.csv cannot be used",
        ),
        (
            "columns.csv",
            "name,age\na,1\n",
            "columns.csv cannot be used",
        ),
        ("empty.csv", "", "empty.csv cannot be used"),
    ] {
        let csv = scratch.file(name, text);
        let (code, printed, said) = run(jsonsql(&sandbox, &scratch).arg("plan").arg(&csv));
        assert_eq!((code, printed.as_str()), (1, ""), "{name}: {said}");
        assert!(said.contains(expected), "{said}");
    }
    let (code, _, said) = run(jsonsql(&sandbox, &scratch)
        .arg("plan")
        .arg(scratch.path("nowhere.csv")));
    assert_eq!(code, 2, "{said}");
    let junk = scratch.file("junk.jsonl", "{\"x\":1}\n");
    let (code, _, said) = apply((&sandbox, &scratch), &junk, &["-y"]);
    assert_eq!(code, 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_closes_does_not_end_a_run() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("closed"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 17).await);
    let file = scratch.path("plan.jsonl");
    let (code, _, said) = plan((&sandbox, &scratch), (&csv, &file), &[]);
    assert_eq!(code, 0, "{said}");
    let before = disabled(&sandbox).await;
    let mut command = jsonsql(&sandbox, &scratch);
    command
        .arg("apply")
        .arg(&file)
        .arg("-y")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    drop(child.stdout.take());
    let status = tokio::task::block_in_place(|| child.wait()).expect("an end");
    assert_ne!(before, 3);
    assert_eq!(disabled(&sandbox).await, 3, "the run goes on");
    assert_eq!(
        status.code(),
        Some(1),
        "and says that not everything could be told"
    );
    let report = fs::read_to_string(scratch.path("plan.report.jsonl")).expect("a report");
    assert!(report.contains(r#""outcome":"done""#), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_report_nothing_is_begun() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("unreported"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 18).await);
    let file = scratch.path("plan.jsonl");
    plan((&sandbox, &scratch), (&csv, &file), &[]);
    let before = disabled(&sandbox).await;
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) =
        run(command
            .arg("apply")
            .arg(&file)
            .args(["-y", "--report", "/nowhere/r"]));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("nothing was done"), "{said}");
    assert_eq!(disabled(&sandbox).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_closes_changes_nothing_about_a_plan() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("unseen"));
    let file = scratch.path("plan.jsonl");
    let unseen = |csv: &std::path::Path| {
        let mut command = jsonsql(&sandbox, &scratch);
        command
            .arg("plan")
            .arg(csv)
            .arg("-o")
            .arg(&file)
            .arg("--smaller")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        drop(child.stdout.take());
        let status = tokio::task::block_in_place(|| child.wait()).expect("an end");
        status.code()
    };
    let kept = scratch.file("kept.csv", &export(&sandbox, 18).await);
    assert_eq!(unseen(&kept), Some(1), "the plan could not be shown");
    assert!(file.exists());
    let refused = scratch.file("refused.csv", &export(&sandbox, 5).await);
    assert_eq!(unseen(&refused), Some(4));
    assert!(
        !file.exists(),
        "an older plan is not applied for one that was refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_plan_is_gone_and_another_file_is_not_replaced() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("older"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 18).await);
    let file = scratch.path("plan.jsonl");
    let planned = |csv: &std::path::Path, output: &std::path::Path| {
        plan((&sandbox, &scratch), (csv, output), &[])
    };
    assert_eq!(planned(&csv, &file).0, 0);
    let cut = scratch.file("cut.csv", "external_ref,login,enabled\nC-1,1");
    assert_eq!(planned(&cut, &file).0, 1);
    assert!(!file.exists());

    let (code, _, said) = planned(&csv, &csv);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("is no plan"), "{said}");
    assert!(csv.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_at_a_time() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("locked"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 18).await);
    let file = scratch.path("plan.jsonl");
    let state = scratch.path("state").join("jsonsql");
    let (code, _, said) = plan((&sandbox, &scratch), (&csv, &file), &[]);
    assert_eq!(code, 0, "{said}");
    let address = jsonsql_client::Url::parse(&sandbox.url()).expect("an address");
    let held = RunLock::take(&state, "iptvportal", address.as_str()).expect("the lock");
    let before = disabled(&sandbox).await;
    let (code, _, said) = apply((&sandbox, &scratch), &file, &["-y"]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("another run"), "{said}");
    assert_eq!(disabled(&sandbox).await, before);
    drop(held);
    let (code, _, said) = apply((&sandbox, &scratch), &file, &["-y"]);
    assert_eq!(code, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_json_the_outcome_of_each_subscriber_is_a_line() {
    let (sandbox, scratch) = (server(10).await, Scratch::new("json"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 8).await);
    let file = scratch.path("plan.jsonl");
    let (code, _, said) = plan((&sandbox, &scratch), (&csv, &file), &[]);
    assert_eq!(code, 0, "{said}");
    let (code, printed, said) = apply((&sandbox, &scratch), &file, &["--yes", "--json"]);
    assert_eq!(code, 0, "{said}");
    let lines = printed
        .lines()
        .map(serde_json::from_str::<serde_json::Value>);
    let lines: Vec<_> = lines.collect::<Result<_, _>>().expect("JSON lines");
    assert!(!lines.is_empty(), "{said}");
    assert!(
        lines.iter().all(|line| line["outcome"] == "done"),
        "{printed}"
    );
    // The report has the same lines among those of the steps.
    let report = fs::read_to_string(scratch.path("plan.report.jsonl")).expect("a report");
    assert!(
        printed.lines().all(|line| report.contains(line)),
        "{report}"
    );
    assert!(
        said.contains("10  to be changed"),
        "the plan is shown: {said}"
    );

    let (code, printed, said) = apply((&sandbox, &scratch), &file, &["--yes", "--json"]);
    let line: serde_json::Value =
        serde_json::from_str(printed.lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (code, &line["outcome"]),
        (1, &"left".into()),
        "changed since: {said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_for_the_server_that_it_was_made_for() {
    let (sandbox, other, scratch) = (server(20).await, server(20).await, Scratch::new("whose"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 18).await);
    let file = scratch.path("plan.jsonl");
    let (code, planned, said) = plan((&sandbox, &scratch), (&csv, &file), &[]);
    assert_eq!(code, 0, "{said}");
    let text = fs::read_to_string(&file).expect("the plan");
    assert!(!text.contains("adminpassword"), "{text}");

    let before = disabled(&other).await;
    let (code, printed, said) = apply((&other, &scratch), &file, &["--yes"]);
    assert_eq!((code, printed.as_str()), (1, ""), "{said}");
    let at = |sandbox: &jsonsql_sandbox::Sandbox| {
        format!("iptvportal at {}", sandbox.url().trim_end_matches('/'))
    };
    let told = format!(
        "the plan was made for {}, and this is {}",
        at(&sandbox),
        at(&other)
    );
    assert!(said.contains(&told), "{said}");
    assert_eq!(disabled(&other).await, before);

    // Who is asked sees the same steps as when the plan was made.
    let (code, printed, said) = apply((&sandbox, &scratch), &file, &["--yes"]);
    assert_eq!(code, 0, "{said}");
    let steps = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with("    "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let expected: Vec<String> = (steps(&planned).into_iter())
        .filter(|line| !line.contains("left alone") && !line.contains("as wanted"))
        .collect();
    assert!(
        expected
            .iter()
            .any(|line| line.contains("change the subscriber"))
    );
    let shown = printed.split("\nApplied:").next().expect("the plan");
    assert_eq!(steps(shown), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_on_a_full_disk_goes_on_at_standard_error() {
    let (sandbox, scratch) = (server(20).await, Scratch::new("full"));
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let csv = scratch.file("billing.csv", &export(&sandbox, 17).await);
    let file = scratch.path("plan.jsonl");
    assert_eq!(plan((&sandbox, &scratch), (&csv, &file), &[]).0, 0);
    let (code, printed, said) = apply(
        (&sandbox, &scratch),
        &file,
        &["--yes", "--report", "/dev/full"],
    );
    assert_eq!(code, 1, "{printed}{said}");
    assert!(said.contains("the report /dev/full: "), "{said}");
    assert!(said.contains(r#""result":"done""#), "{said}");
    assert!(said.contains(r#""outcome":"done""#), "{said}");
    assert_eq!(disabled(&sandbox).await, 3, "the run goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_has_the_name_that_it_is_given() {
    let (sandbox, scratch) = (server(5).await, Scratch::new("lock-name"));
    let csv = scratch.file("billing.csv", &export(&sandbox, 5).await);
    let file = scratch.path("plan.jsonl");
    let state = scratch.path("state").join("jsonsql");
    let held = RunLock::take(&state, "iptvportal", "north").expect("the lock");
    let named = |name: &str| plan((&sandbox, &scratch), (&csv, &file), &["--lock-name", name]);
    let (code, _, said) = named("north");
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("another run for iptvportal-north"), "{said}");
    assert_eq!(named("south").0, 0);
    drop(held);
    assert_eq!(named("north").0, 0);
}
