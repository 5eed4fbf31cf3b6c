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
    let is_page = path.extension().is_some_and(|end| end == "md");
    let has_heading = || is_page && headings(&path).any(|one| one == heading);
    let missing = if !path.exists() {
        "file"
    } else if heading.is_empty() || has_heading() {
        return None;
    } else {
        "heading"
    };
    Some(format!(
        "{}: there is no {missing} {target}",
        page.display()
    ))
}

fn headings(page: &Path) -> impl Iterator<Item = String> {
    let text = std::fs::read_to_string(page).expect("a page is text");
    let mut is_code = false;
    let is_heading = |line: &&str| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with('#')
    };
    let lines: Vec<_> = text.lines().filter(is_heading).map(anchor).collect();
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

/// The links of a page that do not lead to the web.
fn links(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("a page is text");
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.starts_with("https://"));
    local.map(str::to_owned).collect()
}

/// Every file and heading that a page links to is there.
#[test]
fn links_lead_somewhere() {
    for page in ["README.md", "README.ru.md"] {
        let links = links(&Path::new(ROOT).join(page));
        assert!(links.len() >= 10, "{page}: {} links", links.len());
    }
    let broken: Vec<_> = pages()
        .iter()
        .flat_map(|page| links(page).into_iter().map(move |link| (page, link)))
        .filter_map(|(page, link)| broken(page, &link))
        .collect();
    assert_eq!(broken, Vec::<String>::new());
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
        "benches#builds",
        "Cargo.toml#workspace",
        // What begins a line of code with the same character.
        "#tokiomain",
    ] {
        assert!(broken(&page, target).is_some(), "{target}");
    }
}
