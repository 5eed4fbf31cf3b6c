//! The page of all errors: every variant is on it, with what to do.

use crate::page::{self, read};

/// An enum of errors, its source, and the section of the page that has its variants.
const ENUMS: [(&str, &str, &str); 7] = [
    ("Error", "client/src/error/mod.rs", "All errors"),
    (
        "ConfigError",
        "client/src/error/config.rs",
        "A client that cannot be built",
    ),
    (
        "LoginError",
        "client/src/error/login.rs",
        "The server does not accept",
    ),
    (
        "RejectionKind",
        "client/src/error/rejection.rs",
        "The server did not do it",
    ),
    (
        "Error",
        "jsonsql/src/query/statement.rs",
        "A statement that is not sent",
    ),
    (
        "TransportErrorKind",
        "client/src/error/transport.rs",
        "No answer",
    ),
    (
        "ProtocolError",
        "client/src/error/protocol.rs",
        "An answer that is none",
    ),
];

/// Returns the variants of an enum in a source.
fn variants(source: &str, name: &str) -> Vec<String> {
    let (_, body) = source
        .split_once(&format!("pub enum {name} {{\n"))
        .expect("the enum");
    let lines = body.lines().take_while(|line| *line != "}");
    let lines = lines.filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(char::is_uppercase));
    let word = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric())
            .next()
            .map(str::to_owned)
    };
    names.filter_map(word).collect()
}

/// Returns the lines of tables of a section: up to the next heading, and of the first one
/// up to the first enum of another name.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("# {heading}")).expect("the section");
    let rest = &page[start..];
    let end = match heading {
        "All errors" => rest.find("\n## A client that cannot"),
        _ => rest.find("\n## "),
    };
    &rest[..end.unwrap_or(rest.len())]
}

#[test]
fn every_variant_is_named_with_what_to_do() {
    let pages = page::all();
    let page = pages
        .iter()
        .find(|page| page.name == "errors")
        .expect("the page");
    let mut missing = Vec::new();
    let mut count = 0;
    for (name, source, heading) in ENUMS {
        let section = section(&page.text, heading);
        for variant in variants(&read(source), name) {
            count += 1;
            let span = format!("`{variant}`");
            let mut rows = section.lines().filter(|line| line.starts_with("| "));
            if !rows.any(|row| row.contains(&span)) {
                missing.push(format!("{name}::{variant}"));
            }
        }
    }
    assert!(count > 70, "{count} variants");
    assert!(missing.is_empty(), "no word about {missing:?}");
}

#[test]
fn variants_are_read_from_the_source() {
    let source = "/// E.\npub enum E {\n    /// A.\n    #[error(\"x\")]\n    A,\n    B(u8),\n    C {\n        d: u8,\n    },\n}\n";
    assert_eq!(variants(source, "E"), ["A", "B", "C"]);
}
