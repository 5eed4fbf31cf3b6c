//! A signal or a kill in the middle of a run, and the run after it.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::Value;

use crate::world::{Billing, IPTVPORTAL, MINISTRA, Scratch, Side, TVIP};
use crate::world::{disabled, export, jsonsql, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_run_between_two_requests_and_the_next_one_does_the_rest() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        stopped_by(signal).await;
    }
}

async fn stopped_by(signal: &str) {
    let scratch = Scratch::new(&format!("signal{signal}"));
    let slow =
        r#"{"rules": [{"route": "/jsonsql", "call": "update", "fault": {"delay_ms": 150}}]}"#;
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
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
    let output = tokio::task::block_in_place(|| child.wait_with_output()).expect("an end");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{signal}: {said}");
    assert!(
        said.contains("stopping: what is in flight is finished"),
        "{said}"
    );
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

/// Everything on a platform, without the times of this run.
async fn state(side: Side, sandbox: &Sandbox) -> String {
    match side.platform {
        "tvip" => without_times(sandbox.tvip().state()).to_string(),
        "ministra" => without_times(sandbox.ministra().state()).to_string(),
        _ => {
            let mut tables = Vec::new();
            for sql in [
                "SELECT username, disabled, billing, surname, phone, email \
                 FROM subscriber ORDER BY 1",
                "SELECT t.mac_addr, s.username, t.registered FROM terminal t \
                 LEFT JOIN subscriber s ON s.id = t.subscriber_id ORDER BY 1",
                "SELECT s.username, p.name, sp.enabled FROM subscriber_package sp \
                 JOIN subscriber s ON s.id = sp.subscriber_id \
                 JOIN package p ON p.id = sp.package_id ORDER BY 1, 2",
            ] {
                tables.push(format!("{:?}", sandbox.query(sql).await.expect("rows")));
            }
            tables.join("\n")
        }
    }
}

fn without_times(state: Value) -> Value {
    match state {
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| (name, without_times(value)));
            Value::Object(fields.collect())
        }
        Value::Array(values) => values.into_iter().map(without_times).collect(),
        Value::String(text) if text.as_str() > "2026-" && text.len() > 18 => "now".into(),
        Value::Number(number) if number.as_i64().is_some_and(|is| is > 1_790_000_000) => {
            "now".into()
        }
        other => other,
    }
}

/// Wherever it is killed, another run ends where one quiet run does.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_at_any_request_is_completed_by_another() {
    let options = ["--owned-ref-prefix", "LB-1", "--limit", "10"];
    for side in [IPTVPORTAL, MINISTRA, TVIP] {
        let name = format!("killed-{}", side.platform);
        let billing = Billing::new(&name, side).await;
        assert_eq!(billing.plan(side.export, &options).0, 0);
        billing.sandbox.take_requests();
        assert_eq!(billing.apply(&options[2..]).0, 0);
        let requests = billing.sandbox.take_requests().len();
        let end = state(side, &billing.sandbox).await;
        let (mut killed, mut tried) = (0, 0);
        for nth in (1..requests).step_by(4) {
            let billing = Billing::new(&name, side).await;
            assert_eq!(billing.plan(side.export, &options).0, 0);
            billing.sandbox.take_requests();
            let slow = Rule::new("/", Fault::DelayMs(15));
            let faults = Faults::seeded(1).rule(slow);
            billing.sandbox.set_faults(faults);
            let mut command = billing.applying(&options[2..]);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().expect("the program");
            let mut seen = 0;
            while seen < nth && child.try_wait().expect("a status").is_none() {
                tokio::time::sleep(Duration::from_millis(3)).await;
                seen += billing.sandbox.take_requests().len();
            }
            child.kill().expect("a kill");
            killed += usize::from(!child.wait().expect("an end").success());
            tried += 1;
            billing.sandbox.set_faults(Faults::default());
            // What was under way is made or not by now.
            tokio::time::sleep(Duration::from_millis(40)).await;

            billing.night(side.export, &options);
            let state = state(side, &billing.sandbox).await;
            assert_eq!(state, end, "{} killed at {nth}", side.platform);
            let said = billing.night(side.export, &options);
            assert!(said.contains("there is nothing to do"), "{nth}: {said}");
        }
        assert!(killed > 3, "{}: {killed} of {tried}", side.platform);
    }
}
