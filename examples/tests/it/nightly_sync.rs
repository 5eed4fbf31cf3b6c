//! `nightly_sync`: what it plans, what it does, and what it refuses.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use jsonsql_sandbox::Sandbox;

use crate::run::{Run, program, run};

mod interrupted;

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
