//! Answers that are not JSON-RPC.

use crate::sanitize::{Printable, excerpt};

/// The number of characters of an answer that is not JSON which are shown.
const SHOWN: usize = 120;

/// An answer that is not a JSON-RPC answer to the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// Not JSON, such as a proxy's error page, or JSON with garbage in it.
    #[error("the answer is not JSON (line {line}, column {column})")]
    NotJson {
        /// The line where JSON ends, counted from 1.
        line: usize,
        /// The place in the line, in bytes.
        column: usize,
    },
    /// Not JSON from the beginning: a proxy's page, a message of the server's
    /// language, another service.
    #[error("the answer is not JSON; it begins with `{begins}`")]
    Text {
        /// Its first characters, without what was sent, fit for a terminal.
        begins: Box<str>,
    },
    /// JSON that ends before its end.
    #[error("the answer is cut off")]
    CutOff,
    /// JSON, but `null`, a text, a list …
    #[error("the answer is {found}, where {expected} was expected")]
    Shape {
        /// The kind of value that came.
        found: &'static str,
        /// The kind of answer that a server should have sent.
        expected: &'static str,
    },
    /// `result` is not a list of rows, or for a login not an object with a `session_id`.
    #[error("`result` is {found}, where {expected} was expected")]
    Result {
        /// The kind of value that came.
        found: &'static str,
        /// The kind that was expected.
        expected: &'static str,
    },
    /// A field of a REST interface's answer is not as documented.
    #[error(
        "`{}` in the answer: expected {}",
        Printable(field),
        Printable(expected)
    )]
    Field {
        /// The field: `data[3].start`.
        field: Box<str>,
        /// The kind that was expected there.
        expected: Box<str>,
    },
    /// Neither `result` nor `error`.
    #[error("the answer has neither `result` nor `error`")]
    NoResult,
    /// `result` is null, and there is no `error`.
    #[error("`result` is null, and there is no `error`")]
    NullResult,
    /// `error` and `result` are both there: one of them is wrong.
    #[error("the answer has both `result` and `error`")]
    Both,
    /// A member is there twice, and only one of them can be meant.
    #[error("the answer has `{member}` more than once")]
    Repeated {
        /// Its name.
        member: &'static str,
    },
    /// The answer names no call, so that nothing shows that it is the server's.
    #[error("the answer has no `id`")]
    NoId,
    /// The answer is to another call.
    #[error("the answer's `id` is not the call's")]
    ForeignId,
    /// A batch's answer leaves this call out.
    #[error("the batch's answer has no answer to this call")]
    Unanswered,
    /// A batch's answer answers this call more than once.
    #[error("the batch's answer has more than one answer to this call")]
    AnsweredTwice,
}

impl ProtocolError {
    /// The same of an answer with this content: one that is not JSON at all shows
    /// how it begins. What is data has rows in it and does not show, also behind a
    /// warning of PHP or a broken first byte.
    ///
    /// `hide` takes what must not be shown out of a text.
    pub(crate) fn of_answer(self, body: &[u8], hide: impl FnOnce(&str) -> String) -> ProtocolError {
        match self {
            ProtocolError::NotJson { .. } => match beginning(body, hide) {
                Some(begins) => ProtocolError::Text { begins },
                None => self,
            },
            _ => self,
        }
    }
}

/// The first characters of a content that is a page or a text; none of data.
///
/// `hide` takes what must not be shown out of a text.
pub(crate) fn beginning(body: &[u8], hide: impl FnOnce(&str) -> String) -> Option<Box<str>> {
    if begins_as_json(body) {
        return None;
    }
    // A mark of the encoding and the indentation of a page say nothing.
    let text = String::from_utf8_lossy(&body[..body.len().min(SHOWN * 20)]);
    let text = text.trim_start_matches('\u{feff}');
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = words.join(" ");
    let shown = before_data(&words);
    if shown.is_empty() {
        return None;
    }
    let begins = excerpt(&hide(shown), SHOWN);
    let more = shown.len() < words.len() && !begins.ends_with('…');
    Some(format!("{begins}{}", if more { "…" } else { "" }).into())
}

/// Returns the text before an object, a list, or, outside of markup, a quoted text.
fn before_data(text: &str) -> &str {
    let mut rest = text.chars();
    let is_markup = rest.next() == Some('<')
        && rest
            .next()
            .is_some_and(|next| next.is_ascii_alphabetic() || "!?/".contains(next));
    let data = match is_markup {
        true => text.find(['{', '[']),
        false => text.find(['{', '[', '"']),
    };
    &text[..data.unwrap_or(text.len())]
}

fn begins_as_json(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let body = body.trim_ascii_start();
    matches!(body.first(), Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9'))
        || [&b"true"[..], b"false", b"null"]
            .iter()
            .any(|word| body.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &[u8]) -> String {
        let problem = ProtocolError::NotJson { line: 1, column: 1 };
        problem.of_answer(body, str::to_owned).to_string()
    }

    #[test]
    fn rows_do_not_show_behind_anything() {
        let rows = r#"{"status":"OK","results":[{"login":"planted"}]}"#;
        for before in [
            "",
            " ",
            "\u{feff}",
            "<br />\n<b>Notice</b>: Undefined index in <b>/a.php</b>\n",
            "PHP Notice: x ",
            "F\"",
            "<\"a\":",
            "x",
        ] {
            let shown = shown(format!("{before}{rows}").as_bytes());
            assert!(!shown.contains("planted"), "{shown}");
        }
        // A broken byte at the beginning leaves names and values as they are.
        let broken = [b"\xff".as_slice(), &rows.as_bytes()[1..]].concat();
        assert!(!shown(&broken).contains("planted"));
        assert!(!shown(&rows.as_bytes()[2..]).contains("planted"));
    }

    #[test]
    fn a_page_and_a_notice_show() {
        for (body, expected) in [
            ("<html lang=\"ru\">\n <p>503", "<html lang=\"ru\"> <p>503"),
            ("Bad Gateway", "Bad Gateway"),
            ("<b>Notice</b>: x {\"a\":1}", "<b>Notice</b>: x …"),
        ] {
            let expected = format!("the answer is not JSON; it begins with `{expected}`");
            assert_eq!(shown(body.as_bytes()), expected);
        }
    }
}
