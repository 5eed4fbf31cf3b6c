//! What the compiler says of `==` and `<` between expressions.
//!
//! These operators answer with a Rust `bool` and cannot be conditions of a
//! query. Without the implementations below, which hold for no type, the
//! message would name nothing that can be written instead; with them it names
//! a trait, and shows the line of its definition.

use std::cmp::Ordering;

use super::Expr;

#[rustfmt::skip]
mod say {
    pub trait CompareWithEqOrNeq<R> {} // write `a.eq(b)` for `a == b`, `a.neq(b)` for `a != b`

    pub trait CompareWithLtLteGtOrGte<R> {} // write `a.lt(b)`, `a.lte(b)`, `a.gt(b)`, `a.gte(b)`
}

#[doc(hidden)]
impl<T, N, K, R> PartialEq<R> for Expr<'_, T, N, K>
where
    Self: say::CompareWithEqOrNeq<R>,
{
    fn eq(&self, _: &R) -> bool {
        false
    }
}

#[doc(hidden)]
impl<T, N, K, R> PartialOrd<R> for Expr<'_, T, N, K>
where
    Self: say::CompareWithEqOrNeq<R> + say::CompareWithLtLteGtOrGte<R>,
{
    fn partial_cmp(&self, _: &R) -> Option<Ordering> {
        None
    }
}
