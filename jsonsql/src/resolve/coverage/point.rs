//! Literals whose order is known, to tell which values lie between them.

use std::cmp::Ordering;

use crate::ast::Expr;

use crate::ast::SqlKind;

/// A literal that has a place among others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Point<'a> {
    Number(Decimal),
    /// A text of lower-case letters and digits of ASCII, which every collation
    /// puts into the same order.
    Text(&'a str),
}

impl<'a> Point<'a> {
    /// The point that a literal is for a column of this kind.
    pub(super) fn of(literal: &'a Expr, kind: Option<SqlKind>) -> Option<Point<'a>> {
        match (literal, kind) {
            (Expr::Number(number), _) => Decimal::parse(&number.to_string()).map(Point::Number),
            (
                Expr::Text(text),
                Some(
                    SqlKind::SmallInt
                    | SqlKind::Int
                    | SqlKind::BigInt
                    | SqlKind::Numeric
                    | SqlKind::Float,
                ),
            ) => Decimal::parse(text).map(Point::Number),
            (Expr::Text(text), Some(SqlKind::Text)) => {
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
                text.bytes().all(plain).then_some(Point::Text(text))
            }
            _ => None,
        }
    }

    /// The order of two points; `None` of a text and a number, and if it takes
    /// too many digits to tell.
    pub(super) fn order(self, other: Point<'_>) -> Option<Ordering> {
        match (self, other) {
            (Point::Number(a), Point::Number(b)) => a.order(b),
            (Point::Text(a), Point::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// Returns `true` if a column of this kind can hold a value at this place
/// between and beside the points: the places of the points are odd.
pub(super) fn exists(place: usize, points: &[Point<'_>], kind: Option<SqlKind>) -> bool {
    let numbers = |index: usize| match points.get(index) {
        Some(Point::Number(number)) => Some(*number),
        _ => None,
    };
    let (least, greatest) = match (kind, points.first()) {
        // Nothing is less than the empty text.
        (_, Some(Point::Text(""))) => return place > 0,
        (Some(SqlKind::SmallInt), _) => (i128::from(i16::MIN), i128::from(i16::MAX)),
        (Some(SqlKind::Int), _) => (i128::from(i32::MIN), i128::from(i32::MAX)),
        (Some(SqlKind::BigInt), _) => (i128::from(i64::MIN), i128::from(i64::MAX)),
        _ => return true,
    };
    let index = place / 2;
    if place % 2 == 1 {
        let whole = numbers(index).filter(|number| number.scale == 0);
        let whole = whole.map(|number| number.digits);
        return whole.is_some_and(|whole| (least..=greatest).contains(&whole));
    }
    let above = match index.checked_sub(1).and_then(numbers) {
        None => Some(least),
        Some(number) => number.floor().and_then(|floor| floor.checked_add(1)),
    };
    let below = match numbers(index) {
        None => Some(greatest),
        Some(number) if number.scale == 0 => number.digits.checked_sub(1),
        Some(number) => number.floor(),
    };
    match (above, below) {
        (Some(above), Some(below)) => above.max(least) <= below.min(greatest),
        _ => true,
    }
}

/// A number of up to 38 digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    digits: i128,
    /// The number of digits behind the decimal point, the last of which is no zero.
    scale: u32,
}

impl Decimal {
    /// Reads a number in plain notation; `None` of any other text, and of one
    /// with too many digits.
    fn parse(text: &str) -> Option<Decimal> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Decimal {
            digits: if text.starts_with('-') {
                -digits
            } else {
                digits
            },
            scale: u32::try_from(fraction.len()).ok()?,
        })
    }

    /// The greatest whole number that is not greater.
    fn floor(self) -> Option<i128> {
        let unit = 10_i128.checked_pow(self.scale)?;
        Some(self.digits.div_euclid(unit))
    }

    /// The order of two numbers; `None` if it takes too many digits to tell.
    fn order(self, other: Decimal) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        let scaled = |number: Decimal| {
            let factor = 10_i128.checked_pow(scale - number.scale)?;
            number.digits.checked_mul(factor)
        };
        Some(scaled(self)?.cmp(&scaled(other)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Point<'static> {
        Point::Number(Decimal::parse(text).unwrap())
    }

    #[test]
    fn numbers_have_an_order() {
        let sorted = [
            "-10.5",
            "-10",
            "-0.25",
            "0",
            "0.1",
            "0.10000000000000001",
            "1",
            "9.99",
            "100",
        ];
        for (index, a) in sorted.iter().enumerate() {
            for (other, b) in sorted.iter().enumerate() {
                assert_eq!(
                    number(a).order(number(b)),
                    Some(index.cmp(&other)),
                    "{a} {b}"
                );
            }
        }
        assert_eq!(number("1.50").order(number("1.5")), Some(Ordering::Equal));
        for wrong in ["", "-", "1e3", "+1", " 1", "1.", ".5", "0x1", "NaN"] {
            assert!(Decimal::parse(wrong).is_none(), "{wrong}");
        }
        let long = "9".repeat(38);
        assert_eq!(number(&long).order(number("0.5")), None);
    }

    #[test]
    fn whole_numbers_have_gaps() {
        let at = |kind, points: &[&str]| -> Vec<bool> {
            let points: Vec<_> = points.iter().map(|text| number(text)).collect();
            let places = 0..=2 * points.len();
            places.map(|place| exists(place, &points, kind)).collect()
        };
        let (yes, no) = (true, false);
        assert_eq!(
            at(Some(SqlKind::Int), &["4", "5"]),
            [yes, yes, no, yes, yes]
        );
        assert_eq!(
            at(Some(SqlKind::Int), &["4", "6"]),
            [yes, yes, yes, yes, yes]
        );
        assert_eq!(at(Some(SqlKind::Int), &["4.5"]), [yes, no, yes]);
        assert_eq!(
            at(Some(SqlKind::Int), &["-0.5", "0.5"]),
            [yes, no, yes, no, yes]
        );
        assert_eq!(at(Some(SqlKind::Int), &["2147483647"]), [yes, yes, no]);
        assert_eq!(at(Some(SqlKind::Int), &["2147483648"]), [yes, no, no]);
        assert_eq!(at(Some(SqlKind::SmallInt), &["32767"]), [yes, yes, no]);
        assert_eq!(at(Some(SqlKind::SmallInt), &["-32768"]), [no, yes, yes]);
        assert_eq!(at(Some(SqlKind::BigInt), &["2147483648"]), [yes, yes, yes]);
        assert_eq!(
            at(Some(SqlKind::BigInt), &["-9223372036854775808"]),
            [no, yes, yes]
        );
        assert_eq!(at(Some(SqlKind::Numeric), &["4", "5"]), [yes; 5]);
        assert_eq!(at(None, &["4", "5"]), [yes; 5]);
    }

    #[test]
    fn texts_have_an_order_where_every_collation_agrees() {
        let point = |text: &'static str| {
            Point::of(Box::leak(Box::new(Expr::text(text))), Some(SqlKind::Text))
        };
        assert!(point("ab9").is_some() && point("").is_some());
        for text in ["A", "a b", "я", "a-b"] {
            assert!(point(text).is_none(), "{text}");
        }
        let points = [point("").unwrap(), point("a").unwrap()];
        let places: Vec<_> = (0..5)
            .map(|place| exists(place, &points, Some(SqlKind::Text)))
            .collect();
        assert_eq!(places, [false, true, true, true, true]);
    }
}
