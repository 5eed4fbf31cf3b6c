//! The operands beside a column: another expression, or a value.

use std::borrow::Cow;

use super::{Built, Expr, Node, NotNull, Null, Nullability};
use crate::ast;
use crate::types::SqlType;

/// An operand that can be compared with an expression of type `T`: an expression
/// of the same type, or a Rust value of it.
///
/// An `Option` cannot: `= NULL` is true of no row. Compare with the value
/// inside `if let Some(…)`, or use [`Expr::is_null`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression or a value of type `{T}`",
    label = "expected `{T}`",
    note = "compare a column with a column or a value of its own type, in `sql!` in braces: `{{value}}`",
    note = "nothing equals NULL: ask with `.is_null()` or `.is_not_null()`"
)]
pub trait Operand<'q, T> {
    /// The nullability of the operand: whether it can be NULL.
    type Null: Nullability;
    #[doc(hidden)]
    fn into_built(self) -> Built;
}

impl<'q, T, N: Nullability, K: Node> Operand<'q, T> for Expr<'q, T, N, K> {
    type Null = N;
    #[inline]
    fn into_built(self) -> Built {
        Expr::into_built(self)
    }
}

impl<T: SqlType> Operand<'_, T> for T {
    type Null = NotNull;
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(self.into_literal())
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Operand<'_, T> for &T {
    type Null = NotNull;
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(self.literal())
    }
}

#[diagnostic::do_not_recommend]
impl Operand<'_, String> for &str {
    type Null = NotNull;
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(ast::Expr::text(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl Operand<'_, String> for Cow<'_, str> {
    type Null = NotNull;
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(ast::Expr::text(self.into_owned()))
    }
}

/// A new value for a column of type `T` and nullability `N`: an expression or a
/// value, and for a nullable column an `Option` of a value.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` ({N}) cannot take a `{Self}`",
    label = "expected a value or an expression of type `{T}`",
    note = "only a nullable column takes an `Option` or `null()`"
)]
pub trait Assign<'q, T, N> {
    #[doc(hidden)]
    fn into_ast(self) -> ast::Expr;
}

#[diagnostic::do_not_recommend]
impl<'q, T, K: Node> Assign<'q, T, NotNull> for Expr<'q, T, NotNull, K> {
    fn into_ast(self) -> ast::Expr {
        Expr::into_ast(self)
    }
}

#[diagnostic::do_not_recommend]
impl<'q, T, N: Nullability, K: Node> Assign<'q, T, Null> for Expr<'q, T, N, K> {
    fn into_ast(self) -> ast::Expr {
        Expr::into_ast(self)
    }
}

// Written out: of a macro the compiler would print the call and each of its lines.

