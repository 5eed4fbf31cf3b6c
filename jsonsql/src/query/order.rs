//! Terms of ORDER BY.

use std::marker::PhantomData;

use crate::ast;

/// A term of ORDER BY: `s.username.asc()`.
#[must_use = "an order does nothing until a query uses it"]
#[derive(Debug, Clone)]
pub struct Order<'q> {
    term: ast::Order,
    marker: PhantomData<&'q ()>,
}

impl Order<'_> {
    pub(crate) fn new(expr: ast::Expr, direction: ast::Direction) -> Self {
        Order {
            term: ast::Order { expr, direction },
            marker: PhantomData,
        }
    }
}

/// One or more terms of ORDER BY: an [`Order`], a `Vec` or an array of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say an order",
    note = "say which way: `s.username.asc()` or `.desc()`"
)]
pub trait Orders<'q> {
    #[doc(hidden)]
    fn push_to(self, terms: &mut Vec<ast::Order>);
}

impl<'q> Orders<'q> for Order<'q> {
    fn push_to(self, terms: &mut Vec<ast::Order>) {
        terms.push(self.term);
    }
}

impl<'q> Orders<'q> for Vec<Order<'q>> {
    fn push_to(self, terms: &mut Vec<ast::Order>) {
        terms.extend(self.into_iter().map(|order| order.term));
    }
}

impl<'q, const COUNT: usize> Orders<'q> for [Order<'q>; COUNT] {
    fn push_to(self, terms: &mut Vec<ast::Order>) {
        terms.extend(self.into_iter().map(|order| order.term));
    }
}
