//! Requests pasted from a web page, whose quotation marks and spaces are not
//! those of JSON.

use jsonsql::typography::first_in_json;

/// Says which character of a body is the reason why it is no JSON, and where;
/// `None` if the parser stopped before one.
pub(crate) fn reason(body: &[u8], error: &serde_json::Error) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let misplaced = first_in_json(text)?;
    // The parser counts bytes, and the bytes before this one are ASCII or in
    // texts that it has passed.
    let before = &text[..misplaced.offset()];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let (line, column) = misplaced.line_and_column(text);
    let byte_column = misplaced.offset() - line_start + 1;
    let is_the_first = (line, byte_column) <= (error.line(), error.column() + 1);
    is_the_first.then(|| format!("line {line}, column {column}: {misplaced}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason_of(body: &str) -> Option<String> {
        let error = serde_json::from_str::<serde_json::Value>(body).unwrap_err();
        reason(body.as_bytes(), &error)
    }

    #[test]
    fn the_first_problem_is_the_one_named() {
        let quotes = reason_of("{\n  \u{ab}method\u{bb}: 1}").unwrap();
        assert!(quotes.starts_with("line 2, column 3: U+00AB"), "{quotes}");
        let space = reason_of("{\"a\": 1,\n\u{a0}\"b\": 2}").unwrap();
        assert!(space.starts_with("line 2, column 1: U+00A0"), "{space}");
        let after_letters = reason_of("{\"\u{434}\u{435}\":\u{a0}1}").unwrap();
        assert!(after_letters.starts_with("line 1, column 7: U+00A0"));
        assert_eq!(reason_of("{\"a\": 1,}\n\u{ab}"), None);
        assert_eq!(reason_of("{\"a\": \"\u{ab}b\u{bb}\",}"), None);
    }
}
