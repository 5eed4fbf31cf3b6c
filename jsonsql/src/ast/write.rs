//! From the grammar to JSON.

use crate::Dialect;

/// A node of the grammar together with the dialect it is written in.
#[derive(Clone, Copy)]
pub(crate) struct Wire<'a, T: ?Sized> {
    pub(crate) node: &'a T,
    pub(crate) dialect: &'a Dialect,
}

impl<'a, T: ?Sized> Wire<'a, T> {
    /// Another node, in the same dialect.
    pub(crate) fn of<U: ?Sized>(&self, node: &'a U) -> Wire<'a, U> {
        Wire {
            node,
            dialect: self.dialect,
        }
    }
}
