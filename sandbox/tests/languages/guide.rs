//! The programs of the guide's page, word for word.

use std::path::Path;
use std::process::{Command, Output};

use crate::interpreter::{Directory, exists, install, not_run, run, said};

const PAGE: &str = include_str!("../../../client/src/guide/testing_here.md");

/// The text of the page's only program in a language.
fn program(language: &str) -> &'static str {
    let mut blocks = PAGE.split("```").skip(1).step_by(2);
    let start = format!("{language}\n");
    let mut of_it = blocks
        .by_ref()
        .filter_map(|block| block.strip_prefix(&*start));
    let program = of_it.next().unwrap();
    assert_eq!(of_it.next(), None, "one program in {language}");
    program
}

/// Runs a page's program, which passes, and the same with a billing that does not
/// block anybody, which must not.
fn passes(language: &str, block: &str, blocks_nobody: &str, run: impl Fn(&str) -> Output) {
    let text = program(language);
    let output = run(text);
    assert!(output.status.success(), "{language}: {}", said(&output));
    assert_eq!(text.matches(block).count(), 1, "{language}");
    let output = run(&text.replace(block, blocks_nobody));
    assert!(!output.status.success(), "{language}: {}", said(&output));
}

fn python(pytest: &Path, file: &Path) -> Output {
    let mut command = Command::new("python3");
    let command = command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
    run(command.arg(file).env("PYTHONPATH", pytest))
}

#[test]
fn python_with_a_fixture_of_pytest() {
    let directory = Directory::new("guide-python");
    let pytest = directory.path().join("packages");
    let has_it = Command::new("python3")
        .args(["-c", "import pytest"])
        .output();
    if !has_it.is_ok_and(|output| output.status.success())
        && let Err(why) = install(&["pytest"], &pytest)
    {
        return not_run("the guide's program in Python", &why);
    }
    passes(
        "python",
        "\"enabled\": False",
        "\"enabled\": True",
        |text| python(&pytest, &directory.file("test_billing.py", text)),
    );
}

#[test]
fn php() {
    if !exists("php") {
        return not_run("the guide's program in PHP", "there is no php");
    }
    let directory = Directory::new("guide-php");
    passes("php", "'enabled' => false", "'enabled' => true", |text| {
        run(Command::new("php").arg(directory.file("billing.php", text)))
    });
}

#[test]
fn perl() {
    if !exists("perl") {
        return not_run("the guide's program in Perl", "there is no perl");
    }
    let directory = Directory::new("guide-perl");
    let block = "enabled => JSON::PP::false";
    passes("perl", block, "enabled => JSON::PP::true", |text| {
        run(Command::new("perl").arg(directory.file("billing.t", text)))
    });
}

#[test]
fn node() {
    if !exists("node") {
        return not_run("the guide's program for Node", "there is no node");
    }
    let directory = Directory::new("guide-node");
    passes("javascript", "enabled: false", "enabled: true", |text| {
        run(Command::new("node")
            .arg("--test")
            .arg(directory.file("billing.test.mjs", text)))
    });
}

/// The program in Rust is one of the guide's, which are tested where they are.
#[test]
fn rust_is_on_the_page_as_well() {
    assert!(program("rust").contains("Sandbox::builder()"));
}
