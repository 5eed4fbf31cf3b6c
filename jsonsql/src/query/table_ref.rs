//! One occurrence of a table in a statement.

use std::fmt;
use std::ops::Deref;

use crate::expr::{NotNull, Nullability, Qualifier};
use crate::schema::Table;

/// One occurrence of table `T` in the query `'q`, with its columns as fields.
///
/// `N` says whether the whole row can be missing, as after a left join: then
/// every column may be NULL.
pub struct TableRef<'q, T: Table, N: Nullability = NotNull> {
    columns: T::Columns<'q, N>,
    pub(crate) qualifier: Qualifier,
}

impl<T: Table, N: Nullability> TableRef<'_, T, N> {
    pub(crate) fn new(qualifier: Qualifier) -> Self {
        TableRef {
            columns: T::columns(qualifier),
            qualifier,
        }
    }
}

impl<'q, T: Table, N: Nullability> Deref for TableRef<'q, T, N> {
    type Target = T::Columns<'q, N>;

    fn deref(&self) -> &Self::Target {
        &self.columns
    }
}

impl<T: Table, N: Nullability> Clone for TableRef<'_, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Table, N: Nullability> Copy for TableRef<'_, T, N> {}

impl<T: Table, N: Nullability> fmt::Debug for TableRef<'_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TableRef({})", T::INFO.name)
    }
}
