//! Numbers as JSON has them.

use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use crate::ast::Number;

/// A number of PostgreSQL, every digit kept.
pub(super) fn number(text: &str, negative: bool, at: Location) -> Read<Number> {
    // PostgreSQL has no negative zero; a reader of JSON makes a float of it.
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = mantissa.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if negative && !is_zero { "-" } else { "" };
    let digits = text.trim_start_matches('0');
    // JSON has no zeros before a number, and a digit before the point.
    let whole = match digits.chars().next() {
        Some('0'..='9') => digits.to_owned(),
        _ if text.starts_with('0') || digits.starts_with('.') => format!("0{digits}"),
        _ => text.to_owned(),
    };
    if whole.ends_with('.') || whole.contains(".e") || whole.contains(".E") {
        return refuse(at, "a number has a digit behind its point: write `.0`");
    }
    match format!("{sign}{whole}").parse() {
        Ok(number) => Ok(number),
        Err(_) => refuse(
            at,
            "a number has digits, one `.` and an exponent, in decimal",
        ),
    }
}

/// The number with the other sign.
pub(super) fn negated(number: &Number, at: Location) -> Read<Number> {
    let text = number.to_string();
    let (text, negative) = match text.strip_prefix('-') {
        Some(positive) => (positive.to_owned(), false),
        None => (text, true),
    };
    self::number(&text, negative, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_json_has_them() {
        let at = Location::new(1, 1);
        for (sql, json) in [
            ("0", "0"),
            ("007", "7"),
            ("00", "0"),
            (".5", "0.5"),
            ("00.50", "0.50"),
            ("1e3", "1e3"),
            ("1E+5", "1E+5"),
            ("12.50", "12.50"),
            ("0e0", "0e0"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
        ] {
            assert_eq!(number(sql, false, at).unwrap().to_string(), json);
        }
        for sql in ["5.", "5.e3", "1_000", "0x10", ".", "", "1e", "e3"] {
            assert!(number(sql, false, at).is_err(), "{sql}");
        }
        let minus = negated(&number("1.50", false, at).unwrap(), at).unwrap();
        assert_eq!(minus.to_string(), "-1.50");
        assert_eq!(negated(&minus, at).unwrap().to_string(), "1.50");
        for zero in ["0", "00", "0.0", "0e5"] {
            let minus = negated(&number(zero, false, at).unwrap(), at).unwrap();
            assert!(!minus.to_string().contains('-'), "{zero}");
        }
    }
}
