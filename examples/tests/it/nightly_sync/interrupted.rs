//! Runs that are killed, meet another one, or meet a platform that fails.

use std::process::{Command, Stdio};
use std::time::Duration;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::Value;

use super::{Export, SAMPLE, nightly_sync, on};
use crate::run::{Run, run};

/// A platform of a sandbox, with an export that fits it.
#[derive(Clone, Copy)]
struct Target {
    platform: &'static str,
    username: &'static str,
    password: &'static str,
    more: &'static [&'static str],
    export: &'static str,
}

const TARGETS: [Target; 3] = [
    Target {
        platform: "iptvportal",
        username: "admin",
        password: "adminpassword",
        more: &[],
        export: SAMPLE,
    },
    Target {
        platform: "ministra",
        username: "stalker",
        password: "secret_pass",
        more: &[],
        export: include_str!("../../../data/billing-ministra.csv"),
    },
    Target {
        platform: "tvip",
        username: "admin",
        password: "adminpassword",
        more: &["--provider", "1"],
        export: include_str!("../../../data/billing-tvip.csv"),
    },
];

impl Target {
    /// The program, about to apply everything.
    fn apply(self, sandbox: &Sandbox, export: &Export) -> Command {
        let url = match self.platform {
            "ministra" => sandbox.ministra_url(),
            "tvip" => sandbox.tvip_url(),
            _ => sandbox.url(),
        };
        let mut command = nightly_sync();
        command.env("JSONSQL_PASSWORD", self.password);
        command.args(["--platform", self.platform, "--url", &url]);
        command.args(["--username", self.username]).args(self.more);
        command.args(["--owned-ref-prefix", "LB-1", "--limit", "10", "--apply"]);
        command.arg(&export.0);
        command
    }

    /// What is there, without what only counts.
    async fn state(self, sandbox: &Sandbox) -> String {
        match self.platform {
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
                    tables.push(format!("{:?}", sandbox.query(sql).await.unwrap()));
                }
                tables.join("\n")
            }
        }
    }
}

/// The same without the times of this run.
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

fn quiet(mut command: Command) -> Run {
    let run = tokio::task::block_in_place(|| run(&mut command));
    assert!(run.success, "{}{}", run.stdout, run.stderr);
    run
}

/// Wherever it is killed, another run ends where one quiet run does.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_at_any_request_is_completed_by_another() {
    for target in TARGETS {
        let export = Export::of(&format!("killed-{}", target.platform), target.export);
        let sandbox = Sandbox::builder().start().await.unwrap();
        quiet(target.apply(&sandbox, &export));
        let requests = sandbox.take_requests().len();
        let end = target.state(&sandbox).await;
        let mut killed = 0;
        for nth in (1..requests).step_by(4) {
            let sandbox = Sandbox::builder().start().await.unwrap();
            let slow = Rule::new("/", Fault::DelayMs(15));
            sandbox.set_faults(Faults::seeded(1).rule(slow));
            let mut command = target.apply(&sandbox, &export);
            let mut child = command.stdout(Stdio::null()).spawn().unwrap();
            let mut seen = 0;
            while seen < nth && child.try_wait().unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(3)).await;
                seen += sandbox.take_requests().len();
            }
            child.kill().unwrap();
            killed += usize::from(!child.wait().unwrap().success());
            sandbox.set_faults(Faults::default());
            // What was under way is made or not by now.
            tokio::time::sleep(Duration::from_millis(40)).await;

            quiet(target.apply(&sandbox, &export));
            let state = target.state(&sandbox).await;
            assert_eq!(state, end, "{} killed at {nth}", target.platform);
            let third = quiet(target.apply(&sandbox, &export));
            let nothing = third.stdout.contains("There is nothing to do.");
            assert!(nothing, "{nth}: {}", third.stdout);
        }
        assert!(killed > 3, "{}: {killed} of {requests}", target.platform);
    }
}

