//! The compiler's hints where a `diagnostic` attribute cannot reach.
//!
//! `==` and `<` between expressions return a Rust `bool`, which is not a condition
//! of a query; `&` and `|` bind tighter than comparisons; and from `None` alone the
//! compiler cannot infer the type. Its messages name the missing trait and the
//! possible types, so the names of these traits, which nothing implements, and of
//! this type say what to write.
#![expect(
    non_camel_case_types,
    reason = "read in a message, they are words and not types"
)]

use std::cmp::Ordering;
use std::ops::{BitAnd, BitOr};

use super::{Assign, Expr, Null};
use crate::ast;

/// Named in the message about `a == b` and `a != b`.
pub trait write_dot_eq_or_dot_neq<R> {}

/// Named in the message about `a < b` and its like.
pub trait write_dot_lt_lte_gt_or_gte<R>: write_dot_eq_or_dot_neq<R> {}

#[doc(hidden)]
impl<T, N, K, R> PartialEq<R> for Expr<'_, T, N, K>
where
    Self: write_dot_eq_or_dot_neq<R>,
{
    fn eq(&self, _: &R) -> bool {
        false
    }
}

#[doc(hidden)]
impl<T, N, K, R> PartialOrd<R> for Expr<'_, T, N, K>
where
    Self: write_dot_lt_lte_gt_or_gte<R>,
{
    fn partial_cmp(&self, _: &R) -> Option<Ordering> {
        None
    }
}

/// Named in the message about `a & b`.
pub trait write_dot_and<R> {}

/// Named in the message about `a | b`.
pub trait write_dot_or<R> {}

#[doc(hidden)]
impl<T, N, K, R> BitAnd<R> for Expr<'_, T, N, K>
where
    Self: write_dot_and<R>,
{
    type Output = Self;

    fn bitand(self, _: R) -> Self {
        self
    }
}

#[doc(hidden)]
impl<T, N, K, R> BitOr<R> for Expr<'_, T, N, K>
where
    Self: write_dot_or<R>,
{
    type Output = Self;

    fn bitor(self, _: R) -> Self {
        self
    }
}

/// Named in the message about `.to(None)`: one of the types that could be
/// inside the `Option`. Nothing is of this type.
#[derive(Debug, Clone, Copy)]
pub enum for_null_write_null {}

impl<T> Assign<'_, T, Null> for Option<for_null_write_null> {
    fn into_ast(self) -> ast::Expr {
        ast::Expr::Null
    }
}
