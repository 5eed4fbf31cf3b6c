//! `nightly_sync`: what it plans, what it does, and what it refuses.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::Value;

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

/// The program, against this sandbox as against a real server.
fn against(sandbox: &Sandbox, export: &Export, more: &[&str]) -> Command {
    let mut command = nightly_sync();
    command.env("JSONSQL_PASSWORD", "adminpassword");
    command
        .args(["--url", &sandbox.url(), "--username", "admin"])
        .arg(&export.0)
        .args(more);
    command
}

fn on(sandbox: &Sandbox, export: &Export, more: &[&str]) -> Run {
    tokio::task::block_in_place(|| run(&mut against(sandbox, export, more)))
}

#[test]
fn what_it_prints_on_iptvportal() {
    let run = run(nightly_sync()
        .args(["--apply", "--limit", "5"])
        .args(["--owned-ref-prefix", "LB-1"]));
    assert!(run.success, "{}", run.stdout);
    assert_eq!(run.stderr, "", "a pipe is no terminal");
    insta::assert_snapshot!(run.without_port());
}

#[test]
fn what_it_prints_on_ministra() {
    let run = run(nightly_sync().args(["--platform", "ministra", "--apply", "--limit", "4"]));
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
async fn without_apply_nothing_is_written() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let shown = on(&sandbox, &Export::of("shown", SAMPLE), &[]);
    assert!(
        shown.success && shown.stdout.contains("Nothing was done."),
        "{}",
        shown.stdout
    );
    let journal = sandbox.take_journal();
    assert!(!journal.is_empty());
    assert!(journal.iter().all(|entry| entry.method == Some("select")));
}

