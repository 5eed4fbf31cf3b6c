//! The right side of `in`: a list, or a query.

use super::{Built, Nullability, Operand};
use crate::ast::{self, Op};

/// Values or expressions of type `T`, or a query of one column of it, for
/// [`Expr::is_in`](super::Expr::is_in).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list or a query of type `{T}`",
    label = "expected several `{T}`",
    note = "a list is an array, a `Vec` or an iterator of values of the column's own type",
    note = "a query selects one expression of the column's type"
)]
pub trait Candidates<'q, T> {
    /// The nullability of the values: whether one of them can be NULL.
    type Null: Nullability;
    #[doc(hidden)]
    fn into_membership(self, op: Op, value: Built) -> Built;
}

#[diagnostic::do_not_recommend]
impl<'q, T, I> Candidates<'q, T> for I
where
    I: IntoIterator,
    I::Item: Operand<'q, T>,
{
    type Null = <I::Item as Operand<'q, T>>::Null;

    fn into_membership(self, op: Op, value: Built) -> Built {
        let mut values = self.into_iter().map(Operand::into_built).peekable();
        if values.peek().is_none() {
            // SQL has no empty list: nothing is in it.
            return Built::leaf(ast::Expr::Bool(op == Op::NotIn));
        }
        Built::among(op, value, values)
    }
}
