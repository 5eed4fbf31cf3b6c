//! Terms of ORDER BY.

use std::fmt;

use super::{Expr, NotNull};
use crate::ast::{self, Direction};

/// A term of ORDER BY: `s.username.asc()`.
pub type Order<'q> = Expr<'q, (), NotNull, Directed>;

/// The node of a term of ORDER BY: an expression and its direction. It is not an
/// operand of anything.
#[derive(Clone)]
pub struct Directed(ast::Order);

impl<'q> Order<'q> {
    pub(crate) fn directed(expr: ast::Expr, direction: Direction) -> Self {
        Expr::new(Directed(ast::Order { expr, direction }))
    }

    pub(crate) fn into_term(self) -> ast::Order {
        self.into_node().0
    }
}

/// Prints the SQL, with `?` for literals.
impl fmt::Debug for Directed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = match self.0.direction {
            Direction::Ascending => "",
            Direction::Descending => " DESC",
        };
        write!(f, "{}{direction}", self.0.expr)
    }
}

/// An expression that says which way to order.
#[diagnostic::on_unimplemented(
    message = "an order needs a direction: `.asc()` or `.desc()`",
    label = "this does not say which way to order",
    note = "write `.order_by(|s| s.username.asc())`; a further `.order_by` orders rows that are equal so far"
)]
pub trait OrderTerm: sealed::Sealed {
    #[doc(hidden)]
    fn into_term(self) -> ast::Order;
}

impl OrderTerm for Directed {
    fn into_term(self) -> ast::Order {
        self.0
    }
}

/// One or more terms of ORDER BY: an [`Order`], or a tuple, an array or a `Vec`
/// of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say an order",
    label = "this does not say which way to order",
    note = "say which way: `s.username.asc()` or `.desc()`, or a tuple of such terms"
)]
pub trait Orders<'q> {
    #[doc(hidden)]
    fn push_to(self, terms: &mut Vec<ast::Order>);
}

#[diagnostic::do_not_recommend]
impl<'q> Orders<'q> for Order<'q> {
    fn push_to(self, terms: &mut Vec<ast::Order>) {
        terms.push(self.into_term());
    }
}

#[diagnostic::do_not_recommend]
impl<'q> Orders<'q> for Vec<Order<'q>> {
    fn push_to(self, terms: &mut Vec<ast::Order>) {
        terms.extend(self.into_iter().map(Order::into_term));
    }
}

#[diagnostic::do_not_recommend]
impl<'q, const COUNT: usize> Orders<'q> for [Order<'q>; COUNT] {
    fn push_to(self, terms: &mut Vec<ast::Order>) {
        terms.extend(self.into_iter().map(Order::into_term));
    }
}

macro_rules! orders {
    ($($($name:ident)+;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'q, $($name: Orders<'q>),+> Orders<'q> for ($($name,)+) {
            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn push_to(self, terms: &mut Vec<ast::Order>) {
                let ($($name,)+) = self;
                $($name.push_to(terms);)+
            }
        }
    )*};
}

orders! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Directed {}
}
