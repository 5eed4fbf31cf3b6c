//! What the library depends on without its default features.

use std::process::Command;

/// The names of the crates that a build of the library has.
fn crates(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args(["-p", "jsonsql-sandbox"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn each_feature_brings_what_it_needs_and_nothing_else() {
    let has = |arguments: &[&str]| {
        let crates = crates(arguments);
        ["clap", "maud", "tokio-postgres", "tokio-rustls"]
            .map(|name| crates.iter().any(|one| one == name))
    };
    let only = |feature| has(&["--no-default-features", "--features", feature]);
    assert_eq!(has(&["--no-default-features"]), [false; 4]);
    assert_eq!(only("postgres"), [false, false, true, false]);
    assert_eq!(only("console"), [false, true, false, false]);
    assert_eq!(only("tls"), [false, false, false, true]);
    assert_eq!(only("cli"), [true, false, false, true]);
    assert_eq!(has(&[]), [true; 4]);
}
