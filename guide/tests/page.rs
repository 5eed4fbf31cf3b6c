//! A page: its prose, its code, the links in it.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns a path of the repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Returns the text of a file of the repository.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The line between a page and its addresses.
const ADDRESSES: &str = "\n<!-- Written by GUIDE=overwrite; see CONTRIBUTING. -->\n";

/// A page of the guide.
pub(crate) struct Page {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// The text as a person writes it.
    pub(crate) text: String,
    /// The addresses at its end.
    pub(crate) addresses: String,
}

/// Returns all pages, by name.
pub(crate) fn all() -> Vec<Page> {
    let entries = fs::read_dir(root("client/src/guide")).expect("the guide");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let pages = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let mut pages: Vec<Page> = pages
        .filter(|path| path.file_stem().is_some_and(|name| name != "SUMMARY"))
        .map(|path| {
            let all = fs::read_to_string(&path).expect("a page");
            let (text, addresses) = all.split_once(ADDRESSES).unwrap_or((&all, ""));
            let name = path.file_stem().expect("a name");
            Page {
                name: name.to_string_lossy().into_owned(),
                text: text.to_owned(),
                addresses: addresses.trim().to_owned(),
            }
        })
        .collect();
    pages.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(pages.len() > 20, "the pages are not found");
    pages
}

/// Returns a page's text without its blocks of code.
pub(crate) fn prose(text: &str) -> String {
    let parts = text.split("\n```").step_by(2);
    parts.collect::<Vec<_>>().join("\n")
}

/// Returns the targets of the other links in a page's prose: `[text](target)`.
pub(crate) fn targets(prose: &str) -> Vec<String> {
    let ends = prose.split("](").skip(1);
    let targets = ends.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    targets.map(str::to_owned).collect()
}

impl Page {
    /// Returns the text without its blocks of code.
    pub(crate) fn prose(&self) -> String {
        prose(&self.text)
    }

    /// Returns what stands between backticks in the prose.
    pub(crate) fn code_spans(&self) -> Vec<String> {
        let prose = self.prose();
        let spans = prose.split('`').skip(1).step_by(2);
        spans.map(str::to_owned).collect()
    }

    /// Writes these addresses to its end.
    pub(crate) fn write_addresses(&self, addresses: &str) {
        let path = root("client/src/guide")
            .join(&self.name)
            .with_extension("md");
        let text = self.text.trim_end();
        let all = match addresses {
            "" => format!("{text}\n"),
            addresses => format!("{text}\n{ADDRESSES}\n{addresses}\n"),
        };
        fs::write(path, all).expect("the page is written");
    }
}

#[test]
fn prose_and_code_are_told_apart() {
    let page = Page {
        name: "a".to_owned(),
        text: "# A\n\n`b` and\n\n```rust\nlet c = `;\n```\n\n`d`.\n".to_owned(),
        addresses: String::new(),
    };
    assert_eq!(page.code_spans(), ["b", "d"]);
}
