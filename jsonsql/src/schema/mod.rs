//! The descriptions of tables that the derives generate.

use std::marker::PhantomData;

use crate::ast::TableInfo;
use crate::expr::{Col, Column, Nullability, Qualifier};
use crate::row::{Mismatch, Row, Scalar};
use crate::types::SqlType;

mod changeset;
mod compile_time;
mod insertable;
mod secret;
mod target;

pub use changeset::{Change, ChangeFor, Changeset};
#[doc(hidden)]
pub use compile_time::{assert_no_column, info_of};
pub use insertable::{Insertable, Value};
#[doc(hidden)]
pub use insertable::{assert_complete, name_of};
pub use secret::is_secret;
#[doc(hidden)]
pub use target::{Target, assignments, target};

/// A Rust struct that maps to a table; derive it with `#[derive(Table)]`.
///
/// The derive also makes a constant of the struct's name, so that the table
/// can be passed as a value: `q.from(Subscriber)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "not a table",
    note = "put `#[derive(Table)]` on the struct"
)]
pub trait Table: for<'de> Row<'de> + 'static {
    /// The table's name and columns.
    const INFO: &'static TableInfo;

    /// One typed column per field.
    type Columns<'q, N: Nullability>: Copy;

    /// The type of the key: one column's, or a tuple for a key of several.
    type Key: for<'de> Row<'de>;

    #[doc(hidden)]
    fn columns<'q, N: Nullability>(qualifier: Qualifier) -> Self::Columns<'q, N>;
}

/// A table as a value: what the constant of a derived struct's name is.
#[derive(Debug)]
pub struct TableOf<T>(PhantomData<fn() -> T>);

impl<T> TableOf<T> {
    #[doc(hidden)]
    #[allow(clippy::new_without_default, reason = "only the derive makes these")]
    pub const fn new() -> Self {
        TableOf(PhantomData)
    }
}

impl<T> Clone for TableOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for TableOf<T> {}

/// Used by the derive: [`ColumnInfo::check`](crate::ast::ColumnInfo::check) of a column of this type.
///
/// # Errors
///
/// When the value is not a `T`.
#[doc(hidden)]
pub fn check<T: SqlType>(scalar: Scalar<'_>) -> Result<(), Mismatch> {
    T::decode(scalar).map(drop)
}

/// Used by the derive: a column of one occurrence of a table.
#[doc(hidden)]
pub fn column<'q, T, N>(
    table: &'static TableInfo,
    qualifier: Qualifier,
    index: u32,
) -> Col<'q, T, N> {
    Col::new(Column::new(table, qualifier, index))
}
