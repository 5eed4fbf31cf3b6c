//! The crates that are published: what crates.io and docs.rs need of each, and which
//! public types may not grow without a new major version.

#[path = "checks/metadata.rs"]
mod metadata;
mod sources;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const LIBRARIES: [&str; 3] = ["jsonsql", "client", "sandbox"];

/// Enums that a program matches exhaustively, or whose values are all there can be.
/// CONTRIBUTING says why these; every other public enum is `#[non_exhaustive]`.
const EXHAUSTIVE: [&str; 34] = [
    // The grammar: an engine that does not handle a production has to stop compiling.
    "Arity",
    "Body",
    "Clause",
    "Direction",
    "Distinct",
    "Expr",
    "InsertSource",
    "JoinKind",
    "Lookup",
    "Method",
    "Projection",
    "Source",
    "Statement",
    "StatementRef",
    // What a billing asks for: an adapter that ignores one leaves somebody without TV.
    "End",
    "Found",
    "Members",
    "PackageKind",
    "Presence",
    "Recipients",
    "SubscriberKey",
    "SubscriptionKey",
    "TerminalKey",
    // Three states, or two kinds of identifier, by their meaning.
    "AccountKey",
    "AccountKeys",
    "Change",
    "Outcome",
    "PackageSet",
    "Parameter",
    "Patch",
    "UserKey",
    // Markers without values, or with one.
    "All",
    "One",
    "Optional",
];

/// Enums that are public for the compiler's sake.
const HIDDEN: [&str; 4] = ["Answer", "NotNull", "Null", "for_null_write_null"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn published(workspace: &Value) -> Vec<&Value> {
    let packages = workspace["packages"].as_array().expect("packages");
    let is_published = |package: &&Value| package["publish"].is_null();
    packages.iter().filter(is_published).collect()
}

#[test]
fn a_published_crate_has_what_its_page_shows() {
    let workspace = metadata::metadata(&["--no-deps"]);
    let packages = published(&workspace);
    assert_eq!(packages.len(), 5, "four libraries and the command");
    for package in packages {
        let name = metadata::text(package, "name").expect("a name");
        for member in [
            "description",
            "license",
            "repository",
            "rust_version",
            "readme",
        ] {
            let text = metadata::text(package, member).unwrap_or_default();
            assert!(!text.is_empty(), "{name} has no `{member}`");
        }
        for list in ["keywords", "categories"] {
            let count = package[list].as_array().map_or(0, Vec::len);
            assert!((1..=5).contains(&count), "{name}: {count} {list}");
        }
        let manifest = metadata::text(package, "manifest_path").expect("a manifest");
        let directory = Path::new(manifest).parent().expect("a directory");
        let readme = fs::read_to_string(directory.join("README.md")).expect("a README");
        for said in ["Rust 1.89", "nofficial", "MIT"] {
            assert!(readme.contains(said), "{name}/README.md lacks `{said}`");
        }
        let text = fs::read_to_string(manifest).expect("a manifest");
        assert!(
            text.contains("\"/README.md\", ") && text.contains("\"/LICENSE-*\"]"),
            "{name}: the archive lacks the README or the licences"
        );
    }
}

#[test]
fn docs_rs_shows_every_feature_and_says_which_it_is() {
    let workspace = metadata::metadata(&["--no-deps"]);
    for package in published(&workspace) {
        let name = metadata::text(package, "name").expect("a name");
        let features = package["features"].as_object().expect("features");
        let targets = package["targets"].as_array().expect("targets");
        let is_library = targets.iter().any(|one| one["kind"][0] == "lib");
        // docs.rs has no pages of the command.
        if features.is_empty() || !is_library {
            continue;
        }
        let docs = &package["metadata"]["docs"]["rs"];
        assert_eq!(docs["all-features"], true, "{name} on docs.rs");
        let manifest = metadata::text(package, "manifest_path").expect("a manifest");
        let library = Path::new(manifest).with_file_name("src").join("lib.rs");
        let text = fs::read_to_string(library).expect("a library");
        assert!(
            text.contains("#![cfg_attr(docsrs, feature(doc_cfg))]"),
            "{name}: docs.rs does not say which items need a feature"
        );
    }
}

#[test]
fn the_derives_belong_to_one_version_of_the_language() {
    let workspace = metadata::metadata(&["--no-deps"]);
    let packages = published(&workspace);
    let language = packages
        .iter()
        .find(|package| package["name"] == "jsonsql")
        .expect("jsonsql");
    let version = metadata::text(language, "version").expect("a version");
    let derive = language["dependencies"].as_array().expect("dependencies");
    let derive = derive.iter().find(|one| one["name"] == "jsonsql-derive");
    assert_eq!(
        derive.expect("jsonsql-derive")["req"],
        format!("={version}")
    );
}

/// Returns the public enums of a text that may not grow: without `#[non_exhaustive]`.
fn exhaustive_enums(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut may_grow = false;
    for line in text.lines().map(str::trim_start) {
        if let Some(rest) = line.strip_prefix("pub enum ") {
            let name = rest
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            if !may_grow {
                found.extend(name);
            }
        }
        if line == "#[non_exhaustive]" {
            may_grow = true;
        } else if !line.starts_with("#[") && !line.starts_with("//") {
            may_grow = false;
        }
    }
    found
}

#[test]
fn every_public_enum_may_grow_or_says_why_not() {
    let files = LIBRARIES.map(|name| root().join(name).join("src"));
    let files: Vec<PathBuf> = files.iter().flat_map(|path| sources::rust(path)).collect();
    let texts = files
        .iter()
        .map(|path| fs::read_to_string(path).expect("a source"));
    let texts: Vec<String> = texts.collect();
    let found: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| exhaustive_enums(text))
        .collect();
    let decided = EXHAUSTIVE.iter().chain(&HIDDEN).copied().collect();
    let undecided: Vec<_> = found.difference(&decided).collect();
    assert!(
        undecided.is_empty(),
        "is a new variant of these a breaking change? {undecided:?}"
    );
    let gone: Vec<_> = decided.difference(&found).collect();
    assert!(gone.is_empty(), "these are no exhaustive enums: {gone:?}");
}

#[test]
fn an_attribute_counts_for_the_enum_below_it() {
    let text = "#[non_exhaustive]\n/// A.\n#[derive(Debug)]\npub enum A {\n}\n\npub enum B<'a> {\n    pub enum C {}\n";
    assert_eq!(exhaustive_enums(text), BTreeSet::from(["B", "C"]));
}
