//! What the programs print, and how short they are.

use std::fs;
use std::path::Path;

use crate::run::printed;

#[test]
fn nightly_sync() {
    insta::assert_snapshot!(printed(env!("CARGO_BIN_EXE_nightly_sync")));
}

#[test]
fn migrate() {
    insta::assert_snapshot!(printed(env!("CARGO_BIN_EXE_migrate")));
}

#[test]
fn quickstart() {
    insta::assert_snapshot!(printed(env!("CARGO_BIN_EXE_quickstart")));
}

#[test]
fn provision() {
    insta::assert_snapshot!(printed(env!("CARGO_BIN_EXE_provision")), @r"
    create subscriber
      Made
      not kept as it is: email: this platform has no place for it
    bind terminal
      will also: 02-00-00-00-15-53 is switched on
      Made
    add subscription
      will also: 02-00-00-00-15-53 shows more: plan:family less: plan:basic
      Made
    add subscription
      Nothing
    disable subscriber
      will also: 02-00-00-00-15-53 is switched off
      Made
    delete subscriber
      will also: cannot be undone: subscriber ivanova, terminal 02-00-00-00-15-53, package plan:family
      Made
    ");
}

/// The demo's figures, counted by hand from its seed.
#[test]
fn report() {
    insta::assert_snapshot!(printed(env!("CARGO_BIN_EXE_report")), @r"
    Packages by the subscribers that have them
       6  basic
       2  family
       2  premium
       0  archive

    Boxes of a subscriber
       3  subscribers with 0
       7  subscribers with 1
       2  subscribers with 2

    Channels by how often they were played
       2  Первый
       2  Россия 1
    ");
}

/// An operation asked for twice is made once, here as anywhere, and what it
/// loses is said before.
#[test]
fn own_platform() {
    insta::assert_snapshot!(printed(env!("CARGO_BIN_EXE_own_platform")), @r#"
    create ivanov: Made
    create ivanov: Adopted
    disable ivanov: Made
    to delete ivanov: [Irreversible { step: "delete the customer", lost: ["subscriber ivanov"] }]
    delete ivanov: Made
    "#);
}

/// A program is one file with one idea, which is read from top to bottom.
#[test]
fn each_is_short() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let mut programs = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let allowed = match path.ends_with("own_platform.rs") {
            true => 150,
            false => 80,
        };
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines < allowed, "{}: {lines} lines", path.display());
        programs += 1;
    }
    assert_eq!(programs, 8);
}
