//! The pages of `doc/` are transcripts: every command in them is run, and prints
//! what the page says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn every_command_of_the_pages_prints_what_they_say() {
    let cases = trycmd::TestCases::new();
    // The settings of whoever runs the tests name no server here.
    for variable in [
        "JSONSQL_URL",
        "JSONSQL_DOMAIN",
        "JSONSQL_PLATFORM",
        "JSONSQL_USERNAME",
        "JSONSQL_PASSWORD",
        "JSONSQL_PROFILE",
        "JSONSQL_CONFIG",
        "HOME",
    ] {
        cases.env(variable, "");
    }
    cases.env("XDG_CONFIG_HOME", "config").env("NO_COLOR", "1");
    cases.case("doc/*.md");
}

/// The pages by their names.
fn pages() -> BTreeMap<String, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("doc");
    let entries = fs::read_dir(directory).expect("the pages");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let pages = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(path).expect("a page"))
        })
        .collect()
}

/// The commands that do something: `sql`, `subscriber show`.
fn commands(within: &[String]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsonsql"));
    let output = command
        .args(within)
        .arg("-h")
        .output()
        .expect("the program");
    let help = String::from_utf8(output.stdout).expect("text");
    let Some((_, list)) = help.split_once("Commands:\n") else {
        return vec![within.join(" ")];
    };
    let names = list.lines().take_while(|line| line.starts_with("  "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != "help");
    names
        .flat_map(|name| commands(&[within, &[name.to_owned()]].concat()))
        .collect()
}

#[test]
fn every_command_has_a_transcript_and_one_of_a_mistake() {
    let pages = pages();
    let mut runs: Vec<(&str, bool)> = Vec::new();
    for page in pages.values() {
        let mut lines = page.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(run) = line.strip_prefix("$ jsonsql ") else {
                continue;
            };
            let is_mistake = lines.peek().is_some_and(|next| next.starts_with("? "));
            runs.push((run, is_mistake));
        }
    }
    let all = commands(&[]);
    assert!(all.len() > 30, "{all:?}");
    let mut missing = Vec::new();
    for command in all {
        let of = format!("{command} ");
        let is_own = |run: &str| format!("{run} ").starts_with(&of);
        let has = |mistake: bool| {
            let mut own = runs.iter().filter(|(run, _)| is_own(run));
            own.any(|(_, is_mistake)| *is_mistake == mistake)
        };
        if !has(true) {
            missing.push(format!("{command}: a mistake"));
        }
        // It runs until Ctrl-C.
        if !has(false) && command != "sandbox" {
            missing.push(command);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_page_is_in_the_guide_and_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, before) in [
        ("README.md", "doc/"),
        ("../README.md", "cli/doc/"),
        ("../client/src/guide/README.md", "cli/doc/"),
    ] {
        let text = fs::read_to_string(root.join(file)).expect("a file");
        for page in pages().keys() {
            let link = format!("{before}{page})");
            assert!(text.contains(&link), "{file} has no {link}");
        }
    }
}
