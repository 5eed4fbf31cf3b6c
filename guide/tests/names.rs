//! Names in prose: what stands between backticks and looks like a name of ours exists.

use crate::items::ITEMS;
use crate::page;

/// Names of others: Rust's own, PostgreSQL's, HTTP's, a variable of the environment that is
/// not read, a column of another client.
const OTHERS: [&str; 13] = [
    "Debug",
    "Display",
    "Field_12",
    "HTTPS_PROXY",
    "Host",
    "Infinity",
    "NOW",
    "NaN",
    "None",
    "Option",
    "SecretString",
    "Some",
    "Vec",
];

/// Returns the names in a code span that have to be ours: `Error::Refused`, `at_most`,
/// `.filter()`, `sql!`. Other spans (values, SQL, commands) have none.
fn names(span: &str) -> Vec<&str> {
    let name = span.trim_start_matches('.');
    let name = name
        .strip_suffix("()")
        .or(name.strip_suffix('!'))
        .unwrap_or(name);
    let parts: Vec<&str> = name.split("::").collect();
    let is_name = |part: &&str| {
        let first = part.chars().next();
        first.is_some_and(|c| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if !parts.iter().all(is_name) {
        return Vec::new();
    }
    let is_ours = parts.len() > 1 || name != span || name.contains('_') || is_camel(name);
    if is_ours { parts } else { Vec::new() }
}

/// Returns `true` for the form of a type's name or a variant's.
fn is_camel(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

#[test]
fn names_in_prose_exist() {
    let items = &*ITEMS;
    let mut unknown = Vec::new();
    let mut seen = 0;
    for page in page::all() {
        for span in page.code_spans() {
            for name in names(&span) {
                seen += 1;
                let is_camel = is_camel(name);
                let exists = items.defines(name)
                    || OTHERS.contains(&name)
                    // Columns, options and members of the vendors' protocols.
                    || (!is_camel && items.mention(name))
                    // Names of tests, which the pages of accidents link to.
                    || (!is_camel && page.text.contains(&format!("[`{name}`](https")));
                if !exists {
                    unknown.push(format!("{}: `{span}`", page.name));
                }
            }
        }
    }
    assert!(seen > 300, "{seen} names");
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn what_looks_like_a_name_is_one() {
    assert_eq!(names("Error::Refused"), ["Error", "Refused"]);
    assert_eq!(names(".split_ambiguous_text()"), ["split_ambiguous_text"]);
    assert_eq!(names("sql!"), ["sql"]);
    assert_eq!(names("at_most"), ["at_most"]);
    assert!(names("select").is_empty() && names("a = 1").is_empty());
    assert!(names("HTTPS").is_empty() && names("cargo test").is_empty());
}

#[test]
fn a_name_that_is_gone_is_found() {
    let items = &*ITEMS;
    for gone in ["SubscriberHandle", "Meters", "fetch_everything"] {
        assert!(!items.defines(gone), "{gone}");
    }
    assert!(!items.mention("fetch_everything"));
}
