//! Running a program.

use std::process::{Command, Output};

/// What a program printed and whether it succeeded.
pub(crate) struct Run {
    pub(crate) success: bool,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A program that sees nothing of this environment.
pub(crate) fn program(path: &str) -> Command {
    let mut command = crate::program::program(path);
    command
        .env_remove("FROM_PASSWORD")
        .env_remove("TO_PASSWORD");
    command
}

/// Runs it to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Run {
        success: status.success(),
        code: status.code(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

impl Run {
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
