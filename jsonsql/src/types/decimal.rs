//! `rust_decimal`, with the feature of that name.

use rust_decimal::Decimal;

use super::Numeric;
use super::digits::{self, Digits};
use super::{Ordered, SqlType};
use crate::ast::SqlKind;
use crate::ast::{self, Number};
use crate::row::{Decode, Mismatch, Scalar};

/// A `numeric` column of up to 28 digits.
///
/// Read from a JSON number with the digits it was sent with, or from a text.
/// Written as a JSON number if that keeps every digit on its way through the
/// 64-bit floats of most JSON parsers, and otherwise as a text, which PostgreSQL
/// takes for a number beside a number. Trailing zeros of a fraction count for
/// nothing.
impl SqlType for Decimal {
    const KIND: SqlKind = SqlKind::Numeric;

    fn literal(&self) -> ast::Expr {
        match number(*self) {
            Some(number) => ast::Expr::Number(number),
            None => ast::Expr::text(self.to_string()),
        }
    }
}

impl Ordered for Decimal {}

impl Numeric for Decimal {
    type Sum = Decimal;
    type Mean = Decimal;
}

fn number(value: Decimal) -> Option<Number> {
    if value.fract().is_zero() {
        return i64::try_from(value).ok().map(Number::from);
    }
    let number = Number::from_f64(value.try_into().ok()?)?;
    (Decimal::parse(&number.to_string()) == Some(value)).then_some(number)
}

/// Every digit, or nothing.
impl Digits for Decimal {
    fn is_canonical(text: &str) -> bool {
        digits::is_numeric(text)
    }

    fn parse(digits: &str) -> Option<Decimal> {
        let mantissa = digits.split(['e', 'E']).next()?;
        // The other reader of the two rounds a mantissa that is too long.
        let exact = Decimal::from_str_exact(mantissa).ok()?;
        if mantissa.len() == digits.len() {
            return Some(exact);
        }
        Decimal::from_scientific(digits).ok()
    }
}

impl<'de> Decode<'de> for Decimal {
    const EXPECTED: &'static str = "a decimal number of up to 28 digits";

    fn decode(scalar: Scalar<'de>) -> Result<Decimal, Mismatch> {
        digits::decode(scalar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, literal};
    use crate::row::decode;

    const LONG: &str = "1234567890123456.789012345678";

    #[test]
    fn no_digit_is_lost() {
        let long: Decimal = LONG.parse().unwrap();
        // As a flat list, in rows, as an option, and as a text.
        let flat = format!("[{LONG}, \"{LONG}\", -{LONG}]");
        assert_eq!(
            decode::<Decimal>(flat.as_bytes()).unwrap(),
            [long, long, -long]
        );
        let rows = format!("[[1, {LONG}], [2, null], [3, \"{LONG}\"]]");
        assert_eq!(
            decode::<(i32, Option<Decimal>)>(rows.as_bytes()).unwrap(),
            [(1, Some(long)), (2, None), (3, Some(long))]
        );
        let nested = format!("[[{LONG}], null]");
        assert_eq!(
            decode::<Option<Decimal>>(nested.as_bytes()).unwrap(),
            [Some(long), None]
        );
        assert_eq!(decode::<(Decimal,)>(flat.as_bytes()).unwrap()[0], (long,));
        assert_eq!(
            decode::<Decimal>(b"[1.5e3, 1e-7]").unwrap(),
            [Decimal::new(1500, 0), Decimal::new(1, 7)]
        );
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        let message = |json: &str| decode::<Decimal>(json.as_bytes()).unwrap_err().to_string();
        let expected = "row 0, value 0: expected a decimal number of up to 28 digits, found";
        assert_eq!(message("[\"NaN\"]"), format!("{expected} a text"));
        assert_eq!(message("[true]"), format!("{expected} a boolean"));
        assert_eq!(
            message("[[1, 2]]"),
            "row 0, value 1: expected the end of the row, found one more value"
        );
        // Forty digits do not fit, and are not rounded.
        let long = format!("[0.{}]", "3".repeat(40));
        assert_eq!(message(&long), format!("{expected} a number out of range"));
        assert_eq!(message("[null]"), format!("{expected} null"));
        assert_eq!(
            message("[[1.2"),
            "row 0, value 1: EOF while parsing a list at line 1 column 5"
        );
    }

    #[test]
    fn a_text_is_a_decimal_as_numeric_prints_it() {
        let one = |json: &str| decode::<Decimal>(format!("[{json}]").as_bytes());
        assert_eq!(one("\"1.50\"").unwrap(), [Decimal::new(150, 2)]);
        assert_eq!(one("\"-0.25\"").unwrap(), [Decimal::new(-25, 2)]);
        assert_eq!(one("\"0.00\"").unwrap(), [Decimal::ZERO]);
        for text in [
            "01.5", "+1.5", " 1.5", "1.5 ", "1_000", ".5", "5.", "1e3", "1e+3", "-0", "-0.00",
            "NaN", "",
        ] {
            let message = one(&format!("\"{text}\"")).unwrap_err().to_string();
            let expected =
                "row 0, value 0: expected a decimal number of up to 28 digits, found a text";
            assert!(message.starts_with(expected), "{message}");
        }
        // A mantissa of too many digits is not rounded, whatever its exponent.
        assert!(one("0.1000000000000000055511151231257827e1").is_err());
        assert!(one("1e400").is_err());
    }

    #[test]
    fn a_literal_is_a_number_while_that_is_exact() {
        let written = |text: &str| {
            let literal = text.parse::<Decimal>().unwrap().literal();
            serde_json::to_string(&literal).unwrap()
        };
        assert_eq!(written("12.50"), "12.5");
        assert_eq!(written("-0.1"), "-0.1");
        assert_eq!(written("7.00"), "7");
        assert_eq!(written(LONG), format!("\"{LONG}\""));
        assert_eq!(
            written("79228162514264337593543950335"),
            "\"79228162514264337593543950335\""
        );
    }

    #[test]
    fn decimals_compute_like_other_numbers() {
        let cost = || literal(Decimal::new(125, 1));
        let price: Expr<'_, Decimal> = cost() * Decimal::TWO + cost();
        assert_eq!(format!("{price:?}"), "Expr(? * ? + ?)");
        let _: Expr<'_, Decimal, crate::Null> = crate::expr::avg(cost());
        let _: Expr<'_, Decimal, crate::Null> = crate::expr::max(cost());
    }
}
