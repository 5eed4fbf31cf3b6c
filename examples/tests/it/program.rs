//! Running a program and looking at what it says.

use std::process::{Command, Output};

/// The program, with nothing of this environment.
pub(crate) fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    for name in ["URL", "DOMAIN", "USERNAME", "PASSWORD"] {
        command.env_remove(format!("JSONSQL_{name}"));
    }
    command
}

/// What it prints; it succeeds and, in a pipe, says nothing besides.
pub(crate) fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(complaint(&output), "");
    assert!(output.status.success());
    text(&output)
}

/// What it says when it fails; stdout has no half of an answer.
pub(crate) fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    assert_eq!(text(&output), "");
    complaint(&output)
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
