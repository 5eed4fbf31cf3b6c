//! The expressions of GROUP BY.

use crate::ast;
use crate::expr::{Expr, Node, Nullability};

/// One or more expressions to group by: an expression, a tuple, or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing to group by",
    note = "group by an expression or a tuple of expressions"
)]
pub trait Groups<'q> {
    #[doc(hidden)]
    fn push_to(self, groups: &mut Vec<ast::Expr>);
}

impl<'q, T, N: Nullability, K: Node> Groups<'q> for Expr<'q, T, N, K> {
    fn push_to(self, groups: &mut Vec<ast::Expr>) {
        groups.push(self.into_ast());
    }
}

impl<'q, G: Groups<'q>> Groups<'q> for Vec<G> {
    fn push_to(self, groups: &mut Vec<ast::Expr>) {
        self.into_iter().for_each(|group| group.push_to(groups));
    }
}

macro_rules! groups {
    ($($($name:ident)+;)*) => {$(
        impl<'q, $($name: Groups<'q>),+> Groups<'q> for ($($name,)+) {
            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn push_to(self, groups: &mut Vec<ast::Expr>) {
                let ($($name,)+) = self;
                $($name.push_to(groups);)+
            }
        }
    )*};
}

groups! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }
