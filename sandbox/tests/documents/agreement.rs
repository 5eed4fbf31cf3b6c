//! An answer against the printed one and the differences that its file declares.

use serde_json::Value;

use crate::compare::{Found, What, differences};
use crate::document::{Difference, Example};

/// The extent to which an example is answered as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// In every member and element.
    Whole,
    /// In all that is printed; the answer has members that are not.
    Printed,
    /// In all that is printed, but for numbers that are texts.
    AsText,
    /// Not in all that is printed.
    Partly,
}

/// Says how far an answer is the printed one, or in which way it is neither that
/// nor what the file declares.
pub(crate) fn extent(example: &Example, printed: &str, answered: &str) -> Result<Extent, String> {
    let read = |json: &str| serde_json::from_str::<Value>(json).map_err(|e| format!("{e}: {json}"));
    let found = differences(&read(printed)?, &read(answered)?);
    let mut problems = Vec::new();
    for one in &found {
        let declared = example.differences.iter().filter(|d| is(one, d)).count();
        if declared != 1 {
            problems.push(format!("{declared} times declared: {}", declaration(one)));
        }
    }
    for declared in &example.differences {
        if !found.iter().any(|one| is(one, declared)) {
            problems.push(format!("declared and not there: {}", declared.at));
        }
    }
    if !problems.is_empty() {
        let problems = problems.join("\n");
        return Err(format!("{}:\n{problems}\n{answered}", example.id));
    }
    // An answer that is printed with an ellipsis has more elements too.
    let is_cut = example.is_cut();
    let extents = found.iter().map(|one| match one.what {
        What::More(_) => Extent::Printed,
        What::Element if is_cut => Extent::Printed,
        What::Text(_) => Extent::AsText,
        What::Value(_) | What::Element | What::Absent => Extent::Partly,
    });
    Ok(extents.max().unwrap_or(Extent::Whole))
}

/// Returns `true` if a difference is the declared one.
fn is(found: &Found, declared: &Difference) -> bool {
    let steps: Vec<&str> = found.at.split('/').collect();
    let pattern: Vec<&str> = declared.at.split('/').collect();
    let is_there = steps.len() == pattern.len()
        && steps.iter().zip(&pattern).all(|(a, b)| a == b || *b == "*");
    let is_what = match &found.what {
        What::Value(value) => {
            declared.more.is_none()
                && !declared.absent
                && declared.answers.as_ref().is_none_or(|known| known == value)
        }
        What::Text(text) => declared.answers.as_ref().is_some_and(|known| known == text),
        What::More(names) => declared.more.as_ref() == Some(names),
        What::Element => declared.more.is_none() && !declared.absent && declared.answers.is_none(),
        What::Absent => declared.absent,
    };
    is_there && is_what
}

/// The line to declare a difference with, but for its reason.
fn declaration(found: &Found) -> Value {
    let at = &found.at;
    match &found.what {
        What::Value(value) => serde_json::json!({"at": at, "answers": value}),
        What::Text(text) => serde_json::json!({"at": at, "answers": text}),
        What::More(names) => serde_json::json!({"at": at, "more": names}),
        What::Element => serde_json::json!({"at": at}),
        What::Absent => serde_json::json!({"at": at, "absent": true}),
    }
}
