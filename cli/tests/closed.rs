//! What is at the other end of standard output goes away, or is full.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const MANY: &str =
    "select a.id, b.id, c.username from subscriber a, subscriber b, subscriber c, package d";

fn jsonsql(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsonsql"));
    command.args(arguments).stderr(Stdio::piped());
    for variable in [
        "JSONSQL_URL",
        "JSONSQL_DOMAIN",
        "JSONSQL_PROFILE",
        "JSONSQL_CONFIG",
    ] {
        command.env_remove(variable);
    }
    command
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let mut child = jsonsql(&["sql", "--sandbox", "-f", "jsonl", MANY])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut first = [0; 1];
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut first).expect("a row");
    drop(stdout);
    let output = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("error"), "{said}");
}

#[test]
fn a_full_disk_is_a_failure_that_is_named() {
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else {
        let _ = writeln!(std::io::stderr(), "skipped: this system has no /dev/full");
        return;
    };
    let output = jsonsql(&["sql", "--sandbox", "-f", "csv", "select id from subscriber"])
        .stdout(full)
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot write to standard output"), "{said}");
}

#[test]
fn an_output_file_that_cannot_be_is_a_failure_that_names_it() {
    let output = jsonsql(&[
        "sql",
        "--sandbox",
        "-o",
        "/nowhere/rows.csv",
        "select id from subscriber",
    ])
    .output()
    .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("/nowhere/rows.csv cannot be written"),
        "{said}"
    );
}
