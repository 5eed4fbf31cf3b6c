//! A person at a terminal: the question before a write, and Ctrl-C.

use std::process::Command;

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
