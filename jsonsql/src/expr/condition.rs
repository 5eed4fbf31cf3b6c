//! Operators on truth values.

use std::ops::Not;

use super::{Built, Expr, Node, Nullability, Operand};
use crate::ast::{self, Op};

/// Operators on truth values.
impl<'q, N: Nullability, K: Node> Expr<'q, bool, N, K> {
    /// `self AND other`.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.disabled.eq(false).and(s.id.gt(100))).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.disabled = FALSE AND s.id > 100"
    /// );
    /// ```
    pub fn and<R: Operand<'q, bool>>(self, other: R) -> Expr<'q, bool, N::Or<R::Null>> {
        Expr::new(Built::joined(
            Op::And,
            self.into_built(),
            other.into_built(),
        ))
    }

    /// `self OR other`.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.disabled.eq(true).or(s.max_terminal.gt(3))).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.disabled = TRUE OR s.max_terminal > 3"
    /// );
    /// ```
    pub fn or<R: Operand<'q, bool>>(self, other: R) -> Expr<'q, bool, N::Or<R::Null>> {
        Expr::new(Built::joined(Op::Or, self.into_built(), other.into_built()))
    }

    /// `self IS TRUE` or `self IS FALSE`: never NULL.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.disabled.is(true)).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.disabled IS TRUE"
    /// );
    /// ```
    pub fn is(self, value: bool) -> Expr<'q, bool> {
        Expr::binary(
            Op::Is,
            self.into_built(),
            Built::leaf(ast::Expr::Bool(value)),
        )
    }

    /// `self IS NOT TRUE` or `self IS NOT FALSE`: never NULL.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.disabled.is_not(true)).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.disabled IS NOT TRUE"
    /// );
    /// ```
    pub fn is_not(self, value: bool) -> Expr<'q, bool> {
        Expr::binary(
            Op::IsNot,
            self.into_built(),
            Built::leaf(ast::Expr::Bool(value)),
        )
    }
}

/// `NOT self`.
impl<'q, N: Nullability, K: Node> Not for Expr<'q, bool, N, K> {
    type Output = Expr<'q, bool, N>;

    fn not(self) -> Self::Output {
        Expr::new(Built::unary(Op::Not, self.into_built()))
    }
}
