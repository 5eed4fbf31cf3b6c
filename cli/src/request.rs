//! A JSONSQL request in a text, and the places of its parts.

use std::collections::BTreeMap;
use std::ops::Range;

use jsonsql::ast::{Method, Statement};
use jsonsql::typography;
use serde_json::value::RawValue;

/// A request that was read.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) statement: Statement,
    /// The place of its `params` in the text.
    params: Range<usize>,
}

/// A problem of a text, and its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) place: Range<usize>,
}

/// The members that a request may have beside `method` and `params`.
const ENVELOPE: &[&str] = &["jsonrpc", "id", "method", "params"];

type Members<'t> = BTreeMap<String, &'t RawValue>;

/// Reads a text that is one request.
///
/// # Errors
///
/// When it is no JSON, no request, or not in the grammar of JSONSQL.
pub(crate) fn one(text: &str) -> Result<Request, Problem> {
    let text_of_json = text.strip_prefix('\u{feff}').unwrap_or(text);
    let bom = text.len() - text_of_json.len();
    if let Some(misplaced) = typography::first_in_json(text_of_json) {
        let at = bom + misplaced.offset();
        let place = at..at + misplaced.character().len_utf8();
        let message = misplaced.to_string();
        return Err(Problem { message, place });
    }
    let whole: &RawValue = serde_json::from_str(text_of_json).map_err(|error| {
        let at = bom + offset(text_of_json, error.line(), error.column());
        let message = without_place(&error);
        Problem {
            message: format!("no JSON: {message}"),
            place: at..at + 1,
        }
    })?;
    read(text, whole, true)
}

/// Reads the requests of a document: one, a batch of them, or an object that has
/// one somewhere within, as the lines of logs do.
pub(crate) fn all(text: &str) -> Vec<Result<Request, Problem>> {
    let whole: Result<&RawValue, _> =
        serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let Ok(whole) = whole else {
        return vec![one(text)];
    };
    let mut found = Vec::new();
    let is_known = collect(text, whole, &mut found, 0);
    if !is_known {
        let place = place(text, whole);
        let message = "no request is in it: expected an object with `method` and `params`";
        found.push(Err(Problem {
            message: message.to_owned(),
            place,
        }));
    }
    found
}

/// The method of a login, in which there is nothing to check.
const LOGIN: &str = "\"authorize_user\"";

/// The depth in a document to which requests are looked for.
const DEPTH: usize = 8;

/// Collects the requests within a value; returns `true` if there is one, or a login.
fn collect(
    text: &str,
    value: &RawValue,
    found: &mut Vec<Result<Request, Problem>>,
    depth: usize,
) -> bool {
    if depth > DEPTH {
        return false;
    }
    let mut is_known = false;
    if let Some(members) = members(value) {
        if let (Some(method), true) = (members.get("method"), members.contains_key("params")) {
            if method_of(method).is_some() {
                found.push(read(text, value, false));
                return true;
            }
            if method.get() == LOGIN {
                return true;
            }
        }
        for member in members.values() {
            is_known |= collect(text, member, found, depth + 1);
        }
    } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        for item in items {
            is_known |= collect(text, item, found, depth + 1);
        }
    }
    is_known
}

fn read(text: &str, envelope: &RawValue, is_strict: bool) -> Result<Request, Problem> {
    let at = place(text, envelope);
    let problem = |message: String, place: Range<usize>| Problem { message, place };
    let Some(members) = members(envelope) else {
        let message = "expected one request, `{\"method\": …, \"params\": …}`";
        return Err(problem(message.to_owned(), at));
    };
    if let Some((name, value)) = members
        .iter()
        .find(|(name, _)| is_strict && !ENVELOPE.contains(&name.as_str()))
    {
        let message = format!("`{name}` is no member of a request: expected `method` and `params`");
        return Err(problem(message, place(text, value)));
    }
    let method = members
        .get("method")
        .ok_or_else(|| problem("the request has no `method`".to_owned(), at.clone()))?;
    let Some(known) = method_of(method) else {
        let message = "the method has to be \"select\", \"insert\", \"update\" or \"delete\"";
        return Err(problem(message.to_owned(), place(text, method)));
    };
    let params = members
        .get("params")
        .ok_or_else(|| problem("the request has no `params`".to_owned(), at))?;
    let range = place(text, params);
    match Statement::from_json(known, params.get().as_bytes()) {
        Ok(statement) => Ok(Request {
            statement,
            params: range,
        }),
        Err(error) => {
            let place = find(text, &range, error.pointer());
            Err(problem(error.message().to_owned(), place))
        }
    }
}

