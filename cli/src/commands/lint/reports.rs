//! The forms in which findings are written.

use serde_json::{Value, json};

use super::Checked;
use crate::source::Source;

/// For people, with a caret.
pub(super) fn text(checked: &[Checked]) -> String {
    let mut text = String::new();
    let mut count = 0;
    for file in checked {
        let source = Source {
            name: &file.name,
            text: &file.text,
        };
        for mistake in &file.mistakes {
            let message = format!("{} [{}]", mistake.message, mistake.rule);
            text.push_str(&source.mark(mistake.rating, &message, mistake.place.clone()));
            count += 1;
        }
    }
    let files = checked.len();
    let files = if files == 1 {
        "1 file".to_owned()
    } else {
        format!("{files} files")
    };
    text.push_str(&match count {
        0 => format!("nothing found in {files}\n"),
        1 => format!("1 finding in {files}\n"),
        _ => format!("{count} findings in {files}\n"),
    });
    text
}

/// For programs.
pub(super) fn json(checked: &[Checked]) -> String {
    let all: Vec<Value> = checked
        .iter()
        .flat_map(|file| {
            file.mistakes.iter().map(|mistake| {
                json!({
                    "file": file.name,
                    "line": mistake.line,
                    "column": mistake.column,
                    "level": mistake.rating.name(),
                    "rule": mistake.rule,
                    "message": mistake.message,
                })
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(all))
}

/// GitHub's workflow commands, whose separators are escaped as its runner
/// expects (`actions/toolkit`, `command.ts`).
pub(super) fn github(checked: &[Checked]) -> String {
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for file in checked {
        for mistake in &file.mistakes {
            text.push_str(&format!(
                "::{} file={},line={},col={},title={}::{}\n",
                mistake.rating.name(),
                property(&file.name),
                mistake.line,
                mistake.column,
                property(mistake.rule),
                data(&mistake.message),
            ));
        }
    }
    text
}

/// SARIF 2.1.0 (OASIS).
pub(super) fn sarif(checked: &[Checked]) -> String {
    let results: Vec<Value> = checked
        .iter()
        .flat_map(|file| {
            file.mistakes.iter().map(|mistake| {
                json!({
                    "ruleId": mistake.rule,
                    "level": mistake.rating.name(),
                    "message": {"text": mistake.message},
                    "locations": [{"physicalLocation": {
                        "artifactLocation": {"uri": file.name},
                        "region": {"startLine": mistake.line, "startColumn": mistake.column},
                    }}],
                })
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "jsonsql", "version": env!("CARGO_PKG_VERSION")}},
            "results": results,
        }],
    });
    format!("{log:#}\n")
}
