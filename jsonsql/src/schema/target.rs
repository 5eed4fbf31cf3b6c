//! The checks that the derives of insertable structs and changesets make.

use super::{ChangeFor, Table, Value};
use crate::ast;
use crate::expr::Assignment;
use crate::expr::{Col, NotNull, Qualifier};

/// The column that a field stands for. Its type is known before the field's is
/// looked at, so that the compiler compares the two and does not guess.
#[doc(hidden)]
pub struct Target<C: 'static, N: 'static>(Col<'static, C, N>);

/// The column of table `T` that a field stands for.
#[doc(hidden)]
pub fn target<T: Table, C, N>(
    column: impl FnOnce(T::Columns<'static, NotNull>) -> Col<'static, C, N>,
) -> Target<C, N> {
    Target(column(T::columns(Qualifier::BARE)))
}

/// The changes there are.
#[doc(hidden)]
pub fn assignments<const COUNT: usize>(
    changes: [Option<Assignment<'static>>; COUNT],
) -> Vec<Assignment<'static>> {
    changes.into_iter().flatten().collect()
}

impl<C, N> Target<C, N> {
    /// The field's value, for an insert.
    pub fn value<V: Value<C, N>>(self, value: &V) -> ast::Expr {
        value.to_ast()
    }

    /// The field's change, for an update.
    pub fn change<V: ChangeFor<C, N>>(self, change: &V) -> Option<Assignment<'static>> {
        let name = self.0.place().name();
        change.new_value().map(|value| Assignment::new(name, value))
    }
}