impl Request {
    /// The place of what a JSON pointer into `params` names.
    pub(crate) fn place_of(&self, text: &str, pointer: &str) -> Range<usize> {
        find(text, &self.params, pointer)
    }
}

/// Goes along a JSON pointer as far as it can: a pointer is into the canonical
/// spelling, and a text may have a list less.
fn find(text: &str, from: &Range<usize>, pointer: &str) -> Range<usize> {
    let mut at = from.clone();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let Ok(value) = serde_json::from_str::<&RawValue>(&text[at.clone()]) else {
            break;
        };
        let next = match members(value) {
            Some(members) => members.get(&token).copied(),
            None => {
                let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
                token
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index).copied())
            }
        };
        let Some(next) = next else { break };
        at = place(text, next);
    }
    at
}

fn members(value: &RawValue) -> Option<Members<'_>> {
    serde_json::from_str(value.get()).ok()
}

fn method_of(value: &RawValue) -> Option<Method> {
    let name: String = serde_json::from_str(value.get()).ok()?;
    Method::from_name(&name)
}

/// Returns the place of a value in the text that it was read from.
fn place(text: &str, value: &RawValue) -> Range<usize> {
    let start = value
        .get()
        .as_ptr()
        .addr()
        .saturating_sub(text.as_ptr().addr());
    start..start + value.get().len()
}

/// The byte at serde_json's line and column, which counts bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// serde_json's message without its "at line 1 column 2".
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> (String, String) {
        let problem = one(text).expect_err("a mistake");
        (problem.message, text[problem.place].to_owned())
    }

    #[test]
    fn what_is_wrong_is_shown_at_its_place() {
        let (message, place) =
            problem(r#"{"method":"select","params":{"data":["id"],"form":"media"}}"#);
        assert!(message.contains("form"), "{message}");
        assert!(place.starts_with(r#"{"data""#), "{place}");
        let (message, place) = problem(r#"{"method":"selekt","params":{}}"#);
        assert!(message.contains("\"select\""), "{message}");
        assert_eq!(place, r#""selekt""#);
        let (message, _) = problem(r#"{"params":{}}"#);
        assert_eq!(message, "the request has no `method`");
        let (message, place) =
            problem(r#"{"method":"select","params":{"data":["id"]},"paramz":1}"#);
        assert!(message.contains("`paramz`"), "{message}");
        assert_eq!(place, "1");
    }

    #[test]
    fn a_character_that_no_json_has_is_named() {
        let (message, place) = problem("{\u{201c}method\u{201d}: 1}");
        assert!(message.contains("left double quotation mark"), "{message}");
        assert_eq!(place, "\u{201c}");
        let (message, place) = problem("{\u{a0}\"method\": \"select\"}");
        assert!(message.contains("no-break space"), "{message}");
        assert_eq!(place, "\u{a0}");
        let in_a_text = r#"{"method":"select","params":{"data":["id"],"from":"media","where":{"eq":["name","« »"]}}}"#;
        assert!(one(in_a_text).is_ok());
    }

    #[test]
    fn half_a_document_is_no_json() {
        let (message, _) = problem(r#"{"method":"select""#);
        assert!(message.starts_with("no JSON: EOF"), "{message}");
    }

    #[test]
    fn requests_are_found_in_batches_and_logs() {
        let call = r#"{"method":"select","params":{"data":["id"],"from":"media"}}"#;
        let count = |text: &str| all(text).iter().filter(|one| one.is_ok()).count();
        assert_eq!(count(&format!("[{call},{call}]")), 2);
        assert_eq!(
            count(&format!(r#"{{"time":1,"sent":{{"body":{call}}}}}"#)),
            1
        );
        assert_eq!(all(r#"{"time":1}"#).len(), 1, "no request is a mistake");
        let login = r#"{"method":"authorize_user","params":{"username":"a","password":"b"}}"#;
        assert_eq!(all(login).len(), 0);
    }

    #[test]
    fn a_pointer_leads_to_its_place() {
        let text = r#"{"method":"delete","params":{"from":"media","where":{"eq":["nmae","x"]}}}"#;
        let request = one(text).expect("a request");
        assert_eq!(&text[request.place_of(text, "/where/eq/0")], r#""nmae""#);
        assert_eq!(
            &text[request.place_of(text, "/where/eq/7")],
            r#"["nmae","x"]"#
        );
    }
}
