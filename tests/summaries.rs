//! The language of the documentation: a summary is a noun phrase or a verb, and not a
//! question.

mod sources;

use std::fs;
use std::path::Path;

/// Words that begin a subordinate clause, which has no subject of its own.
const BEGIN_CLAUSES: [&str; 10] = [
    "What", "Whether", "How", "Who", "Whose", "Whom", "Where", "When", "Which", "Why",
];

/// Of a hundred summaries, as many as libraries of good repute have.
const ALLOWED: usize = 2;

/// Returns the first line of each comment of documentation in a text.
fn summaries(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_within = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or(line.strip_prefix("//!"));
        if let (Some(comment), false) = (comment, is_within) {
            found.push((number + 1, comment.trim()));
        }
        is_within = comment.is_some();
    }
    found
}

fn begins_a_clause(summary: &str) -> bool {
    let word = summary.split(|c: char| !c.is_alphabetic()).next();
    word.is_some_and(|word| BEGIN_CLAUSES.contains(&word))
}

#[test]
fn summaries_are_noun_phrases_and_verbs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let crates = [
        "jsonsql",
        "jsonsql-derive",
        "client",
        "sandbox",
        "cli",
        "examples",
        "benches",
    ];
    let folders = crates.map(|name| root.join(name).join("src"));
    let files = folders.iter().flat_map(|folder| sources::rust(folder));
    let mut count = 0;
    let mut clauses = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("a source");
        for (line, summary) in summaries(&text) {
            count += 1;
            if begins_a_clause(summary) {
                clauses.push(format!("{}:{line}: {summary}", path.display()));
            }
        }
    }
    assert!(count > 1_000, "the sources are not found");
    assert!(
        clauses.len() * 100 <= count * ALLOWED,
        "{} of {count} summaries begin with a clause:\n{}",
        clauses.len(),
        clauses.join("\n")
    );
}

#[test]
fn a_summary_is_the_first_line_of_a_comment() {
    let text = "//! How it is.\n//! What else.\n\n/// Whoever comes.\nfn a() {}\n    /// Who: x\n";
    let found = summaries(text);
    assert_eq!(
        found,
        [(1, "How it is."), (4, "Whoever comes."), (6, "Who: x")]
    );
    let clauses: Vec<bool> = found.iter().map(|(_, one)| begins_a_clause(one)).collect();
    assert_eq!(clauses, [true, false, true]);
}
