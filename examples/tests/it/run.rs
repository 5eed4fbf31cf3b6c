//! Running a program and looking at what it says.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// What a program printed and whether it succeeded.
pub(crate) struct Run {
    pub(crate) success: bool,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A program that sees nothing of this environment.
pub(crate) fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    for name in ["URL", "DOMAIN", "USERNAME", "PASSWORD"] {
        command.env_remove(format!("JSONSQL_{name}"));
    }
    command
        .env_remove("FROM_PASSWORD")
        .env_remove("TO_PASSWORD")
        .env("XDG_STATE_HOME", state_home());
    command
}

/// A directory of this test alone, for what a run leaves for the next one.
fn state_home() -> PathBuf {
    let test = std::thread::current();
    let name = test.name().unwrap_or_default().replace("::", "-");
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("state")
        .join(name)
}

/// Runs it to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    Run::of(command.output().unwrap())
}

/// What it prints; it succeeds and, in a pipe, says nothing besides.
pub(crate) fn printed(command: &mut Command) -> String {
    let run = run(command);
    assert_eq!(run.stderr, "");
    assert!(run.success);
    run.stdout
}

/// What it says when it fails; stdout has no half of an answer.
pub(crate) fn refused(command: &mut Command) -> String {
    let run = run(command);
    assert!(!run.success);
    assert_eq!(run.stdout, "");
    run.stderr
}

/// Runs it with nobody who reads what it prints.
pub(crate) fn run_unread(command: &mut Command) -> Run {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    Run::of(child.wait_with_output().unwrap())
}

impl Run {
    fn of(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run {
            success: output.status.success(),
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// What it printed, without the sandbox's port.
    pub(crate) fn without_port(&self) -> &str {
        let (first, rest) = self.stdout.split_once('\n').unwrap();
        assert!(
            first.starts_with("A sandbox answers at http://127.0.0.1:"),
            "{first}"
        );
        rest
    }
}
