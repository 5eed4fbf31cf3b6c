//! `+`, `-`, `*`, `/`, `%` on numbers, and `-` before one.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::{Built, Expr, Node, Nullability, Operand};
use crate::ast::{self, Op};
use crate::types::Numeric;

macro_rules! arithmetic {
    ($($(#[$doc:meta])* $trait:ident $method:ident $build:ident $op:ident;)*) => {$(
        $(#[$doc])*
        impl<'q, T: Numeric, N: Nullability, K: Node, R: Operand<'q, T>> $trait<R>
            for Expr<'q, T, N, K>
        {
            type Output = Expr<'q, T, N::Or<R::Null>>;

            fn $method(self, other: R) -> Self::Output {
                Expr::new(Built::$build(Op::$op, self.into_built(), other.into_built()))
            }
        }
    )*};
}

arithmetic! {
    /// The sum.
    Add add joined Add;
    /// The difference.
    Sub sub binary Sub;
    /// The product.
    Mul mul joined Mul;
    /// The quotient; of two integers, an integer. By 0 it is an error of the statement.
    Div div binary Div;
    /// The remainder, with the sign of the dividend.
    Rem rem binary Mod;
}

/// The number with the other sign, as `0 - x`: the protocol has no operator of
/// one operand for it. Of a type without negative numbers there is none.
impl<'q, T: Numeric + Neg, N: Nullability, K: Node> Neg for Expr<'q, T, N, K> {
    type Output = Expr<'q, T, N>;

    fn neg(self) -> Self::Output {
        let zero = Built::leaf(ast::Expr::Number(0.into()));
        Expr::new(Built::binary(Op::Sub, zero, self.into_built()))
    }
}
