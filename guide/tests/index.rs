//! The lists of pages: the site's, docs.rs's and the one by task.

use std::collections::BTreeSet;

use crate::page::{self, read};

/// Returns the names of the pages: all but the first, which is the list by task.
fn names() -> BTreeSet<String> {
    let names = page::all().into_iter().map(|page| page.name);
    names.filter(|name| name != "README").collect()
}

#[test]
fn the_site_lists_every_page_once() {
    let summary = read("client/src/guide/SUMMARY.md");
    let listed: Vec<&str> = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(".md)").map(|(name, _)| name))
        .collect();
    let set: BTreeSet<String> = listed.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(set.len(), listed.len(), "a page is listed twice");
    let mut expected = names();
    expected.insert("README".to_owned());
    assert_eq!(set, expected);
}

#[test]
fn docs_rs_has_every_page() {
    let module = read("client/src/guide.rs");
    let (_, list) = module.split_once("\npages! {").expect("the list");
    let listed = list.split_whitespace().filter(|word| *word != "}");
    assert_eq!(listed.map(str::to_owned).collect::<BTreeSet<_>>(), names());
}

#[test]
fn the_list_by_task_has_every_page() {
    let pages = page::all();
    let tasks = pages.iter().find(|page| page.name == "README").expect("it");
    let rows = tasks.text.lines().filter(|line| line.starts_with("| "));
    let labels = rows.filter_map(|row| row.split_once("][guide::")?.1.split_once(']'));
    let listed: BTreeSet<String> = labels.map(|(name, _)| name.to_owned()).collect();
    assert_eq!(listed, names());
}

#[test]
fn a_page_begins_with_its_title() {
    for page in page::all() {
        assert!(page.text.starts_with("# "), "{} has no title", page.name);
        let prose = page.prose();
        let titles = prose.lines().filter(|line| line.starts_with("# ")).count();
        assert_eq!(titles, 1, "{} has more than one title", page.name);
    }
}

#[test]
fn an_example_has_no_hidden_lines() {
    for page in page::all() {
        for block in page.text.split("\n```").skip(1).step_by(2) {
            let hidden = |line: &&str| line.starts_with("# ") || *line == "#";
            let is_rust = block.starts_with("rust");
            assert!(
                !is_rust || !block.lines().any(|line| hidden(&line)),
                "{}: only docs.rs would hide a line of\n{block}",
                page.name
            );
        }
    }
}
