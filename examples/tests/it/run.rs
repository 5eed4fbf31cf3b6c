//! Running a program and looking at what it says.

use std::process::Command;

/// What a program prints; it succeeds, and says nothing besides.
pub(crate) fn printed(path: &str) -> String {
    let output = Command::new(path).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
