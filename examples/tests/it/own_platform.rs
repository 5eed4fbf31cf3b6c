//! A platform of one's own.

use std::process::Command;

use crate::run::printed;

/// An operation asked for twice is made once, here as anywhere, and what it
/// loses is said before.
#[test]
fn a_platform_of_ones_own_does_what_all_do() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_own_platform"));
    insta::assert_snapshot!(printed(&mut command), @r#"
    create ivanov: Made
    create ivanov: Adopted
    disable ivanov: Made
    to delete ivanov: [Irreversible { step: "delete the customer", lost: ["subscriber ivanov"] }]
    delete ivanov: Made
    "#);
}

/// It is as small as a reader may hope.
#[test]
fn it_takes_less_than_150_lines() {
    let lines = include_str!("../../src/bin/own_platform.rs")
        .lines()
        .count();
    assert!(lines < 150, "{lines}");
}
