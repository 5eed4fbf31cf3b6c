//! Sub-selects in FROM: a query's rows as a table.

use super::writable::nameable;
use crate::ast::{Body, Expr, Item, Projection, Select};
use crate::ast::{Initials, TableInfo};
use crate::expr::output_name;
use crate::expr::{Col, Column, NotNull, Null, Qualifier};
use crate::types::SqlType;

/// A row whose values can be columns of a sub-select in FROM: one value or a
/// tuple of values.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` cannot be the columns of a sub-select in FROM",
    label = "this selects a `{Self}`",
    note = "select an expression or a tuple of expressions"
)]
pub trait DerivedRow {
    /// The handles: a column for each value.
    type Columns<'q>;
    #[doc(hidden)]
    fn columns<'q>(qualifier: Qualifier, next: &mut u32) -> Self::Columns<'q>;
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> DerivedRow for T {
    type Columns<'q> = Col<'q, T, NotNull>;
    fn columns<'q>(qualifier: Qualifier, next: &mut u32) -> Self::Columns<'q> {
        column(qualifier, next)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> DerivedRow for Option<T> {
    type Columns<'q> = Col<'q, T, Null>;
    fn columns<'q>(qualifier: Qualifier, next: &mut u32) -> Self::Columns<'q> {
        column(qualifier, next)
    }
}

fn column<'q, T, N>(qualifier: Qualifier, next: &mut u32) -> Col<'q, T, N> {
    let index = *next;
    *next += 1;
    Col::new(Column::new(&INFO, qualifier, index))
}

macro_rules! derived_rows {
    ($($($name:ident)+;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($name: DerivedRow),+> DerivedRow for ($($name,)+) {
            type Columns<'q> = ($($name::Columns<'q>,)+);
            fn columns<'q>(qualifier: Qualifier, next: &mut u32) -> Self::Columns<'q> {
                ($($name::columns(qualifier, next),)+)
            }
        }
    )*};
}

derived_rows! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
    A B C D E F G H I J K L M; A B C D E F G H I J K L M N; A B C D E F G H I J K L M N O;
    A B C D E F G H I J K L M N O P;
}

/// The stand-in for the table of a sub-select in FROM. Its columns follow from
/// what the sub-select selects.
pub(super) static INFO: TableInfo = {
    const INITIALS: &Initials = &Initials::new("query");
    TableInfo::new("query", INITIALS, &[], &[])
};

/// The select with an output name for every expression.
pub(super) fn labelled(mut select: Select) -> Select {
    if let Body::Data(Projection::List(items)) = &mut select.body {
        for (index, item) in (0..).zip(items) {
            let expr = std::mem::replace(&mut item.expr, Expr::Null);
            *item = Item {
                expr: nameable(expr),
                alias: Some(output_name(index)),
            };
        }
    }
    select
}
