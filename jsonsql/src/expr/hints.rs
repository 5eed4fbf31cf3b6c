//! What the compiler says where a `diagnostic` attribute cannot reach.
//!
//! `==` and `<` between expressions answer with a Rust `bool`, which is no
//! condition of a query; and of `None` alone the compiler cannot tell the type.
//! Its messages name the trait that is missing, and the types there could be: so
//! these traits, which nothing implements, and this type say what to write.
#![expect(
    non_camel_case_types,
    reason = "read in a message, they are words and not types"
)]

use std::cmp::Ordering;

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

/// Named in the message about `.to(None)`: one of the types that could be
/// inside the `Option`. Nothing is of this type.
#[derive(Debug, Clone, Copy)]
pub enum for_null_write_null {}

impl<T> Assign<'_, T, Null> for Option<for_null_write_null> {
    fn into_ast(self) -> ast::Expr {
        ast::Expr::Null
    }
}
