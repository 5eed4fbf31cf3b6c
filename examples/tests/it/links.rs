//! Links of the repository's pages lead to files and headings that are there.

use std::path::{Path, PathBuf};

/// The heading's anchor, as pages of GitHub have it.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What is wrong with a link of `page` to `target`: a file, a heading or both.
fn broken(page: &Path, target: &str) -> Option<String> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => page.to_path_buf(),
        file => page.parent().expect("a page is in a directory").join(file),
    };
    let missing = if !path.exists() {
        "file"
    } else if !heading.is_empty() && !headings(&path).any(|one| one == heading) {
        "heading"
    } else {
        return None;
    };
    Some(format!(
        "{}: there is no {missing} {target}",
        page.display()
    ))
}

fn headings(page: &Path) -> impl Iterator<Item = String> {
    let text = std::fs::read_to_string(page).expect("a page is text");
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(anchor)
        .collect();
    lines.into_iter()
}

/// Pages of the repository; those of the guide are tested with it.
fn pages() -> Vec<PathBuf> {
    let directories = [
        "",
        "benches",
        "cli",
        "cli/doc",
        "client",
        "jsonsql",
        "jsonsql-derive",
        "sandbox",
    ];
    directories
        .iter()
        .flat_map(|one| std::fs::read_dir(Path::new(ROOT).join(one)).expect("a directory"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect()
}

/// Every file and heading that a page links to is there.
#[test]
fn links_lead_somewhere() {
    let mut seen = 0;
    let mut all = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page is text");
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.starts_with("https://")) {
            seen += 1;
            all.extend(broken(&page, target));
        }
    }
    assert!(seen >= 40, "{seen} links");
    assert_eq!(all, Vec::<String>::new());
}

#[test]
fn broken_links_are_found() {
    let page = Path::new(ROOT).join("README.md");
    assert_eq!(broken(&page, "benches/README.md#builds"), None);
    assert_eq!(broken(&page, "#licence"), None);
    for target in [
        "absent.md",
        "absent.md#builds",
        "#absent",
        "benches/README.md#absent",
    ] {
        assert!(broken(&page, target).is_some(), "{target}");
    }
}
