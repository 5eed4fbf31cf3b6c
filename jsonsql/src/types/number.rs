//! Numbers.

use super::{Ordered, SqlType};
use crate::ast::{self, Number};
use crate::row::{Decode, Mismatch, Scalar};

macro_rules! integers {
    ($($type:ty, $expected:literal;)*) => {$(
        impl SqlType for $type {
            fn literal(&self) -> ast::Expr {
                ast::Expr::Number(Number::from(*self))
            }
        }

        impl Ordered for $type {}

        impl<'de> Decode<'de> for $type {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn decode(scalar: Scalar<'de>) -> Result<$type, Mismatch> {
                match &scalar {
                    Scalar::Signed(value) => <$type>::try_from(*value).ok(),
                    Scalar::Unsigned(value) => <$type>::try_from(*value).ok(),
                    Scalar::Text(text) => text.parse().ok(),
                    _ => None,
                }
                .ok_or_else(|| Mismatch::new::<$type>(&scalar))
            }
        }
    )*};
}

integers! {
    i16, "a 16-bit integer";
    i32, "a 32-bit integer";
    i64, "a 64-bit integer";
    u16, "an unsigned 16-bit integer";
    u32, "an unsigned 32-bit integer";
    u64, "an unsigned 64-bit integer";
}

/// A value that is not finite has no form in JSON and is written as the text
/// PostgreSQL has for it (`NaN`, `Infinity`).
impl SqlType for f64 {
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

    #[allow(
        clippy::cast_precision_loss,
        reason = "a float column holds what a float can"
    )]
    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<f64, Mismatch> {
        match &scalar {
            Scalar::Float(value) => Some(*value),
            Scalar::Signed(value) => Some(*value as f64),
            Scalar::Unsigned(value) => Some(*value as f64),
            Scalar::Text(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| Mismatch::new::<f64>(&scalar))
    }
}
