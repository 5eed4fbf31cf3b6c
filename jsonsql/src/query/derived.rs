//! Sub-selects in FROM: a query's rows as a table.

use super::writable::nameable;
use crate::ast::{Body, Expr, Item, Name, Projection, Select};
use crate::expr::{Col, Column, NotNull, Null, Qualifier};
use crate::schema::{ColumnInfo, TableInfo};
use crate::types::SqlType;

/// A row whose values can be columns of a sub-select in FROM: one value or a
/// tuple of values.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` cannot be the columns of a sub-select in FROM",
    note = "select an expression or a tuple of up to eight expressions"
)]
pub trait DerivedRow {
    /// The handles: a column for each value.
    type Columns<'q>;
    #[doc(hidden)]
    fn columns<'q>(qualifier: Qualifier, next: &mut u16) -> Self::Columns<'q>;
}

impl<T: SqlType> DerivedRow for T {
    type Columns<'q> = Col<'q, T, NotNull>;
    fn columns<'q>(qualifier: Qualifier, next: &mut u16) -> Self::Columns<'q> {
        column(qualifier, next)
    }
}

impl<T: SqlType> DerivedRow for Option<T> {
    type Columns<'q> = Col<'q, T, Null>;
    fn columns<'q>(qualifier: Qualifier, next: &mut u16) -> Self::Columns<'q> {
        column(qualifier, next)
    }
}

fn column<'q, T, N>(qualifier: Qualifier, next: &mut u16) -> Col<'q, T, N> {
    let index = *next;
    *next += 1;
    Col::new(Column::new(&INFO, qualifier, index))
}

macro_rules! derived_rows {
    ($($($name:ident)+;)*) => {$(
        impl<$($name: DerivedRow),+> DerivedRow for ($($name,)+) {
            type Columns<'q> = ($($name::Columns<'q>,)+);
            fn columns<'q>(qualifier: Qualifier, next: &mut u16) -> Self::Columns<'q> {
                ($($name::columns(qualifier, next),)+)
            }
        }
    )*};
}

derived_rows! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

const NAMES: [&str; 16] = [
    "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15",
    "c16",
];

/// What a sub-select in FROM has for columns, whatever it selects.
pub(super) static INFO: TableInfo = TableInfo {
    name: "",
    initials: "q",
    columns: &{
        let mut columns = [const { ColumnInfo::selected("") }; NAMES.len()];
        let mut index = 0;
        while index < NAMES.len() {
            columns[index] = ColumnInfo::selected(NAMES[index]);
            index += 1;
        }
        columns
    },
    reserved: &[],
};

/// The select with an output name for every expression.
pub(super) fn labelled(mut select: Select) -> Select {
    if let Body::Data(Projection::List(items)) = &mut select.body {
        for (item, name) in items.iter_mut().zip(NAMES) {
            let expr = std::mem::replace(&mut item.expr, Expr::Null);
            *item = Item {
                expr: nameable(expr),
                alias: Some(Name::Borrowed(name)),
            };
        }
    }
    select
}
