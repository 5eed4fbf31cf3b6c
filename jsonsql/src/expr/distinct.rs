//! SQL's IS DISTINCT FROM, for which the protocol has no operator.

use std::borrow::Cow;

use super::{Built, Column, Expr, NullValue, Nullability, Operand};
use crate::ast::{self, Op};
use crate::types::SqlType;

/// An operand that may stand twice in a statement, compared with a column of
/// type `T`: a column, a value, or an `Option` of a value. A function could
/// return something else the second time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column or a value of type `{T}`",
    label = "expected a column or a value of type `{T}`",
    note = "the operands of `is_distinct_from` are sent twice, so that a function is none"
)]
pub trait Repeatable<'q, T> {
    #[doc(hidden)]
    fn into_ast(self) -> ast::Expr;
}

impl<'q, T, N: Nullability> Repeatable<'q, T> for Expr<'q, T, N, Column> {
    fn into_ast(self) -> ast::Expr {
        Expr::into_ast(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Repeatable<'_, T> for T {
    fn into_ast(self) -> ast::Expr {
        Operand::<T>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Repeatable<'_, T> for &T {
    fn into_ast(self) -> ast::Expr {
        Operand::<T>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl Repeatable<'_, String> for &str {
    fn into_ast(self) -> ast::Expr {
        Operand::<String>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl Repeatable<'_, String> for Cow<'_, str> {
    fn into_ast(self) -> ast::Expr {
        Operand::<String>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl<'q, T: SqlType, V: Operand<'q, T> + Repeatable<'q, T>> Repeatable<'q, T> for Option<V> {
    fn into_ast(self) -> ast::Expr {
        self.map_or(ast::Expr::Null, Repeatable::into_ast)
    }
}

#[diagnostic::do_not_recommend]
impl<T> Repeatable<'_, T> for NullValue {
    fn into_ast(self) -> ast::Expr {
        ast::Expr::Null
    }
}

/// Comparisons that are never NULL.
impl<'q, T, N: Nullability> Expr<'q, T, N, Column> {
    /// `self IS NOT DISTINCT FROM other`: equal, or both NULL. Of `None` it is
    /// `self IS NULL`, so that a value that may be missing can be looked for.
    ///
    /// ```
    /// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
    /// # use tables::*;
    /// use jsonsql::prelude::*;
    ///
    /// let of_port = |port: Option<i32>| {
    ///     Media::filter(|m| m.port.is_not_distinct_from(port)).column(|m| m.id)
    /// };
    /// assert_eq!(
    ///     format!("{:#}", of_port(Some(80))),
    ///     "SELECT m.id FROM media AS m WHERE m.port = 80 IS TRUE"
    /// );
    /// assert_eq!(
    ///     format!("{:#}", of_port(None)),
    ///     "SELECT m.id FROM media AS m WHERE m.port IS NULL"
    /// );
    /// ```
    pub fn is_not_distinct_from<R: Repeatable<'q, T>>(self, other: R) -> Expr<'q, bool> {
        same(Op::Is, self.into_ast(), other.into_ast())
    }

    /// `self IS DISTINCT FROM other`: another value, or one of the two is NULL.
    pub fn is_distinct_from<R: Repeatable<'q, T>>(self, other: R) -> Expr<'q, bool> {
        same(Op::IsNot, self.into_ast(), other.into_ast())
    }
}

/// `op` is `IS` of the same, `IS NOT` of another.
fn same<'q>(op: Op, left: ast::Expr, right: ast::Expr) -> Expr<'q, bool> {
    let is = |op: &Op, operand, what| ast::Expr::Op(op.clone(), vec![operand, what]);
    Expr::new(Built::measured(match right {
        ast::Expr::Null => is(&op, left, ast::Expr::Null),
        ast::Expr::Column(_) => {
            let nulls = [left.clone(), right.clone()]
                .map(|operand| is(&Op::Is, operand, ast::Expr::Null))
                .to_vec();
            let equal = ast::Expr::Op(Op::Eq, vec![left, right]);
            let equal = is(&Op::Is, equal, ast::Expr::Bool(true));
            let same = ast::Expr::Op(Op::Or, vec![equal, ast::Expr::Op(Op::And, nulls)]);
            match op {
                Op::IsNot => ast::Expr::Op(Op::Not, vec![same]),
                _ => same,
            }
        }
        // Of a value there is no NULL to look for.
        value => {
            let equal = ast::Expr::Op(Op::Eq, vec![left, value]);
            is(&op, equal, ast::Expr::Bool(true))
        }
    }))
}
