//! Requests pasted from a web page, whose quotation marks and spaces are not
//! those of the keyboard.

use axum::http::Uri;
use jsonsql::typography::{Misplaced, first_in_plain};

/// The fields that people write sentences into, where such a character is meant.
const FREE_TEXTS: [&str; 8] = [
    "account_balance",
    "comment",
    "full_name",
    "login",
    "msg",
    "name",
    "password",
    "phone",
];

/// Says which character of a request was pasted, and where. One that is
/// percent-encoded is meant: a program sent it.
pub(super) fn reason(uri: &Uri, body: &[u8]) -> Option<String> {
    let path = uri.path();
    if let Some(misplaced) = first_in_plain(path) {
        return Some(said(misplaced, "the address", path, 0));
    }
    let text = std::str::from_utf8(body).ok()?;
    let mut start = 0;
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let Some(misplaced) = first_in_plain(name) {
            return Some(said(misplaced, "the name of a field", text, start));
        }
        let field = name.split('[').next().unwrap_or_default();
        if !FREE_TEXTS.contains(&field)
            && let Some(misplaced) = first_in_plain(value)
        {
            let part = format!("the field `{name}`");
            return Some(said(misplaced, &part, text, start + name.len() + 1));
        }
        start += pair.len() + 1;
    }
    None
}

/// The message about a character in a part that begins at this byte of the whole.
fn said(misplaced: Misplaced, part: &str, whole: &str, start: usize) -> String {
    let before = whole.get(..start + misplaced.offset()).unwrap_or(whole);
    let column = before.chars().count() + 1;
    let name = misplaced.name();
    format!("{part}, column {column}: {name}; write it as ASCII, or percent-encoded if it is meant")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason_of(path: &'static str, body: &str) -> Option<String> {
        reason(&Uri::from_static(path), body.as_bytes())
    }

    #[test]
    fn a_pasted_character_is_named_with_its_column() {
        let space = reason_of("/stb/1553", "status=1&\u{a0}ls=2").unwrap();
        assert!(
            space.starts_with("the name of a field, column 10: U+00A0 is a no-break space"),
            "{space}"
        );
        let quote = reason_of(
            "/stb/1553",
            "login=\u{434}&tariff_plan=\u{201c}FULL\u{201d}",
        );
        let quote = quote.unwrap();
        assert!(
            quote.starts_with("the field `tariff_plan`, column 21: U+201C is a left double"),
            "{quote}"
        );
    }

    #[test]
    fn letters_free_texts_and_percent_signs_are_let_through() {
        for body in [
            "full_name=\u{ab}\u{420}\u{43e}\u{bb}",
            "ls=\u{434}",
            "ls=%C2%A0",
            "",
        ] {
            assert_eq!(reason_of("/stb/%C2%A01553", body), None, "{body}");
        }
    }
}
