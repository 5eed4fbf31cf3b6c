//! The metadata of the workspace, as cargo reports it.

use std::process::Command;

use serde_json::Value;

/// The answer of `cargo metadata`, with the dependencies unless `--no-deps` is
/// among the arguments.
pub(crate) fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {complaint}");
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

/// A text of a package's metadata.
pub(crate) fn text<'a>(package: &'a Value, name: &str) -> Option<&'a str> {
    package[name].as_str()
}