#[diagnostic::do_not_recommend]
impl<T: SqlType, N: Nullability> Assign<'_, T, N> for T {
    fn into_ast(self) -> ast::Expr {
        Operand::<T>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Assign<'_, T, Null> for Option<T> {
    fn into_ast(self) -> ast::Expr {
        or_null::<T, _>(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType, N: Nullability> Assign<'_, T, N> for &T {
    fn into_ast(self) -> ast::Expr {
        Operand::<T>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Assign<'_, T, Null> for Option<&T> {
    fn into_ast(self) -> ast::Expr {
        or_null::<T, _>(self)
    }
}

#[diagnostic::do_not_recommend]
impl<N: Nullability> Assign<'_, String, N> for &str {
    fn into_ast(self) -> ast::Expr {
        Operand::<String>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl Assign<'_, String, Null> for Option<&str> {
    fn into_ast(self) -> ast::Expr {
        or_null::<String, _>(self)
    }
}

#[diagnostic::do_not_recommend]
impl<N: Nullability> Assign<'_, String, N> for Cow<'_, str> {
    fn into_ast(self) -> ast::Expr {
        Operand::<String>::into_built(self).into_ast()
    }
}

#[diagnostic::do_not_recommend]
impl Assign<'_, String, Null> for Option<Cow<'_, str>> {
    fn into_ast(self) -> ast::Expr {
        or_null::<String, _>(self)
    }
}

fn or_null<'q, T, V: Operand<'q, T>>(value: Option<V>) -> ast::Expr {
    value.map_or(ast::Expr::Null, |value| value.into_built().into_ast())
}

/// NULL, as the new value of a nullable column: see [`null`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NullValue(());

/// NULL, as the new value of a nullable column: short for `None::<…>` with the
/// column's type. In a row to insert it is a field of type [`NullValue`].
///
/// Nothing can be compared with it, because nothing equals NULL; that is
/// [`is_null`](Expr::is_null). In a changeset it is
/// [`Change::Null`](crate::Change::Null).
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// let forget = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.password.to(null()));
/// assert_eq!(
///     format!("{forget:#}"),
///     "UPDATE subscriber SET password = NULL WHERE username = '12345' RETURNING id"
/// );
/// ```
pub fn null() -> NullValue {
    NullValue(())
}

#[diagnostic::do_not_recommend]
impl<T> Assign<'_, T, Null> for NullValue {
    fn into_ast(self) -> ast::Expr {
        ast::Expr::Null
    }
}

/// A query of one column of type `T`, for [`Expr::in_query`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query of one column of type `{T}`",
    label = "expected a query of one `{T}`",
    note = "end the query with `.column(|t| t.id)`, or select one expression"
)]
pub trait RowsOf<'q, T> {
    #[doc(hidden)]
    fn into_built(self) -> Built;
}

/// Several operands of any types: a tuple, or a `Vec` or array of one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of expressions or values",
    note = "write a tuple: `concat((m.protocol, \"://\", m.inet_addr))`"
)]
pub trait OperandList<'q> {
    /// NULL if one of them is.
    type Null: Nullability;
    #[doc(hidden)]
    fn push_to(self, args: &mut Vec<Built>);
}

/// One member of an [`OperandList`].
pub trait AnyOperand<'q> {
    #[doc(hidden)]
    type Null: Nullability;
    #[doc(hidden)]
    fn into_built(self) -> Built;
}

impl<'q, T, N: Nullability, K: Node> AnyOperand<'q> for Expr<'q, T, N, K> {
    type Null = N;
    #[inline]
    fn into_built(self) -> Built {
        Expr::into_built(self)
    }
}

impl<T: SqlType> AnyOperand<'_> for T {
    type Null = NotNull;
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(self.into_literal())
    }
}

impl AnyOperand<'_> for &str {
    type Null = NotNull;
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(ast::Expr::text(self.to_owned()))
    }
}

impl<'q, A: AnyOperand<'q>> OperandList<'q> for Vec<A> {
    type Null = A::Null;
    fn push_to(self, args: &mut Vec<Built>) {
        args.extend(self.into_iter().map(AnyOperand::into_built));
    }
}

impl<'q, A: AnyOperand<'q>, const COUNT: usize> OperandList<'q> for [A; COUNT] {
    type Null = A::Null;
    fn push_to(self, args: &mut Vec<Built>) {
        args.extend(self.into_iter().map(AnyOperand::into_built));
    }
}

macro_rules! or_of {
    ($one:ident) => { $one::Null };
    ($one:ident $($rest:ident)+) => { <$one::Null as Nullability>::Or<or_of!($($rest)+)> };
}

macro_rules! operand_tuples {
    ($($($name:ident)+;)*) => {$(
        impl<'q, $($name: AnyOperand<'q>),+> OperandList<'q> for ($($name,)+) {
            type Null = or_of!($($name)+);
            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn push_to(self, args: &mut Vec<Built>) {
                let ($($name,)+) = self;
                $(args.push($name.into_built());)+
            }
        }
    )*};
}

operand_tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J L; A B C D E F G H I J L M;
}
