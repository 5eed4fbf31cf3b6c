//! `migrate` between platforms.

use std::process::Command;

use crate::run::{program, run};

fn migrate() -> Command {
    program(env!("CARGO_BIN_EXE_migrate"))
}

#[test]
fn a_platform_is_not_migrated_to_itself() {
    let run = run(migrate().args(["--from", "iptvportal", "--to", "iptvportal"]));
    assert!(!run.success);
    assert_eq!(run.stdout, "Stopped: source and target are the same\n");
}