/// Three of them left packages and boxes two and three times.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_runs_at_once_the_second_is_told_whose_the_first_is() {
    for target in TARGETS {
        let export = Export::of(&format!("twice-{}", target.platform), target.export);
        let sandbox = Sandbox::builder().start().await.unwrap();
        let slow = Rule::new("/", Fault::DelayMs(40));
        sandbox.set_faults(Faults::seeded(1).rule(slow));
        let mut command = target.apply(&sandbox, &export);
        let mut first = command.stdout(Stdio::null()).spawn().unwrap();
        while sandbox.take_requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        let mut second = target.apply(&sandbox, &export);
        let second = tokio::task::block_in_place(|| run(&mut second));
        assert_eq!(second.code, Some(1), "{}", second.stdout);
        let told = format!("is under way: process {}, since 20", first.id());
        assert!(second.stderr.contains(&told), "{}", second.stderr);
        assert!(first.wait().unwrap().success());

        let alone = Sandbox::builder().start().await.unwrap();
        quiet(target.apply(&alone, &export));
        assert_eq!(target.state(&sandbox).await, target.state(&alone).await);
        sandbox.set_faults(Faults::default());
        let third = quiet(target.apply(&sandbox, &export));
        assert!(third.stdout.contains("There is nothing to do."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_listed_and_found_out_by_the_next_run() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("unknown", "external_ref,login,enabled\nLB-1010,10010,1\n");
    // The subscriber is created; neither the answer nor a look afterwards comes.
    let lose = Rule::new("/jsonsql", Fault::Drop).call("insert");
    let mut silent = Rule::new("/jsonsql", Fault::Refuse).call("select");
    let first = on(&sandbox, &export, &[]);
    assert!(first.success);
    let requests = sandbox.take_requests();
    let selects = requests.iter().filter(|one| one.path == "/jsonsql/");
    let before = selects.count() as u64;
    // Planning takes so many selects, and creating one more before it writes.
    for nth in before + 2..before + 200 {
        silent = silent.nth(nth);
    }
    sandbox.set_faults(Faults::seeded(1).rule(lose).rule(silent));
    let run = on(&sandbox, &export, &["--apply"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("Unknown:\n  10010, line 2: create the subscriber: "),
        "{}",
        run.stdout
    );

    sandbox.set_faults(Faults::default());
    let again = on(&sandbox, &export, &["--apply"]);
    assert!(
        again.stdout.contains("There is nothing to do."),
        "{}",
        again.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_takes_nothing_is_not_asked_on_and_on() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let new = (0..40).map(|number| format!("LB-N{number},n{number},1\n"));
    let text = "external_ref,login,enabled\n".to_owned() + &new.collect::<String>();
    let export = Export::of("takes_nothing", &text);
    let fault = Fault::Status {
        code: 403,
        retry_after: None,
    };
    let refuse = |call| Rule::new("/jsonsql", fault.clone()).call(call);
    let faults = Faults::seeded(1)
        .rule(refuse("insert"))
        .rule(refuse("update"));
    sandbox.set_faults(faults.rule(refuse("delete")));
    let run = on(&sandbox, &export, &["--apply"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    // A status without a word of the server's own proves nothing of a write.
    let count = |what: &str| run.stdout.matches(what).count();
    assert_eq!(count("create the subscriber: unknown whether"), 10);
    assert_eq!(count("the platform failed too often"), 30, "{}", run.stdout);

    // Who waited for another one's box was not denied by the server.
    let lines = SAMPLE.lines().enumerate();
    let some = lines.filter(|(number, _)| [0, 3, 5].contains(number));
    let text: String = some.map(|(_, line)| format!("{line}\n")).collect();
    let run = on(
        &sandbox,
        &Export::of("waits", &text),
        &["--apply", "--smaller"],
    );
    let told = "Left as it is:\n  10005, line 3: its hardware address is held by a subscriber";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    assert!(
        !run.stdout.contains("the server says it is done"),
        "{}",
        run.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_the_server_refuses_do_not_stop_the_others_however_many_they_are() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sandbox
        .query(
            "CREATE TRIGGER no_bad BEFORE INSERT ON subscriber WHEN NEW.username LIKE 'bad%' \
             BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
        .await
        .unwrap();
    let bad = (0..25).map(|number| format!("N-{number},bad{number},1\n"));
    let text = "external_ref,login,enabled\n".to_owned() + &bad.collect::<String>();
    let export = Export::of("refused", &(text + "N-good,good,1\n"));
    let run = on(&sandbox, &export, &["--apply"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stdout.contains("Applied:\n     1  done\n"),
        "{}",
        run.stdout
    );
    let failed = run.stdout.matches(": create the subscriber: ").count();
    assert_eq!(failed, 25);
}
