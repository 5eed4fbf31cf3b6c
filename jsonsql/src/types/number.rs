//! Numbers.

use super::digits::{self, Digits};
use super::{Ordered, SqlType};
use crate::ast::SqlKind;
use crate::ast::{self, Number};
use crate::row::{Decode, Mismatch, Scalar};

macro_rules! integers {
    ($($type:ty, $expected:literal, $kind:ident;)*) => {$(
        impl SqlType for $type {
            const KIND: SqlKind = SqlKind::$kind;

            fn literal(&self) -> ast::Expr {
                ast::Expr::Number(Number::from(*self))
            }
        }

        impl Ordered for $type {}

        impl<'de> Decode<'de> for $type {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn decode(scalar: Scalar<'de>) -> Result<$type, Mismatch> {
                digits::decode(scalar)
            }
        }

        impl Digits for $type {
            fn is_canonical(text: &str) -> bool {
                digits::is_integer(text)
            }

            #[inline]
            fn parse(digits: &str) -> Option<$type> {
                // Of `-0` an integer would lose the sign.
                if digits == "-0" {
                    return None;
                }
                digits.parse().ok()
            }
        }
    )*};
}

integers! {
    i16, "a 16-bit integer", SmallInt;
    i32, "a 32-bit integer", Int;
    i64, "a 64-bit integer", BigInt;
    u16, "an unsigned 16-bit integer", Int;
    u32, "an unsigned 32-bit integer", BigInt;
    u64, "an unsigned 64-bit integer", BigInt;
}

/// A value that is not finite has no form in JSON and is written as the text
/// PostgreSQL has for it (`NaN`, `Infinity`).
impl SqlType for f64 {
    const KIND: SqlKind = SqlKind::Float;

    fn literal(&self) -> ast::Expr {
        match Number::from_f64(*self) {
            Some(number) => ast::Expr::Number(number),
            None if self.is_nan() => ast::Expr::text("NaN"),
            None if *self > 0.0 => ast::Expr::text("Infinity"),
            None => ast::Expr::text("-Infinity"),
        }
    }
}

impl Ordered for f64 {}

impl<'de> Decode<'de> for f64 {
    const EXPECTED: &'static str = "a number";

    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<f64, Mismatch> {
        if let Scalar::Number(digits) = &scalar {
            return f64::parse(digits)
                .ok_or_else(|| Mismatch::found::<f64>("a number out of range"));
        }
        digits::decode(scalar)
    }
}

/// The nearest float, as `double precision` has it.
impl Digits for f64 {
    fn is_canonical(text: &str) -> bool {
        digits::is_float(text)
    }

    #[inline]
    fn parse(digits: &str) -> Option<f64> {
        let value: f64 = digits.parse().ok()?;
        (value.is_finite() || digits.ends_with(['N', 'y'])).then_some(value)
    }
}
