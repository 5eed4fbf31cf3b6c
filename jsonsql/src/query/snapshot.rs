//! A statement as text for snapshot tests.

use super::{Error, Statement};
use crate::Dialect;

/// The SQL with literals, the method, and the JSON that is sent.
pub(super) fn snapshot<S: Statement>(statement: &S, dialect: &Dialect) -> Result<String, Error> {
    let json = statement.params(dialect)?.to_json()?;
    let mut text = format!("{:#}\n\n{}\n", statement.ast(), statement.method());
    lay_out(&json, &mut text);
    Ok(text)
}

/// The width up to which a list or object stays on its line.
const WIDTH: usize = 80;

/// Appends a JSON text without blanks, laid out to be read: the members of the
/// outermost object have a line each, and what is wider than a line is divided.
/// Only blanks are added, so that digits, escapes and the order of members are
/// those of the text.
fn lay_out(json: &str, out: &mut String) {
    let mut depth = 0;
    let mut line = out.len();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let column = out[line..].chars().count();
        let end = match first {
            '"' => string_end(rest),
            '{' | '[' if depth > 0 => group_end(rest, WIDTH.saturating_sub(column)),
            _ => None,
        };
        let (token, after) = rest.split_at(end.unwrap_or(first.len_utf8()));
        rest = after;
        let closes = matches!(first, '}' | ']') && end.is_none();
        let opens = matches!(first, '{' | '[') && end.is_none();
        if closes {
            depth -= 1;
            line = break_line(depth, out);
        }
        if opens && rest.starts_with(['}', ']']) {
            // Nothing is in it: it is closed on the same line.
            out.push_str(token);
            out.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        }
        spaced(token, out);
        if opens {
            depth += 1;
        }
        if opens || first == ',' {
            if first == ',' {
                out.truncate(out.trim_end().len());
            }
            line = break_line(depth, out);
        }
    }
}

fn break_line(depth: usize, out: &mut String) -> usize {
    out.push('\n');
    let line = out.len();
    out.extend(std::iter::repeat_n("  ", depth));
    line
}

/// Appends a piece of JSON on one line, with a blank after commas and colons.
fn spaced(json: &str, out: &mut String) {
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => string_end(rest),
            _ => None,
        };
        let (token, after) = rest.split_at(end.unwrap_or(first.len_utf8()));
        out.push_str(token);
        if matches!(token, "," | ":") {
            out.push(' ');
        }
        rest = after;
    }
}

/// Returns the end of the string that begins here.
fn string_end(json: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}

/// Returns the end of the list or object that begins here, if it is no wider
/// than this on one line.
fn group_end(json: &str, width: usize) -> Option<usize> {
    let (mut used, mut depth, mut index) = (0, 0_usize, 0);
    while used <= width {
        let rest = json.get(index..)?;
        let first = rest.chars().next()?;
        let length = match first {
            '"' => string_end(rest)?,
            _ => first.len_utf8(),
        };
        used += rest[..length].chars().take(width + 1).count();
        index += length;
        match first {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' | ':' => used += 1,
            _ => {}
        }
        if depth == 0 {
            return (used <= width).then_some(index);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(json: &str) -> String {
        let mut out = String::new();
        lay_out(json, &mut out);
        out
    }

    #[test]
    fn members_have_a_line_each_and_short_ones_stay_on_it() {
        let json = r#"{"data":[{"s":"id"}],"limit":5,"in":[],"x":{}}"#;
        let expected = r#"{
  "data": [{"s": "id"}],
  "limit": 5,
  "in": [],
  "x": {}
}"#;
        assert_eq!(laid_out(json), expected);
        assert_eq!(laid_out("{}"), "{}");
    }

    #[test]
    fn what_is_wider_than_a_line_is_divided() {
        let long = "x".repeat(40);
        let json = format!(r#"{{"and":[{{"eq":["{long}",1.50]}},{{"eq":["a,b:\"[","{long}"]}}]}}"#);
        let expected = format!(
            r#"{{
  "and": [
    {{"eq": ["{long}", 1.50]}},
    {{"eq": ["a,b:\"[", "{long}"]}}
  ]
}}"#
        );
        assert_eq!(laid_out(&json), expected);
    }

    #[test]
    fn a_text_of_any_width_is_one_token() {
        let long = "я".repeat(200);
        let json = format!(r#"{{"set":{{"a":"{long}","b":1}}}}"#);
        let expected = format!("{{\n  \"set\": {{\n    \"a\": \"{long}\",\n    \"b\": 1\n  }}\n}}");
        assert_eq!(laid_out(&json), expected);
    }
}
