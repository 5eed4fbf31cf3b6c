//! The vendor's own SDK for TVIP, as it is on PyPI, against the default sandbox.

use std::process::Command;

use crate::interpreter::{Directory, install, not_run, run, said};

/// The newest, of November 2025. It needs `requests` without saying so.
const PACKAGES: [&str; 2] = ["tmsproviderapisdk==0.1.4", "requests"];

#[test]
fn every_entity_of_the_vendors_python_sdk() {
    let directory = Directory::new("sdk");
    let packages = directory.path().join("packages");
    if let Err(why) = install(&PACKAGES, &packages) {
        return not_run("the vendor's SDK for TVIP", &why);
    }
    let program = directory.file("sdk.py", include_str!("sdk.py"));
    let with = |options: &[&str]| {
        let mut python = Command::new("python3");
        let python = python.arg(&program).env("PYTHONPATH", &packages);
        run(python.args(options))
    };
    let output = with(&[]);
    let all = said(&output);
    assert!(output.status.success(), "{all}");
    assert!(all.contains("82 calls, all answered"), "{all}");

    // With the fields of the vendor's documents it stops, as its authors' server
    // has more.
    let output = with(&["--tvip-unknown", "field_set=documented"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("KeyError"), "{}", said(&output));
}
