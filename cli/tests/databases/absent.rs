//! Databases that this build has no client of.

use crate::{QUERY, plan, refused};

/// Refused for want of this feature, before anything is read or sent.
fn is_absent(address: &str, feature: &str) {
    let run = plan(address, QUERY, &[]);
    refused(&run, 2, "error: --database: this build has no client of ");
    let hint = format!("hint: `cargo install jsonsql-cli --features {feature}`");
    refused(&run, 2, &hint);
    assert!(!run.err.contains("hunter2"), "{}", run.err);
}

#[cfg(not(feature = "postgres"))]
#[test]
fn postgresql_needs_the_feature() {
    is_absent("postgres://me:hunter2@127.0.0.1:9/b", "postgres");
    is_absent("postgresql://me@127.0.0.1:9/b", "postgres");
}

#[cfg(not(feature = "mysql"))]
#[test]
fn mysql_needs_the_feature() {
    is_absent("mysql://me:hunter2@127.0.0.1:9/b", "mysql");
    is_absent("mariadb://me@127.0.0.1:9/b", "mysql");
}

#[cfg(not(feature = "postgres"))]
#[test]
fn the_sandbox_on_postgresql_needs_the_feature() {
    use std::process::Command;

    let address = "postgres://me@127.0.0.1:9/b";
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jsonsql"));
        command.arg("sandbox").env_remove("JSONSQL_DATABASE");
        command
    };
    let by_flag = command().args(["--database", address]).output();
    let by_variable = command().env("JSONSQL_DATABASE", address).output();
    for output in [by_flag, by_variable] {
        let output = output.expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("no client of PostgreSQL"), "{said}");
        assert!(said.contains("jsonsql-cli --features postgres"), "{said}");
    }
}
