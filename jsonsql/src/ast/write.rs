//! From the grammar to JSON.

use serde::ser::{Error, SerializeMap};

use super::Expr;
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

impl Wire<'_, Expr> {
    /// Writes the expression as a member that says which rows are meant.
    ///
    /// NULL is none: no source says whether a server takes `"where": null` for
    /// a condition that is true of no row, or for no condition.
    // In line, so that the member's name is a constant for its writer.
    #[inline(always)]
    pub(crate) fn condition<M: SerializeMap>(
        &self,
        map: &mut M,
        name: &'static str,
    ) -> Result<(), M::Error> {
        refuse_null(self.node, name)?;
        map.serialize_entry(name, self)
    }
}

/// Refuses NULL where it stands alone in a clause.
#[inline]
pub(crate) fn refuse_null<E: Error>(expr: &Expr, name: &'static str) -> Result<(), E> {
    if matches!(expr, Expr::Null) {
        return Err(E::custom(format_args!(
            "`{name}` is NULL, which a server may take for no `{name}`"
        )));
    }
    Ok(())
}
