//! `cargo run -p jsonsql-tests --bin licences`: what `cargo deny` would say of
//! licences and sources, where that program is not installed.
//!
//! A dependency's licence has to be among those that `deny.toml` allows, its
//! source has to be crates.io, and it may not need a newer Rust than we do.

#![allow(clippy::print_stdout, reason = "it prints what it checks")]

mod metadata;

use std::process::ExitCode;

use serde_json::Value;

const RULES: &str = include_str!("../../deny.toml");
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn main() -> ExitCode {
    let graph = metadata::metadata(&[]);
    let packages = graph["packages"].as_array().expect("there are packages");
    let allowed = allowed(RULES);
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    let complaints: Vec<_> = packages
        .iter()
        .filter_map(|package| {
            let name = metadata::text(package, "name")?;
            Some(format!("{name}: {}", complaint(package, &allowed, ours)?))
        })
        .collect();
    complaints.iter().for_each(|line| println!("{line}"));
    println!(
        "{} packages, {} complaints",
        packages.len(),
        complaints.len()
    );
    ExitCode::from(u8::from(!complaints.is_empty()))
}

fn complaint(package: &Value, allowed: &[&str], ours: (u32, u32)) -> Option<String> {
    let Some(licence) = metadata::text(package, "license") else {
        return Some("no licence named".to_owned());
    };
    if !satisfied(licence, allowed) {
        return Some(format!("licence {licence} is not allowed by deny.toml"));
    }
    // A package of the workspace has no source.
    let source = metadata::text(package, "source");
    if let Some(source) = source.filter(|source| *source != SOURCE) {
        return Some(format!("comes from {source}"));
    }
    let newest = metadata::text(package, "rust_version").filter(|rust| version(rust) > ours)?;
    Some(format!("needs Rust {newest}"))
}

/// The list `allow` of the section `[licenses]`.
fn allowed(rules: &str) -> Vec<&str> {
    let section = rules.split("[licenses]").nth(1).expect("[licenses]");
    let list = section.split("allow = [").nth(1).expect("allow = [");
    let list = list.split(']').next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

/// Returns `true` if the allowed licences satisfy an SPDX expression: AND binds closer
/// than OR, and an older spelling of OR is a slash.
fn satisfied(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace(" WITH ", "+WITH+");
    let mut words = spaced.split_whitespace().peekable();
    let met = either(&mut words, allowed);
    met && words.next().is_none()
}

type Words<'a, 'b> = &'a mut std::iter::Peekable<std::str::SplitWhitespace<'b>>;

fn either(words: Words<'_, '_>, allowed: &[&str]) -> bool {
    let mut met = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= both(words, allowed);
    }
    met
}

fn both(words: Words<'_, '_>, allowed: &[&str]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: Words<'_, '_>, allowed: &[&str]) -> bool {
    match words.next() {
        Some("(") => {
            let met = either(words, allowed);
            met && words.next() == Some(")")
        }
        Some(licence) => allowed.contains(&licence.replace("+WITH+", " WITH ").as_str()),
        None => false,
    }
}

fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_as_spdx_says() {
        let met = |expression| satisfied(expression, &["MIT", "ISC", "Unicode-3.0"]);
        assert!(met("MIT"));
        assert!(met("Apache-2.0/MIT"));
        assert!(met("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(met("GPL-3.0 AND BSD-3-Clause OR ISC"));
        assert!(!met("GPL-3.0"));
        assert!(!met("MIT AND GPL-3.0"));
        assert!(!met("MIT AND (GPL-3.0 OR Apache-2.0)"));
        assert!(!met("Apache-2.0 WITH LLVM-exception"));
        assert!(!met("(GPL-3.0 OR MIT"));
        assert!(!met(""));
    }

    #[test]
    fn a_package_is_refused_for_licence_source_and_rust() {
        let said = |package| complaint(&package, &["MIT"], (1, 89));
        let mut package =
            serde_json::json!({"license": "MIT", "source": SOURCE, "rust_version": "1.89.1"});
        assert_eq!(said(package.clone()), None);
        package["rust_version"] = "1.90".into();
        assert_eq!(said(package.clone()).unwrap(), "needs Rust 1.90");
        package["source"] = "git+https://example.net/x".into();
        assert!(said(package.clone()).unwrap().contains("example.net"));
        package["license"] = "GPL-3.0".into();
        assert!(said(package.clone()).unwrap().contains("GPL-3.0"));
        package["license"] = Value::Null;
        assert_eq!(said(package).unwrap(), "no licence named");
    }

    #[test]
    fn the_list_is_read() {
        assert!(allowed(RULES).contains(&"MIT"));
        assert!(!allowed(RULES).contains(&"GPL-3.0"));
    }
}
