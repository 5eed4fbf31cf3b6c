//! The new value of a column.

use std::marker::PhantomData;

use crate::ast::{self, Name};

/// A column and its new value: `s.disabled.to(true)`.
#[must_use = "an assignment does nothing until `set` uses it"]
#[derive(Debug, Clone)]
pub struct Assignment<'q> {
    pub(crate) column: Name,
    pub(crate) value: ast::Expr,
    marker: PhantomData<&'q ()>,
}

impl Assignment<'_> {
    pub(crate) fn new(column: Name, value: ast::Expr) -> Self {
        Assignment {
            column,
            value,
            marker: PhantomData,
        }
    }
}
