//! `+`, `-`, `*`, `/`, `%` on numbers.

use std::ops::{Add, Div, Mul, Rem, Sub};

use super::aggregate::Numeric;
use super::{Expr, Node, Nullability, Operand, joined};
use crate::ast::{self, Op};

fn pair(op: Op, left: ast::Expr, right: ast::Expr) -> ast::Expr {
    ast::Expr::Op(op, vec![left, right])
}

macro_rules! arithmetic {
    ($($(#[$doc:meta])* $trait:ident $method:ident $op:ident $combine:ident;)*) => {$(
        $(#[$doc])*
        impl<'q, T: Numeric, N: Nullability, K: Node, R: Operand<'q, T>> $trait<R>
            for Expr<'q, T, N, K>
        {
            type Output = Expr<'q, T, N::Or<R::Null>>;

            fn $method(self, other: R) -> Self::Output {
                Expr::from_ast($combine(Op::$op, self.into_ast(), other.into_ast()))
            }
        }
    )*};
}

arithmetic! {
    /// The sum.
    Add add Add joined;
    /// The difference.
    Sub sub Sub pair;
    /// The product.
    Mul mul Mul joined;
    /// The quotient; of two integers, an integer. By 0 it is an error of the statement.
    Div div Div pair;
    /// The remainder, with the sign of the dividend.
    Rem rem Mod pair;
}
