//! Texts.

use std::borrow::Cow;

use super::{Ordered, SqlType, TextType};
use crate::ast;
use crate::ast::SqlKind;
use crate::row::{Decode, Mismatch, Scalar};

impl SqlType for String {
    const KIND: SqlKind = SqlKind::Text;

    fn literal(&self) -> ast::Expr {
        ast::Expr::text(self.clone())
    }

    fn into_literal(self) -> ast::Expr {
        ast::Expr::text(self)
    }
}

impl TextType for String {}

impl Ordered for String {}

/// A number is taken as its text, with the digits it was sent with:
/// `concat(":", port)` of one operand comes back as the server sees fit.
impl<'de> Decode<'de> for String {
    const EXPECTED: &'static str = "a text";

    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<String, Mismatch> {
        match scalar {
            Scalar::Text(text) => Ok(text.into_owned()),
            Scalar::Number(digits) => Ok(digits.to_owned()),
            other => Err(Mismatch::new::<String>(&other)),
        }
    }
}

/// Borrows from the answer; owned only where the JSON text has escapes. A
/// number is taken as its digits, as for a `String`.
impl<'de> Decode<'de> for Cow<'de, str> {
    const EXPECTED: &'static str = "a text";

    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<Cow<'de, str>, Mismatch> {
        match scalar {
            Scalar::Text(text) => Ok(text),
            Scalar::Number(digits) => Ok(Cow::Borrowed(digits)),
            other => Err(Mismatch::new::<String>(&other)),
        }
    }
}

/// Borrows from the answer; a text with JSON escapes in it cannot be borrowed.
/// A number is taken as its digits, as for a `String`.
impl<'de> Decode<'de> for &'de str {
    const EXPECTED: &'static str = "a text without escapes, to be borrowed";

    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<&'de str, Mismatch> {
        match scalar {
            Scalar::Text(Cow::Borrowed(text)) | Scalar::Number(text) => Ok(text),
            other => Err(Mismatch::new::<&str>(&other)),
        }
    }
}
