//! Links: to pages, items, pictures, files of the repository and headings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::items::{ITEMS, Items};
use crate::page::{self, Page, read, root, targets};
use crate::repository::broken;

const REPOSITORY: &str = "https://github.com/jsonsql/jsonsql/blob/main/";
const RAW: &str = "https://raw.githubusercontent.com/jsonsql/jsonsql/main/client/src/guide/";
const FILE: &str = "client/src/guide_links.md";

/// Returns the labels of a page's links: `[text][label]`.
fn labels(page: &Page) -> BTreeSet<String> {
    let prose = page.prose();
    let ends = prose.split("][").skip(1);
    let labels = ends.filter_map(|rest| rest.split_once(']').map(|(label, _)| label));
    labels.map(str::to_owned).collect()
}

/// Returns the address of a label on the web.
fn address(label: &str, items: &Items) -> Result<String, String> {
    if let Some(page) = label.strip_prefix("guide::") {
        let file = format!("{page}.md");
        let exists = root("client/src/guide").join(&file).exists();
        return exists
            .then_some(file)
            .ok_or_else(|| format!("no page `{page}`"));
    }
    if label.starts_with("pictures/") {
        let exists = root("client/src/guide").join(label).exists();
        return exists
            .then(|| label.to_owned())
            .ok_or_else(|| format!("no picture `{label}`"));
    }
    items.address(label)
}

/// Returns the address of a label on docs.rs: rustdoc checks that there is such an item.
fn item(label: &str) -> String {
    let is_of_language = label.starts_with("jsonsql::");
    let name = label.rsplit("::").next().unwrap_or(label);
    // Structs with `derive(Table)` are constants too.
    let is_table = label.starts_with("schema::") && name.starts_with(char::is_uppercase);
    match label {
        picture if picture.starts_with("pictures/") => format!("{RAW}{picture}"),
        label if is_of_language => label.to_owned(),
        label if is_table => format!("struct@crate::{label}"),
        label => format!("crate::{label}"),
    }
}

#[test]
fn every_link_has_its_addresses() {
    let items = &*ITEMS;
    let overwrite = std::env::var_os("GUIDE").is_some_and(|value| value == "overwrite");
    let mut all = BTreeMap::new();
    let mut wrong = Vec::new();
    for page in page::all() {
        let mut lines = Vec::new();
        for label in labels(&page) {
            match address(&label, items) {
                Ok(address) => lines.push(format!("[{label}]: {address}")),
                Err(problem) => wrong.push(format!("{}: {problem}", page.name)),
            }
            all.insert(label.clone(), item(&label));
        }
        let lines = lines.join("\n");
        if overwrite {
            page.write_addresses(&lines);
        } else if page.addresses != lines {
            wrong.push(format!("{}: the addresses at its end are old", page.name));
        }
    }
    let lines = all
        .iter()
        .map(|(label, item)| format!("[{label}]: {item}\n"));
    let lines: String = lines.collect();
    if overwrite {
        fs::write(root(FILE), &lines).expect("the items are written");
    } else if read(FILE) != lines {
        wrong.push(format!("{FILE} is old"));
    }
    assert!(all.len() > 80, "the links are not found: {all:?}");
    assert!(
        wrong.is_empty(),
        "run GUIDE=overwrite cargo test -p jsonsql-guide --test pages, if these are right:\n{}",
        wrong.join("\n")
    );
}

/// Returns the folder of the documentation: beside the one that this program is in.
fn documentation() -> PathBuf {
    let program = std::env::current_exe().expect("a program");
    let target = program.ancestors().nth(3).expect("a target folder");
    target.join("doc")
}

/// The addresses are derived from the sources; here they are looked up in what rustdoc
/// made of them, if that was just made: `GUIDE=documented` says so.
#[test]
fn addresses_are_in_the_documentation() {
    if std::env::var_os("GUIDE").is_none_or(|value| value != "documented") {
        return;
    }
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in page::all() {
        let lines = page.addresses.lines();
        let addresses = lines.filter_map(|line| line.split_once(": https://docs.rs/"));
        for (_, address) in addresses {
            seen += 1;
            let (_, path) = address.split_once("/latest/").expect("a path");
            let (file, anchor) = path.split_once('#').unwrap_or((path, ""));
            let text = fs::read_to_string(documentation().join(file)).unwrap_or_default();
            let is_there = match anchor {
                "" => !text.is_empty(),
                anchor => text.contains(&format!("id=\"{anchor}\"")),
            };
            if !is_there {
                wrong.push(format!("{}: {address}", page.name));
            }
        }
    }
    assert!(seen > 100, "{seen} addresses");
    assert!(
        wrong.is_empty(),
        "not in the documentation:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn other_links_lead_to_the_web_the_repository_or_a_heading() {
    let mut seen = 0;
    for page in page::all() {
        let path = format!("client/src/guide/{}.md", page.name);
        for target in targets(&page.prose()) {
            let problem = if let Some(target) = target.strip_prefix(REPOSITORY) {
                broken("README.md", target)
            } else if target.starts_with('#') {
                broken(&path, &target)
            } else {
                (!target.starts_with("https://")).then(|| format!("{path}: {target}"))
            };
            assert_eq!(problem, None);
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen} links");
}

#[test]
fn pictures_are_shown() {
    let shown: BTreeSet<String> = page::all().iter().flat_map(labels).collect();
    for entry in fs::read_dir(root("client/src/guide/pictures")).expect("pictures") {
        let name = entry.expect("a picture").file_name();
        let label = format!("pictures/{}", name.to_string_lossy());
        assert!(shown.contains(&label), "no page shows {label}");
    }
}
