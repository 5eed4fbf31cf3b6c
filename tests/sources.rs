//! The sources of a crate.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the Rust files of a folder and of those in it, in a fixed order.
pub(crate) fn rust(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = fs::read_dir(directory).expect("a directory").flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(rust(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
