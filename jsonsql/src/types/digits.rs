//! The texts that are numbers.
//!
//! A server that sends numbers as texts sends them as PostgreSQL prints them. A
//! text with leading zeros, a plus sign, a blank or a separator comes from a
//! text column (an account `00012345`), and as a number it would be another value.

use crate::ast::Parts;
use crate::row::{Decode, Mismatch, Scalar};

/// A column type that is a number.
pub(super) trait Digits: Sized {
    /// Returns `true` if PostgreSQL prints a value of the type like this.
    fn is_canonical(text: &str) -> bool;

    /// The value of a JSON number, or of a text of that form; `None` if the
    /// type does not have it.
    fn parse(digits: &str) -> Option<Self>;
}

/// Reads a number, or a text in the canonical form of one.
#[inline]
pub(super) fn decode<'de, T: Decode<'de> + Digits>(scalar: Scalar<'de>) -> Result<T, Mismatch> {
    match &scalar {
        Scalar::Number(digits) => T::parse(digits),
        Scalar::Text(text) if T::is_canonical(text) => T::parse(text),
        _ => None,
    }
    .ok_or_else(|| mismatch::<T>(&scalar))
}

#[cold]
fn mismatch<'de, T: Decode<'de> + Digits>(scalar: &Scalar<'_>) -> Mismatch {
    match scalar {
        Scalar::Number("-0") => Mismatch::found::<T>("a negative zero"),
        Scalar::Number(digits) if T::is_canonical(digits) => {
            Mismatch::found::<T>("a number out of range")
        }
        Scalar::Text(text) if T::is_canonical(text) => {
            Mismatch::found::<T>("a text with a number out of range")
        }
        Scalar::Text(text) if text.contains(|letter: char| letter.is_ascii_digit()) => {
            Mismatch::found::<T>("a text that is not a number in its canonical form")
        }
        _ => Mismatch::new::<T>(scalar),
    }
}

/// An integer is printed without anything but digits and a minus sign.
pub(super) fn is_integer(text: &str) -> bool {
    Parts::of(text).is_some_and(|parts| parts.is_whole() && !parts.is_negative_zero())
}

/// A float is printed in its shortest form, `1.5`, `1e+20`, `-0`, `NaN`; a
/// `numeric`, which may be read as a float, with the zeros of its scale, `1.50`.
pub(super) fn is_float(text: &str) -> bool {
    let exponent = |exponent: &str| exponent.starts_with("e+") || exponent.starts_with("e-");
    matches!(text, "NaN" | "Infinity" | "-Infinity")
        || Parts::of(text).is_some_and(|parts| parts.exponent.is_none_or(exponent))
}

/// A `numeric` is printed without exponent, and its zero without a sign.
#[cfg(feature = "rust_decimal")]
pub(super) fn is_numeric(text: &str) -> bool {
    Parts::of(text).is_some_and(|parts| parts.exponent.is_none() && !parts.is_negative_zero())
}
