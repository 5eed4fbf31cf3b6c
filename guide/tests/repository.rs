//! Links of the repository's other pages lead to files and headings that are there.

use std::fs;

use crate::page::{prose, read, root, targets};

/// Directories of pages.
const DIRECTORIES: [&str; 8] = [
    ".",
    "benches",
    "cli",
    "cli/doc",
    "client",
    "jsonsql",
    "jsonsql-derive",
    "sandbox",
];

/// Returns the anchor of a heading, as mdBook and GitHub make it.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Returns what is wrong with a page's link to a file, a heading or both.
pub(crate) fn broken(page: &str, target: &str) -> Option<String> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let directory = page
        .rsplit_once('/')
        .map_or(".", |(directory, _)| directory);
    let path = match file {
        "" => page.to_owned(),
        file => format!("{directory}/{file}"),
    };
    let has_heading = || {
        let prose = prose(&read(&path));
        let mut headings = prose.lines().filter(|line| line.starts_with('#'));
        headings.any(|line| anchor(line) == heading)
    };
    let missing = if !root(&path).exists() {
        "file"
    } else if heading.is_empty() || path.ends_with(".md") && has_heading() {
        return None;
    } else {
        "heading"
    };
    Some(format!("{page}: there is no {missing} {target}"))
}

/// Returns the links of a page that do not lead to the web.
fn local(page: &str) -> Vec<String> {
    let mut targets = targets(&prose(&read(page)));
    targets.retain(|target| !target.starts_with("https://"));
    targets
}

#[test]
fn links_lead_to_files_and_headings() {
    for page in ["README.md", "README.ru.md"] {
        let links = local(page).len();
        assert!(links >= 10, "{page}: {links} links");
    }
    let entries = DIRECTORIES.iter().flat_map(|directory| {
        let entries = fs::read_dir(root(directory)).expect("a directory");
        entries.map(move |entry| (directory, entry.expect("an entry").file_name()))
    });
    let pages = entries.map(|(directory, name)| format!("{directory}/{}", name.display()));
    let broken: Vec<_> = pages
        .filter(|page| page.ends_with(".md"))
        .flat_map(|page| {
            local(&page)
                .into_iter()
                .map(move |link| (page.clone(), link))
        })
        .filter_map(|(page, link)| broken(&page, &link))
        .collect();
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn broken_links_are_found() {
    assert_eq!(broken("README.md", "benches/README.md#builds"), None);
    assert_eq!(broken("README.md", "#licence"), None);
    assert_eq!(broken("cli/README.md", "../README.md#licence"), None);
    for target in [
        "absent.md",
        "absent.md#builds",
        "#absent",
        "benches/README.md#absent",
        "benches#builds",
        "Cargo.toml#workspace",
        // What begins a line of code with the same character.
        "#tokiomain",
    ] {
        assert!(broken("README.md", target).is_some(), "{target}");
    }
}
