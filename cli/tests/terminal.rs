//! A person at a terminal: the question before a write, and Ctrl-C.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use rexpect::session::{PtySession, spawn_command};

const LIMIT: Option<u64> = Some(20_000);
const UPDATE: &str = "update subscriber set disabled = true where id in (1, 2) returning id";

fn asked() -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsonsql"));
    command.args(["sql", "--sandbox", "--write", UPDATE]);
    let mut session = spawn_command(command, LIMIT).expect("a terminal");
    session
        .exp_string("2 rows found. Send it? [y/N]")
        .expect("the question");
    session
}

fn ended(mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().expect("an end");
    match session.process.wait() {
        Ok(rexpect::process::wait::WaitStatus::Exited(_, code)) => (rest, code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn yes_sends_it() {
    let mut session = asked();
    session.send_line("y").expect("an answer");
    let (rest, code) = ended(session);
    assert_eq!(code, 0, "{rest}");
    assert!(rest.contains("2 rows"), "{rest}");
}

#[test]
fn everything_else_does_not() {
    for answer in ["", "n", "yeah", "да"] {
        let mut session = asked();
        session.send_line(answer).expect("an answer");
        let (rest, code) = ended(session);
        assert_eq!(code, 4, "{answer}: {rest}");
        assert!(rest.contains("nothing was written"), "{rest}");
    }
}

#[test]
fn ctrl_c_at_the_question_writes_nothing_and_ends_at_once() {
    let mut session = asked();
    session.send_control('c').expect("a signal");
    let (rest, code) = ended(session);
    assert_eq!(code, 4, "{rest}");
    assert!(rest.contains("interrupted; nothing was written"), "{rest}");
}

/// The command in a terminal that is this wide, with a server of this test.
fn wide(columns: u16, sandbox: &Sandbox, arguments: &[&str]) -> PtySession {
    let mut command = Command::new("sh");
    let script = format!("stty cols {columns} rows 24; exec \"$0\" \"$@\"");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .env("JSONSQL_URL", sandbox.url())
        .env("JSONSQL_USERNAME", "admin")
        .env("JSONSQL_PASSWORD", "adminpassword")
        .env("XDG_STATE_HOME", scratch().join("state"))
        .args(["-c", &script, env!("CARGO_BIN_EXE_jsonsql")])
        .args(arguments);
    spawn_command(command, LIMIT).expect("a terminal")
}

fn scratch() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pseudo-terminal");
    fs::create_dir_all(&path).expect("a directory");
    path
}

async fn slow(subscribers: u32, call: &'static str, milliseconds: u64) -> Sandbox {
    let seed = format!("generate:{subscribers}").parse().expect("a seed");
    let rule = Rule::new("/jsonsql", Fault::DelayMs(milliseconds)).call(call);
    let builder = Sandbox::builder().seed(seed);
    let builder = builder.faults(Faults::seeded(1).rule(rule));
    builder.start().await.expect("a sandbox")
}

/// An export that switches everybody off.
async fn everybody_off(sandbox: &Sandbox, name: &str) -> String {
    let sql = "SELECT username FROM subscriber ORDER BY id";
    let rows = sandbox.query(sql).await.expect("rows");
    let mut text = "external_ref,login,enabled\n".to_owned();
    for (number, row) in rows.iter().enumerate() {
        text.push_str(&format!(
            "P-{number},{},0\n",
            row[0].as_str().expect("a login")
        ));
    }
    let path = scratch().join(format!("{name}.csv"));
    fs::write(&path, text).expect("an export");
    path.to_str().expect("a path").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_has_a_rate_and_the_time_left_and_ctrl_c_ends_between_two_requests() {
    let sandbox = slow(60, "update", 150).await;
    let export = everybody_off(&sandbox, "progress").await;
    let plan = scratch().join("progress.jsonl");
    let plan = plan.to_str().expect("a path");
    let limit = ["--limit", "100%"];
    let planned = ["plan", &export, "-o", plan];
    tokio::task::block_in_place(|| {
        let session = wide(100, &sandbox, &[&planned[..], &limit].concat());
        let (rest, code) = ended(session);
        assert_eq!(code, 0, "{rest}");
        let report = scratch().join("progress.report.jsonl");
        let _ = fs::remove_file(&report);

        let mut session = wide(100, &sandbox, &[&["apply", plan], &limit[..]].concat());
        session.exp_string("Apply it to ").expect("the question");
        session.exp_string("[y/N]").expect("the question");
        session.send_line("y").expect("an answer");
        let bar = r"applying \[[#.]+\] [1-9][0-9]*/[0-9]+, [0-9.,]+/s, [0-9]+[smhd]+ left";
        session.exp_regex(bar).expect("progress");
        session.send_control('c').expect("a signal");
        session
            .exp_string("stopping: what is in flight is finished; again ends at once")
            .expect("a sentence");
        let (rest, code) = ended(session);
        assert_eq!(code, 1, "{rest}");
        assert!(rest.contains("the run was stopped"), "{rest}");
        assert!(rest.contains("the report is in"), "{rest}");
        let account = fs::read_to_string(&report).expect("a report");
        assert!(account.contains(r#""result":"done""#), "{account}");
    });
    let sql = "SELECT count(*) FROM subscriber WHERE billing LIKE 'P-%'";
    let made = sandbox.query(sql).await.expect("a count")[0][0].as_i64();
    let account = fs::read_to_string(scratch().join("progress.report.jsonl")).expect("a report");
    let told = account.matches(r#""result":"done""#).count() as i64;
    assert_eq!(
        made,
        Some(told),
        "every step that was made is in the report"
    );
    assert!(told < 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_columns_are_enough() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let select = "select id, username, first_name, email from subscriber limit 3";
    tokio::task::block_in_place(|| {
        for columns in [20, 1, 500] {
            for arguments in [
                &["sql", select][..],
                &["subscriber", "list"],
                &["profiles"],
                &["--help"],
                &["sql", "--help"],
                &["sql", "select nmae from media"],
            ] {
                let session = wide(columns, &sandbox, arguments);
                let (printed, code) = ended(session);
                assert!(code <= 1, "{columns} {arguments:?}: {code} {printed}");
                assert!(
                    !printed.contains("panicked"),
                    "{columns} {arguments:?}: {printed}"
                );
            }
        }
        // A table is not wider than the terminal.
        let (printed, code) = ended(wide(
            20,
            &sandbox,
            &["sql", "select id, username from subscriber limit 3"],
        ));
        assert_eq!(code, 0, "{printed}");
        // The session reads a byte as a character.
        let bytes: Vec<u8> = printed.chars().map(|one| one as u8).collect();
        let printed = String::from_utf8(bytes).expect("text");
        let table = printed
            .lines()
            .filter(|line| line.starts_with(['│', '┌', '╞', '└']));
        let widths: Vec<usize> = table.map(|line| line.trim_end().chars().count()).collect();
        assert!(
            !widths.is_empty() && widths.iter().all(|width| *width <= 20),
            "{widths:?} {printed}"
        );
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_read_with_a_sentence() {
    let sandbox = slow(60, "select", 2_000).await;
    tokio::task::block_in_place(|| {
        for signal in ["-HUP", "-TERM", "-INT"] {
            let mut session = wide(80, &sandbox, &["export", "--what", "terminals"]);
            session.exp_string("iptvportal at ").expect("the server");
            let process = session.process.child_pid.to_string();
            let sent = Command::new("kill").args([signal, &process]).status();
            assert!(sent.expect("kill").success());
            let (rest, code) = ended(session);
            assert_eq!(code, 1, "{signal}: {rest}");
            assert!(
                rest.contains("interrupted; nothing was changed"),
                "{signal}: {rest}"
            );
        }
    });
}
