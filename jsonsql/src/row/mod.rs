//! From the bytes of an answer to rows, in one pass.
//!
//! Rows are positional lists without column names; the row type says what it
//! expects where. A number is taken as a text, with the digits it was sent
//! with, and a text as a number if it is written as PostgreSQL prints that
//! number: `00012345` is an account and no integer. A failure names the row,
//! the column, what was expected and what was found; never the value.
//!
//! # Features of `serde_json`
//!
//! Cargo gives a program one `serde_json`, with the features that any of its
//! crates asks for. None changes how this crate reads or writes:
//!
//! - `arbitrary_precision` makes `serde_json`'s numbers texts, which visitors
//!   see as objects. Numbers are taken from the JSON text here, so rows and
//!   statements are the same with it and without it.
//! - `float_roundtrip` makes `serde_json` read the nearest float. The floats of
//!   rows are read by Rust's own parser, which always does.
//! - `unbounded_depth` lets a program's own deserializer nest without limit.
//!   Statements keep [their limit](crate::ast::MAX_DEPTH); what is nested in a
//!   value is passed over without recursion.
//! - `preserve_order` is about the members of a `serde_json::Value`, of which
//!   there is none between a request or an answer and its types.
//!
//! A `serde_json::Value` of the program's own, such as a raw call's answer,
//! has what that program's features give it.

use std::fmt;

use serde_json::value::RawValue;

mod cells;
mod scalar;
mod scanner;
mod tuple;

use cells::Failure;
pub use cells::{Cells, RowError};
pub use scalar::Scalar;

/// A type that one value of an answer decodes into.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an answer",
    label = "not a column type",
    note = "for an own type, put `#[derive(SqlType)]` on it",
    note = "types of `jiff`, `chrono`, `rust_decimal`, `ipnet` and `uuid` need the feature of that name of `jsonsql`",
    note = "a nullable column is written `Option<…>`: an `Option` behind a type alias is not seen"
)]
pub trait Decode<'de>: Sized {
    /// The expected value, in the words of a message, such as "a 32-bit integer".
    const EXPECTED: &'static str;

    /// Reads the value, which is not NULL.
    ///
    /// # Errors
    ///
    /// When the value is of another kind or out of range.
    fn decode(scalar: Scalar<'de>) -> Result<Self, Mismatch>;
}

/// A value that is not what the row type expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    expected: &'static str,
    found: &'static str,
}

impl Mismatch {
    /// A `T` was expected, this was found.
    pub fn new<'de, T: Decode<'de>>(found: &Scalar<'_>) -> Mismatch {
        Mismatch::found::<T>(found.kind())
    }

    /// Returns what was expected, in words: "a 32-bit integer".
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Returns what was found, in words that do not tell the value: "a text".
    pub fn found_kind(&self) -> &'static str {
        self.found
    }

    /// A `T` was expected, and what was found is of the right kind but has
    /// something the matter with it: `found` says what, such as "a number out
    /// of range". It must not tell the value.
    pub fn found<'de, T: Decode<'de>>(found: &'static str) -> Mismatch {
        Mismatch {
            expected: T::EXPECTED,
            found,
        }
    }
}

/// A row of an answer: a value, a tuple, a derived struct, or an `Option` of a
/// left-joined struct.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// #[derive(Debug, PartialEq, Row)]
/// struct SetTopBox {
///     mac_addr: MacAddr,
///     owner: Option<Subscriber>,
///     #[row(default)]
///     max_terminal: i32,
/// }
///
/// let query: Select<SetTopBox> = select(|mut q| {
///     let t = q.from(Terminal);
///     let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id));
///     q.select(SetTopBoxSelection { mac_addr: t.mac_addr, owner: s, max_terminal: s.max_terminal })
/// });
/// assert_eq!(
///     query.to_string(),
///     "SELECT t.mac_addr, s.id, s.username, s.password, s.disabled, s.max_terminal, \
///      s.max_terminal FROM terminal AS t LEFT JOIN subscriber AS s ON s.id = t.subscriber_id"
/// );
/// let answer = br#"[["00-1A-79-0C-BB-01", null, null, null, null, null, null]]"#;
/// assert_eq!(
///     jsonsql::row::decode::<SetTopBox>(answer)?,
///     [SetTopBox { mac_addr: "00-1a-79-0c-bb-01".parse()?, owner: None, max_terminal: 0 }]
/// );
/// # Ok::<(), std::boxed::Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row",
    label = "not a row",
    note = "a row is a column type, a tuple of rows, or a struct with `#[derive(Table)]`"
)]
pub trait Row<'de>: Sized {
    /// The number of values that it takes.
    const WIDTH: usize;

    /// Takes its values from the row.
    ///
    /// # Errors
    ///
    /// When a value is missing or not of the expected type.
    fn decode(cells: &mut Cells<'de>) -> Result<Self, RowError>;
}

