//! The paths that CONTRIBUTING names: each exists.

use std::path::Path;

/// Returns the words of a text that name a file or a folder of this repository.
fn paths(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| c.is_whitespace() || "`(),;".contains(c));
    let words = words.map(|word| word.trim_end_matches([':', '.']));
    let is_path = |word: &&str| {
        let (first, rest) = word.split_once('/').unwrap_or(("", ""));
        !first.is_empty() && !rest.is_empty() && word.chars().all(is_of_a_path)
    };
    words.filter(is_path).collect()
}

fn is_of_a_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/_-.".contains(c)
}

#[test]
fn paths_in_contributing_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    let paths = paths(&text);
    assert!(paths.len() > 60, "the paths are not found: {paths:?}");
    // What only a build or an installation makes.
    let is_made = |path: &str| path.starts_with("target/");
    let missing = paths
        .iter()
        .filter(|path| !is_made(path) && !root.join(path).exists());
    let missing: Vec<_> = missing.collect();
    assert!(
        missing.is_empty(),
        "CONTRIBUTING names what is not there: {missing:?}"
    );
}

#[test]
fn a_path_is_found_in_prose_in_code_and_in_a_drawing() {
    let text =
        "see `client/src/http/` (`sandbox/src/faults/plan.rs`), a/b: and/or; `s.to(x/1)` │ x.rs";
    let found = paths(text);
    assert_eq!(
        found,
        [
            "client/src/http/",
            "sandbox/src/faults/plan.rs",
            "a/b",
            "and/or",
            "x/1"
        ]
    );
}
