//! The selection of a query, and the row type that follows from it.

use std::net::IpAddr;

use super::TableRef;
use super::writable::nameable;
use crate::ast::{self, Item};
use crate::expr::{Expr, Named, Node, NotNull, Null, Nullability};
use crate::schema::Table;
use crate::types::MacAddr;
use crate::types::SqlType;

/// The selection of a query or of RETURNING: an expression, a value, a table's
/// occurrence (all its mapped columns), or a tuple of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "not an expression",
    note = "select columns, expressions, tables from `q.from(…)`, or a tuple of these"
)]
pub trait Selection<'q> {
    /// The row it makes.
    type Row;

    #[doc(hidden)]
    const SINGLE: bool = false;

    #[doc(hidden)]
    fn push_to(self, items: &mut Vec<Item>);

    /// Returns the number of expressions, to reserve space for them.
    #[doc(hidden)]
    fn count(&self) -> usize;
}

impl<'q, T, N: Nullability, K: Node> Selection<'q> for Expr<'q, T, N, K> {
    type Row = N::Value<T>;
    const SINGLE: bool = true;

    fn push_to(self, items: &mut Vec<Item>) {
        items.push(self.into_ast().into());
    }

    fn count(&self) -> usize {
        1
    }
}

impl<'q, T, N: Nullability> Selection<'q> for Named<'q, T, N> {
    type Row = N::Value<T>;
    const SINGLE: bool = true;

    fn push_to(self, items: &mut Vec<Item>) {
        items.push(Item {
            expr: nameable(self.expr.into_ast()),
            alias: Some(self.name.into()),
        });
    }

    fn count(&self) -> usize {
        1
    }
}

/// Types whose values can be selected as they are. One by one and not for
/// every column type: with a blanket implementation the compiler could not say
/// which member of a tuple is wrong.
macro_rules! selectable {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::query::Selection<'_> for $type {
            type Row = $type;

            fn push_to(self, items: &mut Vec<$crate::ast::Item>) {
                items.push($crate::SqlType::into_literal(self).into());
            }

            fn count(&self) -> usize {
                1
            }
        }
    )*};
}

selectable!(
    bool, i16, i32, i64, u16, u32, u64, f64, String, MacAddr, IpAddr
);
#[cfg(feature = "ipnet")]
selectable!(ipnet::IpNet);
#[cfg(feature = "jiff")]
selectable!(
    jiff::Timestamp,
    jiff::civil::DateTime,
    jiff::civil::Date,
    jiff::civil::Time,
);
#[cfg(feature = "chrono")]
selectable!(
    chrono::DateTime<chrono::Utc>,
    chrono::DateTime<chrono::FixedOffset>,
    chrono::NaiveDateTime,
    chrono::NaiveDate,
    chrono::NaiveTime
);
#[cfg(feature = "rust_decimal")]
selectable!(rust_decimal::Decimal);
#[cfg(feature = "uuid")]
selectable!(uuid::Uuid);

impl Selection<'_> for &str {
    type Row = String;

    fn push_to(self, items: &mut Vec<Item>) {
        items.push(ast::Expr::text(self.to_owned()).into());
    }

    fn count(&self) -> usize {
        1
    }
}

impl<'q, T: Table> Selection<'q> for TableRef<'q, T, NotNull> {
    type Row = T;

    fn push_to(self, items: &mut Vec<Item>) {
        push_columns::<T>(self.qualifier, items);
    }

    fn count(&self) -> usize {
        T::INFO.columns.len()
    }
}

impl<'q, T: Table> Selection<'q> for TableRef<'q, T, Null> {
    type Row = Option<T>;

    fn push_to(self, items: &mut Vec<Item>) {
        push_columns::<T>(self.qualifier, items);
    }

    fn count(&self) -> usize {
        T::INFO.columns.len()
    }
}

/// A row that a left join may leave empty.
struct Present<S>(S);

impl<'q, S: Selection<'q>> Selection<'q> for Present<S> {
    type Row = Option<S::Row>;

    fn push_to(self, items: &mut Vec<Item>) {
        self.0.push_to(items);
    }

    fn count(&self) -> usize {
        self.0.count()
    }
}

impl<'q, T: Table> TableRef<'q, T, Null> {
    /// Selects a row that may be missing; `Brief::of_optional` calls this.
    #[doc(hidden)]
    pub fn selected_if_present<S: Selection<'q>>(
        self,
        select: impl FnOnce(TableRef<'q, T>) -> S,
    ) -> impl Selection<'q, Row = Option<S::Row>> {
        Present(select(TableRef::new(self.qualifier)))
    }
}

fn push_columns<T: Table>(qualifier: crate::expr::Qualifier, items: &mut Vec<Item>) {
    for (index, _) in (0..).zip(T::INFO.columns) {
        let column = crate::expr::Column::new(T::INFO, qualifier, index);
        items.push(column.into_built().into_ast().into());
    }
}

macro_rules! selections {
    ($($($name:ident)+;)*) => {$(
        impl<'q, $($name: Selection<'q>),+> Selection<'q> for ($($name,)+) {
            type Row = ($($name::Row,)+);

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn push_to(self, items: &mut Vec<Item>) {
                let ($($name,)+) = self;
                $($name.push_to(items);)+
            }

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn count(&self) -> usize {
                let ($($name,)+) = self;
                0 $(+ $name.count())+
            }
        }
    )*};
}

selections! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
    A B C D E F G H I J K L M; A B C D E F G H I J K L M N; A B C D E F G H I J K L M N O;
    A B C D E F G H I J K L M N O P;
}

/// A selected value that fits a column of type `T` and nullability `N`.
#[diagnostic::on_unimplemented(
    message = "a selected `{Self}` does not fit a column of type `{T}` ({N})",
    label = "expected `{T}`"
)]
pub trait Fits<T, N> {}

impl<T: SqlType, N: Nullability> Fits<T, N> for T {}
#[diagnostic::do_not_recommend]
impl<T: SqlType> Fits<T, Null> for Option<T> {}

/// A selection that makes a value or row of type `R`: the fields of a derived
/// row's selection.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make a `{R}`",
    label = "does not make a `{R}`"
)]
pub trait SelectionOf<'q, R>: Selection<'q> {}

#[diagnostic::do_not_recommend]
impl<'q, R, S: Selection<'q, Row = R>> SelectionOf<'q, R> for S {}