/// A row that may be missing: what a left join leaves without a partner.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be missing from an answer",
    label = "nothing tells whether it is there",
    note = "a struct can, if a field of it is its key: `#[row(key)]`",
    note = "a nullable column is written `Option<…>`: an `Option` behind a type alias is not seen"
)]
pub trait OptionalRow<'de>: Row<'de> {
    /// Takes its values from the row; `None` if the row is missing.
    ///
    /// # Errors
    ///
    /// As [`Row::decode`].
    fn decode_optional(cells: &mut Cells<'de>) -> Result<Option<Self>, RowError>;
}

impl<'de, T: Decode<'de>> Row<'de> for T {
    const WIDTH: usize = 1;

    #[inline]
    fn decode(cells: &mut Cells<'de>) -> Result<T, RowError> {
        cells.required("")
    }
}

impl<'de, T: Decode<'de>> OptionalRow<'de> for T {
    #[inline]
    fn decode_optional(cells: &mut Cells<'de>) -> Result<Option<T>, RowError> {
        cells.optional("")
    }
}

impl<'de, T: OptionalRow<'de>> Row<'de> for Option<T> {
    const WIDTH: usize = T::WIDTH;

    #[inline]
    fn decode(cells: &mut Cells<'de>) -> Result<Option<T>, RowError> {
        T::decode_optional(cells)
    }
}

/// An answer that is not rows of the expected type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DecodeError {
    place: Option<Place>,
    problem: Problem,
}

/// A place in the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    row: usize,
    index: usize,
    column: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Mismatch(Mismatch),
    /// The JSON itself: its text names kinds and positions, not values.
    Json(String),
}

impl DecodeError {
    #[cold]
    fn new(result: &[u8], failure: Option<Failure>) -> DecodeError {
        let problem = match failure.and_then(|failure| failure.mismatch) {
            Some(mismatch) => Problem::Mismatch(mismatch),
            None => Problem::Json(match serde_json::from_slice::<&RawValue>(result) {
                Ok(_) => "expected a list of rows".to_owned(),
                Err(error) => error.to_string(),
            }),
        };
        DecodeError {
            place: failure.map(|failure| failure.place),
            problem,
        }
    }

    /// The row, counted from 0.
    pub fn row(&self) -> Option<usize> {
        self.place.map(|place| place.row)
    }

    /// The position in the row, counted from 0.
    pub fn index(&self) -> Option<usize> {
        self.place.map(|place| place.index)
    }

    /// The name of the struct's column that was to be read, if it is one's.
    pub fn column(&self) -> Option<&'static str> {
        self.place
            .map(|place| place.column)
            .filter(|column| !column.is_empty())
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Place { row, index, column }) = self.place {
            write!(f, "row {row}, value {index}")?;
            if !column.is_empty() {
                write!(f, " (`{column}`)")?;
            }
            f.write_str(": ")?;
        }
        match &self.problem {
            Problem::Mismatch(Mismatch { expected, found }) => {
                write!(f, "expected {expected}, found {found}")
            }
            Problem::Json(message) => f.write_str(message),
        }
    }
}

