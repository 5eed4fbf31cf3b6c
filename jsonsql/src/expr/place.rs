//! What an expression is made of: a column, or a tree that has been built.

use super::Built;
use crate::ast;
use crate::schema::TableInfo;

/// A column of one table occurrence. Small and `Copy`, so that a handle's
/// columns can be used any number of times.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    table: &'static TableInfo,
    qualifier: Qualifier,
    index: u16,
}

/// How the columns of a table occurrence are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// By name alone: the target of an insert, update or delete, which no
    /// source gives an alias.
    Bare,
    /// With the table's own name: the target of an update or delete that joins
    /// other tables.
    Table,
    /// With the alias made of the table's initials and this number.
    Alias(u16),
}

/// [`Column`] or [`Built`].
pub trait Node: sealed::Sealed + Clone {
    #[doc(hidden)]
    fn into_built(self) -> Built;
}

impl Column {
    pub(crate) fn new(table: &'static TableInfo, qualifier: Qualifier, index: u16) -> Column {
        Column {
            table,
            qualifier,
            index,
        }
    }

    #[inline]
    pub(crate) fn name(self) -> &'static str {
        self.table.columns[usize::from(self.index)].name
    }
}

impl Node for Column {
    #[inline]
    fn into_built(self) -> Built {
        Built::leaf(ast::Expr::Column(ast::Column {
            table: match self.qualifier {
                Qualifier::Bare => None,
                Qualifier::Table => Some(self.table.name.into()),
                Qualifier::Alias(number) => Some(self.table.alias(number)),
            },
            name: self.name().into(),
        }))
    }
}

impl Node for Built {
    #[inline]
    fn into_built(self) -> Built {
        self
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Column {}
    impl Sealed for super::Built {}
}