#[tokio::test(flavor = "multi_thread")]
async fn once_applied_there_is_nothing_to_do() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    // Longer than what Ministra takes for a login: packages wait for the box.
    let ministra = include_str!("../../data/billing-ministra.csv").to_owned()
        + "CONTRACT-2026-0007,contract7,,,1,Family;HD,00:1A:79:00:00:0D\n";
    let tvip = include_str!("../../data/billing-tvip.csv");
    let (portal_url, ministra_url) = (sandbox.url(), sandbox.ministra_url());
    let tvip_url = sandbox.tvip_url();
    for (platform, url, username, password, csv) in [
        ("iptvportal", &portal_url, "admin", "adminpassword", SAMPLE),
        (
            "ministra",
            &ministra_url,
            "stalker",
            "secret_pass",
            &ministra,
        ),
        ("tvip", &tvip_url, "admin", "adminpassword", tvip),
    ] {
        let export = Export::of(platform, csv);
        let apply = || {
            let mut command = nightly_sync();
            command
                .env("JSONSQL_PASSWORD", password)
                .arg(&export.0)
                .args(["--apply", "--limit", "4"]);
            command.args(["--platform", platform, "--url", url, "--username", username]);
            command.args(["--owned-ref-prefix", "NN-"]);
            if platform == "tvip" {
                command.args(["--provider", "1"]);
            }
            tokio::task::block_in_place(|| run(&mut command))
        };
        let first = apply();
        assert!(first.success, "{}", first.stdout);
        let again = apply();
        assert!(again.success, "{}", again.stdout);
        assert!(
            again.stdout.contains("There is nothing to do."),
            "{}",
            again.stdout
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_platform_has_no_place_for_is_told_and_not_compared() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let csv = "external_ref,login,email,phone,enabled\nNN-1001,1001,a@example.net,1,1\n";
    let export = Export::of("no_place", csv);
    let mut command = nightly_sync();
    command
        .env("JSONSQL_PASSWORD", "adminpassword")
        .arg(&export.0);
    command.args(["--platform", "tvip", "--url", &sandbox.tvip_url()]);
    command.args(["--username", "admin", "--provider", "1"]);
    let run = tokio::task::block_in_place(|| run(&mut command));
    assert!(run.success, "{}", run.stdout);
    let told = "\nNot compared: tvip has no e-mail addresses.\n\
                \nNot compared: tvip has no telephone numbers.\n";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    let end = "\nThere is nothing to do.\n";
    assert!(run.stdout.ends_with(end), "{}", run.stdout);
}

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
        export: include_str!("../../data/billing-ministra.csv"),
    },
    Target {
        platform: "tvip",
        username: "admin",
        password: "adminpassword",
        more: &["--provider", "1"],
        export: include_str!("../../data/billing-tvip.csv"),
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

#[tokio::test(flavor = "multi_thread")]
async fn the_restarts_it_tells_beforehand_are_those_that_happen() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    // Two boxes lose Kids, of which only one has it, and get Sport.
    let export = "external_ref,login,enabled,packages\n12346,12346,1,Basic;Sport\n";
    let export = Export::of("restarts", export);
    let mut command = nightly_sync();
    command.env("JSONSQL_PASSWORD", "secret_pass");
    command.args(["--platform", "ministra", "--url", &sandbox.ministra_url()]);
    command
        .args(["--username", "stalker", "--apply"])
        .arg(&export.0);
    let run = tokio::task::block_in_place(|| run(&mut command));
    assert!(run.success, "{}", run.stdout);
    let told = run
        .stdout
        .lines()
        .find_map(|line| line.strip_suffix("  restarts of terminals"));
    let told: usize = told.unwrap_or_default().trim().parse().unwrap();
    let boxes = ["00:1A:79:00:00:02", "00:1A:79:00:00:03"];
    let happened: usize = boxes
        .iter()
        .map(|mac| sandbox.ministra().reboots(mac))
        .sum();
    // A box that has not fetched the message about one change yet restarts once
    // for that and the next: no more often than was told, and each box that was.
    assert!(happened > 0);
    assert!(told >= happened, "{}", run.stdout);
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
            .contains("Failed:\n  10010, line 8: create the terminal: "),
        "{}",
        run.stdout
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
async fn too_much_taken_away_is_refused_with_everything_else() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("too_many", "external_ref,login,enabled\nLB-1010,10010,1\n");
    let owned = ["--apply", "--owned-ref-prefix", "LB-1"];
    for (limit, allowed) in [
        (&[][..], "3 are allowed (5% of 9)"),
        (&["--limit", "8"], "8 are allowed (8 of 9)"),
        (&["--limit", "99%"], "8 are allowed (99% of 9)"),
    ] {
        let run = on(&sandbox, &export, &[&owned, limit].concat());
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        let told = format!("something would be taken away from 9 subscribers, and {allowed}");
        assert!(run.stdout.contains(&told), "{}", run.stdout);
    }
    let count = "SELECT count(*) FROM subscriber";
    assert_eq!(sandbox.query(count).await.unwrap()[0][0], 12);

    // Nothing is owned unless one says so, and what is not owned stays.
    let run = on(&sandbox, &export, &["--apply", "--limit", "0"]);
    assert!(run.success, "{}", run.stdout);
    assert_eq!(sandbox.query(count).await.unwrap()[0][0], 13);
    let run = on(&sandbox, &export, &[&owned[..], &["--limit", "9"]].concat());
    assert!(run.success, "{}", run.stdout);
    assert_eq!(sandbox.query(count).await.unwrap()[0][0], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_cannot_be_trusted_changes_nothing() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let bad = [
        (
            "external_ref,login,enabled\n",
            "there is no subscriber in it",
        ),
        ("", "there is no subscriber in it"),
        (
            "external_ref,username,enabled\nLB-1001,12345,1\n",
            "line 1, column 2: the header has \"username\" there",
        ),
        (
            "external_ref,login,enabled\nLB-1001,12345,1\nLB-1002,10002\n",
            "line 3, column login: 2 cells, where the header has 3",
        ),
    ];
    for (text, told) in bad {
        let export = Export::of("bad", text);
        let arguments = ["--apply", "--owned-ref-prefix", "LB-"];
        let run = on(&sandbox, &export, &arguments);
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        assert!(run.stderr.contains(told), "{}", run.stderr);
        let journal = sandbox.take_journal();
        assert!(
            journal.iter().all(|entry| entry.method == Some("select")),
            "{journal:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_that_cannot_be_had_is_listed_and_the_others_are_done() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let text = "external_ref,login,enabled,packages\n\
                LB-1001,12345,perhaps,basic\n\
                LB-1002,10002,1,movies\n\
                LB-1010,10010,1,basic\n";
    let export = Export::of("one_line", text);
    let arguments = ["--apply", "--owned-ref-prefix", "LB-1", "--limit", "50"];
    let run = on(&sandbox, &export, &arguments);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    let told = "Left as it is:\n  \
                12345, line 2: column enabled: neither 1 nor 0\n  \
                10002, line 3: column packages: there is no package \"movies\" on the platform\n";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    let there = "SELECT username FROM subscriber WHERE billing LIKE 'LB-1%' ORDER BY id";
    let there = sandbox.query(there).await.unwrap();
    let there: Vec<_> = there.iter().map(|row| row[0].as_str().unwrap()).collect();
    assert_eq!(there, ["12345", "10002", "10010"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_has_become_much_smaller_is_refused_until_it_is_named() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let rows = |count: usize| {
        let rows = (0..count).map(|row| format!("N-{row},n{row},1\n"));
        "external_ref,login,enabled\n".to_owned() + &rows.collect::<String>()
    };
    let whole = on(&sandbox, &Export::of("whole", &rows(20)), &["--apply"]);
    assert!(whole.success, "{}", whole.stdout);
    sandbox.take_journal();
    let small = Export::of("small", &rows(16));
    let refused = on(&sandbox, &small, &["--apply"]);
    assert_eq!(refused.code, Some(1));
    let told = "the export has 16 subscribers, and the one before it had 20; nothing was done";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    assert!(sandbox.take_journal().is_empty(), "it is not even read");
    assert!(on(&sandbox, &small, &["--apply", "--smaller"]).success);
    // From then on that is its size.
    assert!(on(&sandbox, &small, &["--apply"]).success);
    assert!(on(&sandbox, &Export::of("less", &rows(13)), &["--apply"]).success);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_comes_from_standard_input_too() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut command = against(&sandbox, &Export(PathBuf::from("-")), &[]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let text = "external_ref,login,enabled\nLB-1010,10010,1\n";
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = tokio::task::block_in_place(|| child.wait_with_output()).unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("10010, line 2"), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_saved_looked_at_and_applied_without_those_who_have_changed() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = Export::of("planned", SAMPLE);
    let plan = Export(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("planned.jsonl"));
    let file = plan.0.to_str().unwrap();
    let owned = [
        "--owned-ref-prefix",
        "LB-1",
        "--limit",
        "5",
        "--save-plan",
        file,
    ];
    let saved = on(&sandbox, &export, &owned);
    assert!(saved.success, "{}{}", saved.stdout, saved.stderr);
    assert!(sandbox.take_journal().iter().all(|one| one.changed == 0));

    let by_hand = "UPDATE subscriber SET phone = '1' WHERE username = '10004'";
    sandbox.query(by_hand).await.unwrap();
    let mut command = nightly_sync();
    command.env("JSONSQL_PASSWORD", "adminpassword");
    command.args(["--url", &sandbox.url(), "--username", "admin"]);
    command.args(["--from-plan", file, "--apply"]);
    let refused = tokio::task::block_in_place(|| run(&mut command));
    assert!(
        refused.stdout.contains("5 subscribers, and 3 are allowed"),
        "{}",
        refused.stdout
    );
    command.args(["--limit", "5"]);
    let applied = tokio::task::block_in_place(|| run(&mut command));
    assert_eq!(applied.code, Some(1), "{}", applied.stdout);
    let told = "     9  done\n\nLeft as it is:\n  \
                10004, line 5: it has changed since the plan was made\n";
    assert!(applied.stdout.contains(told), "{}", applied.stdout);
    let disabled = "SELECT disabled FROM subscriber WHERE username = '10004'";
    assert_eq!(sandbox.query(disabled).await.unwrap()[0][0], 0);
}
