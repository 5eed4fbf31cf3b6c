//! A row's place in the order, as it is sent back for the next page.

use std::cmp::Ordering;

use jsonsql::ast::Expr;
use jsonsql::row::{Cells, Decode, Mismatch, RowError, Scalar};

/// Reads the `N` values by which a row is ordered, which come last in it.
pub(super) fn key<const N: usize>(cells: &mut Cells<'_>) -> Result<[KeyValue; N], RowError> {
    let mut key = [const { KeyValue::Null }; N];
    for value in &mut key {
        if let Some(read) = cells.optional("")? {
            *value = read;
        }
    }
    Ok(key)
}

/// A value by which rows are ordered.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum KeyValue {
    Null,
    Bool(bool),
    Whole(i64),
    /// A number with a fraction, an exponent or more digits, as it was sent.
    Number(Box<str>),
    /// A text, a time, an address: its order is the server's.
    Text(Box<str>),
}

impl KeyValue {
    /// The value as a literal. A number that JSON readers may round goes as a
    /// text, which the server reads as the column's type: a billing in
    /// production sends all its values so (grade A).
    pub(super) fn literal(&self) -> Expr {
        match self {
            KeyValue::Null => Expr::Null,
            KeyValue::Bool(value) => Expr::Bool(*value),
            KeyValue::Whole(value) => Expr::Number((*value).into()),
            KeyValue::Number(digits) => match digits.parse::<u64>() {
                Ok(value) => Expr::Number(value.into()),
                Err(_) => Expr::text(digits.to_string()),
            },
            KeyValue::Text(text) => Expr::text(text.to_string()),
        }
    }

    /// The order of two values of one column, as far as it can be known: that
    /// of texts depends on the server's collation. NULL is the largest, as in
    /// PostgreSQL.
    pub(super) fn compare(&self, other: &KeyValue) -> Option<Ordering> {
        if self == other {
            return Some(Ordering::Equal);
        }
        match (self, other) {
            (KeyValue::Null, _) => Some(Ordering::Greater),
            (_, KeyValue::Null) => Some(Ordering::Less),
            (KeyValue::Bool(one), KeyValue::Bool(other)) => Some(one.cmp(other)),
            _ => match (self.whole(), other.whole()) {
                (Some(one), Some(other)) => Some(one.cmp(&other)),
                // Digits that differ behind the seventeenth are not told apart.
                _ => (self.approximate()?.partial_cmp(&other.approximate()?))
                    .filter(|order| order.is_ne()),
            },
        }
    }

    fn whole(&self) -> Option<i128> {
        match self {
            KeyValue::Whole(value) => Some((*value).into()),
            KeyValue::Number(digits) => digits.parse().ok(),
            KeyValue::Null | KeyValue::Bool(_) | KeyValue::Text(_) => None,
        }
    }

    fn approximate(&self) -> Option<f64> {
        match self {
            KeyValue::Whole(value) => Some(*value as f64),
            KeyValue::Number(text) => text.parse().ok(),
            KeyValue::Null | KeyValue::Bool(_) | KeyValue::Text(_) => None,
        }
    }
}

impl<'de> Decode<'de> for KeyValue {
    const EXPECTED: &'static str = "a number, a text or a boolean to order by";

    fn decode(scalar: Scalar<'de>) -> Result<KeyValue, Mismatch> {
        Ok(match scalar {
            Scalar::Bool(value) => KeyValue::Bool(value),
            Scalar::Number(text) => match text.parse() {
                Ok(value) => KeyValue::Whole(value),
                Err(_) => KeyValue::Number(text.into()),
            },
            Scalar::Text(text) => KeyValue::Text(text.into()),
            other => return Err(Mismatch::new::<KeyValue>(&other)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &[u8]) -> KeyValue {
        match jsonsql::row::decode::<Option<KeyValue>>(json) {
            Ok(mut values) => values.remove(0).unwrap_or(KeyValue::Null),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn numbers_compare_as_numbers_and_texts_do_not() {
        let compare = |one, other| of(one).compare(&of(other));
        for (small, large) in [
            (b"[9]".as_slice(), b"[10]".as_slice()),
            (b"[-10]", b"[-9]"),
            (b"[9]", b"[9.5]"),
            (b"[-2.5]", b"[-2.25]"),
            (b"[18446744073709551615]", b"[18446744073709551616]"),
            (
                b"[170141183460469231731687303715884105727]",
                b"[270141183460469231731687303715884105727]",
            ),
            (b"[false]", b"[true]"),
            (b"[\"z\"]", b"[null]"),
        ] {
            assert_eq!(compare(small, large), Some(Ordering::Less));
            assert_eq!(compare(large, small), Some(Ordering::Greater));
            assert_eq!(compare(large, large), Some(Ordering::Equal));
        }
        assert_eq!(compare(b"[\"a\"]", b"[\"B\"]"), None);
        assert_eq!(compare(b"[\"9\"]", b"[10]"), None);
        assert_eq!(compare(b"[1.0]", b"[1]"), None);
    }

    #[test]
    fn a_literal_is_the_value_digit_for_digit() {
        let of = |json: &[u8]| of(json).literal();
        assert_eq!(of(b"[7]"), Expr::Number(7.into()));
        assert_eq!(of(b"[18446744073709551615]"), Expr::Number(u64::MAX.into()));
        for digits in [
            "18446744073709551616",
            "0.1000000000000000055511151231257827",
            "-2.50",
        ] {
            let json = format!("[{digits}]");
            assert_eq!(of(json.as_bytes()), Expr::text(digits.to_owned()));
        }
        assert_eq!(of(b"[true]"), Expr::Bool(true));
        assert_eq!(of(b"[null]"), Expr::Null);
    }
}
