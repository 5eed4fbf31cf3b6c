//! Rust types of columns.

use crate::ast::{self, SqlKind};
use crate::row::{Decode, Mismatch, Scalar};

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(any(feature = "chrono", feature = "jiff"))]
mod clock;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod digits;
mod inet;
#[cfg(feature = "jiff")]
mod jiff;
mod mac;
mod number;
mod numeric;
mod text;
#[cfg(feature = "uuid")]
mod uuid;

pub use mac::{MacAddr, ParseMacError};
pub use numeric::Numeric;

/// A Rust type that a column can have.
///
/// Derive it for newtypes with `#[derive(SqlType)]`, so that ids of different
/// tables do not compare.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "not a column type",
    note = "column types are numbers, `bool`, `String`, `MacAddr`, `IpAddr` and newtypes with `#[derive(SqlType)]`",
    note = "those of `jiff`, `chrono`, `rust_decimal`, `ipnet` and `uuid` need the feature of that name of `jsonsql`",
    note = "a nullable column is written `Option<…>`: an `Option` behind a type alias is not seen"
)]
pub trait SqlType: for<'de> Decode<'de> + 'static {
    /// The kind of value in a column of this type: its type in a schema made of
    /// the mapping, and its name in a message.
    const KIND: SqlKind;

    /// The value as a literal.
    fn literal(&self) -> ast::Expr;

    /// The value as a literal, when it is no longer needed.
    fn into_literal(self) -> ast::Expr {
        self.literal()
    }
}

/// A column type that holds text, and so has LIKE.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text: it has no LIKE",
    label = "not a text"
)]
pub trait TextType: SqlType {}

/// A column type with a smallest and a greatest value: `min` and `max`. Of
/// `bool`, `macaddr` and `uuid` PostgreSQL has neither.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `min` and no `max` in PostgreSQL",
    label = "no `min` and no `max` of this",
    note = "to find the first or last, order by it and take one row"
)]
pub trait Ordered: SqlType {}

impl SqlType for bool {
    const KIND: SqlKind = SqlKind::Bool;

    fn literal(&self) -> ast::Expr {
        ast::Expr::Bool(*self)
    }
}

impl<'de> Decode<'de> for bool {
    const EXPECTED: &'static str = "a boolean";

    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<bool, Mismatch> {
        match &scalar {
            Scalar::Bool(value) => Ok(*value),
            // PostgreSQL's own text form of booleans, and JSON's.
            Scalar::Text(text) => match text.as_ref() {
                "t" | "true" => Ok(true),
                "f" | "false" => Ok(false),
                _ => Err(Mismatch::new::<bool>(&scalar)),
            },
            _ => Err(Mismatch::new::<bool>(&scalar)),
        }
    }
}
