//! `.ci/features` checks each crate that has features: with none, with each
//! alone, with its default ones and with all.
//!
//! The features are those that cargo names, so a new one is checked at once.

#![allow(clippy::print_stdout, reason = "it prints what it checks")]

mod metadata;

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let workspace = metadata::metadata(&["--no-deps"]);
    let mut broken = 0;
    for package in workspace["packages"].as_array().into_iter().flatten() {
        let name = metadata::text(package, "name").expect("packages have names");
        let Some(features) = package["features"].as_object().filter(|f| !f.is_empty()) else {
            continue;
        };
        let alone = features.keys().filter(|feature| *feature != "default");
        let alone = alone.map(|feature| vec!["--no-default-features", "--features", feature]);
        let combinations = [
            vec!["--no-default-features"],
            vec![],
            vec!["--all-features"],
        ];
        for arguments in combinations.into_iter().chain(alone) {
            let checked = check(name, &arguments);
            let verdict = if checked { "ok" } else { "BROKEN" };
            println!("{name} {}: {verdict}", arguments.join(" "));
            broken += u32::from(!checked);
        }
    }
    ExitCode::from(u8::from(broken > 0))
}

/// A warning of a rare combination is as much a defect as of the usual one.
fn check(package: &str, arguments: &[&str]) -> bool {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--locked", "-p", package])
        .args(arguments)
        .output()
        .expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    print!("{said}");
    output.status.success() && !said.contains("warning:")
}
