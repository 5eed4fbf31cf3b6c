//! The examples in the documentation: how many public items have one.

mod sources;

use std::fs;
use std::path::Path;

/// The number of public items that have an example of their own, at the least.
const EXAMPLES: usize = 150;

/// A public item with documentation.
#[derive(Debug, PartialEq)]
struct Item<'a> {
    name: &'a str,
    has_example: bool,
}

/// Returns the documented public items of a text, methods of public traits among them.
fn items(text: &str) -> Vec<Item<'_>> {
    let mut found = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    let mut is_in_trait = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed.strip_prefix("///") {
            comment.push(rest.trim());
            continue;
        }
        // Attributes stand between a comment and its item, and may take several lines.
        if trimmed.starts_with("#[") || trimmed.is_empty() || trimmed == ")]" {
            continue;
        }
        if let Some(name) = public_name(trimmed, is_in_trait && line.starts_with("    ")) {
            if !comment.is_empty() {
                found.push(Item {
                    name,
                    has_example: has_example(&comment),
                });
            }
            is_in_trait = trimmed.starts_with("pub trait ") || (is_in_trait && line != trimmed);
        } else if line == "}" {
            is_in_trait = false;
        }
        if !is_within_attribute(trimmed) {
            comment.clear();
        }
    }
    found
}

/// Returns `true` for a line of an attribute of several lines: `message = "…",`.
fn is_within_attribute(line: &str) -> bool {
    ["message =", "label =", "note =", "reason ="]
        .iter()
        .any(|word| line.starts_with(word))
}

/// Returns the name of the public item that begins on this line.
fn public_name(line: &str, is_in_trait: bool) -> Option<&str> {
    let rest = match line.strip_prefix("pub ") {
        Some(rest) => rest,
        None if is_in_trait => line,
        None => return None,
    };
    let rest = ["const fn ", "async fn ", "fn "]
        .iter()
        .find_map(|kind| rest.strip_prefix(kind))
        .or_else(|| {
            let kinds = ["struct ", "enum ", "trait ", "type ", "const ", "mod "];
            let rest = kinds.iter().find_map(|kind| rest.strip_prefix(kind));
            rest.filter(|_| !is_in_trait)
        })?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

/// Returns `true` if a comment has a block that is compiled.
fn has_example(comment: &[&str]) -> bool {
    let mut is_open = false;
    for fence in comment.iter().filter_map(|line| line.strip_prefix("```")) {
        is_open = !is_open;
        let language = fence.split(',').next().unwrap_or_default();
        if is_open && ["", "rust", "no_run", "compile_fail", "should_panic"].contains(&language) {
            return true;
        }
    }
    false
}

#[test]
fn public_items_have_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut all, mut with_example) = (0, 0);
    for name in ["jsonsql", "jsonsql-derive", "client", "sandbox"] {
        let files = sources::rust(&root.join(name).join("src"));
        let texts: Vec<String> = files
            .iter()
            .map(|path| fs::read_to_string(path).expect("a source"))
            .collect();
        let found: Vec<Item<'_>> = texts.iter().flat_map(|text| items(text)).collect();
        let examples = found.iter().filter(|item| item.has_example).count();
        print_count(name, examples, found.len());
        all += found.len();
        with_example += examples;
    }
    print_count("all", with_example, all);
    assert!(all > 800, "the sources are not found");
    assert!(
        with_example >= EXAMPLES,
        "{with_example} of {all} public items have an example"
    );
}

#[allow(clippy::print_stderr, reason = "shown by `--nocapture`")]
fn print_count(name: &str, examples: usize, items: usize) {
    eprintln!("{name}: {examples} of {items} public items have an example");
}

#[test]
fn a_block_that_is_compiled_is_an_example_of_the_item_below() {
    let text = "\
/// A.
///
/// ```
/// a();
/// ```
#[derive(Debug)]
pub struct A {
    /// A field is none.
    pub field: i64,
}

/// B.
///
/// ```text
/// no Rust
/// ```
#[diagnostic::on_unimplemented(
    message = \"no\",
)]
pub trait B {
    /// C.
    ///
    /// ```no_run
    /// ```
    fn c(&self);
}

/// Not public.
///
/// ```
/// ```
fn d() {}
pub fn undocumented() {}
";
    let found = items(text);
    let named: Vec<_> = found
        .iter()
        .map(|item| (item.name, item.has_example))
        .collect();
    assert_eq!(named, [("A", true), ("B", false), ("c", true)]);
}
