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
    pub(crate) fn of<'b, U: ?Sized>(&self, node: &'b U) -> Wire<'b, U>
    where
        'a: 'b,
    {
        Wire {
            node,
            dialect: self.dialect,
        }
    }
}

impl<'a, T> Wire<'a, [T]> {
    /// Each of the nodes, in the same dialect.
    pub(crate) fn each(&self) -> impl Iterator<Item = Wire<'a, T>> {
        self.node.iter().map(|node| self.of(node))
    }
}