/// Decodes a `result`: a list of rows, or a flat list of values.
///
/// ```
/// let rows: Vec<(i64, Option<String>)> =
///     jsonsql::row::decode(br#"[[1, "sports"], [2, null]]"#)?;
/// assert_eq!(rows, [(1, Some("sports".to_owned())), (2, None)]);
///
/// let ids: Vec<i64> = jsonsql::row::decode(b"[1, 2]")?;
/// assert_eq!(ids, [1, 2]);
///
/// let error = jsonsql::row::decode::<(i64, bool)>(br#"[[1, true], [2, "maybe"]]"#).unwrap_err();
/// assert_eq!(error.to_string(), "row 1, value 1: expected a boolean, found a text");
/// # Ok::<(), jsonsql::row::DecodeError>(())
/// ```
///
/// # Errors
///
/// When it is not JSON, or not rows of this type.
pub fn decode<'de, R: Row<'de>>(result: &'de [u8]) -> Result<Vec<R>, DecodeError> {
    let (text, is_whole) = match std::str::from_utf8(result) {
        Ok(text) => (text, true),
        Err(error) => {
            let valid = &result[..error.valid_up_to()];
            (std::str::from_utf8(valid).unwrap_or_default(), false)
        }
    };
    let mut cells = Cells::new(text);
    let rows = cells
        .rows(capacity::<R>(text))
        .and_then(|rows| cells.end().map(|()| rows));
    match rows {
        Ok(rows) if is_whole => Ok(rows),
        _ => Err(DecodeError::new(result, cells.failure())),
    }
}

/// Decodes the rows at the beginning of a text, and returns them with the number
/// of bytes that they take; `None` where [`decode`] of these bytes alone would fail.
///
/// A client that knows where the rows of an answer begin reads them so in one
/// pass, without looking for their end first.
///
/// ```
/// let (rows, length) = jsonsql::row::decode_prefix::<i64>(r#"[1, 2], "id": 7}"#).unwrap();
/// assert_eq!((rows, length), (vec![1, 2], 6));
/// ```
pub fn decode_prefix<'de, R: Row<'de>>(text: &'de str) -> Option<(Vec<R>, usize)> {
    let mut cells = Cells::new(text);
    let rows = cells.rows(capacity::<R>(text)).ok()?;
    Some((rows, cells.offset()))
}

/// Decodes values that were left as text by [`Cells::raw`]: no brackets around them,
/// and a comma between two. `row` is the number of their row, for the error; their
/// places are counted from the first of them.
///
/// A program that holds many rows can so decode each one when it is needed.
///
/// ```
/// use jsonsql::row::{Cells, Row, RowError, decode, decode_values};
///
/// /// The id of a channel, and two values that are decoded later.
/// struct Later<'de>(i64, &'de str);
///
/// impl<'de> Row<'de> for Later<'de> {
///     const WIDTH: usize = 3;
///
///     fn decode(cells: &mut Cells<'de>) -> Result<Self, RowError> {
///         Ok(Later(cells.required("id")?, cells.raw(2)?))
///     }
/// }
///
/// let rows: Vec<Later<'_>> = decode(br#"[[7, "sports", true], [8, "news", "?"]]"#)?;
/// assert_eq!(rows[0].1, r#""sports", true"#);
/// let (name, enabled): (String, bool) = decode_values(rows[0].1, 0)?;
/// assert_eq!((name.as_str(), enabled), ("sports", true));
///
/// let error = decode_values::<(String, bool)>(rows[1].1, 1).unwrap_err();
/// assert_eq!(error.to_string(), "row 1, value 1: expected a boolean, found a text");
/// # Ok::<(), jsonsql::row::DecodeError>(())
/// ```
///
/// # Errors
///
/// When they are not the values of this row, or not all of them.
pub fn decode_values<'de, R: Row<'de>>(values: &'de str, row: usize) -> Result<R, DecodeError> {
    Cells::values(values, row).map_err(|Failure { place, mismatch }| DecodeError {
        place: Some(place),
        problem: mismatch.map_or_else(
            || Problem::Json("expected JSON values with commas between them".to_owned()),
            Problem::Mismatch,
        ),
    })
}

/// As many rows as an answer can have: one for each list in it, as far as its
/// length allows for rows of this width; but not much more memory than its own,
/// for a list need not be a row.
fn capacity<'de, R: Row<'de>>(result: &str) -> usize {
    let lists = memchr::memchr_iter(b'[', result.as_bytes()).count();
    let shortest = 2 * R::WIDTH + 2;
    let memory = 4 * result.len() / size_of::<R>().max(1);
    lists.min(result.len() / shortest).min(memory)
}
