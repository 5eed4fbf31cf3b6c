//! The node of an expression: a column, or a tree that has been built.

use std::fmt;

use super::Built;
use crate::ast::{self, Name, TableInfo};

/// A column of one table occurrence. Small and `Copy`, so that a handle's
/// columns can be used any number of times.
#[derive(Clone, Copy)]
pub struct Column {
    table: &'static TableInfo,
    qualifier: Qualifier,
    index: u32,
}

/// The qualification of the columns of a table occurrence: by name alone, with
/// the table's name, or with an alias.
///
/// One number and not an enum of one, so that a [`Column`] is of two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualifier(u32);

impl Qualifier {
    /// By name alone: the target of an insert, update or delete, which no
    /// source gives an alias.
    pub(crate) const BARE: Qualifier = Qualifier(0);

    /// With the table's own name: the target of an update or delete that joins
    /// other tables.
    pub(crate) const TABLE: Qualifier = Qualifier(u32::MAX);

    /// With the alias made of the table's initials and this number, from 1.
    pub(crate) fn alias(number: u32) -> Qualifier {
        Qualifier(number)
    }

    #[inline]
    fn name(self, table: &'static TableInfo) -> Option<Name> {
        match self {
            Qualifier::BARE => None,
            Qualifier::TABLE => Some(table.name.into()),
            Qualifier(number) => Some(table.alias(number)),
        }
    }
}

/// [`Column`] or [`Built`].
#[diagnostic::on_unimplemented(
    message = "a term of ORDER BY is not an expression",
    label = "leave `.asc()` or `.desc()` out here"
)]
pub trait Node: sealed::Sealed + Clone + fmt::Debug {
    #[doc(hidden)]
    fn into_built(self) -> Built;
}

impl Column {
    pub(crate) fn new(table: &'static TableInfo, qualifier: Qualifier, index: u32) -> Column {
        Column {
            table,
            qualifier,
            index,
        }
    }

    /// The column's name; of a sub-select in FROM, which has no mapped columns,
    /// the name that is given to what it selects there.
    #[inline(always)]
    pub(crate) fn name(self) -> Name {
        let mapped = usize::try_from(self.index).ok();
        match mapped.and_then(|index| self.table.columns.get(index)) {
            Some(column) => Name::Borrowed(column.name),
            None => output_name(self.index),
        }
    }
}

impl Node for Column {
    #[inline(always)]
    fn into_built(self) -> Built {
        Built::leaf(ast::Expr::Column(ast::Column {
            table: self.qualifier.name(self.table),
            name: self.name(),
        }))
    }
}

impl Node for Built {
    #[inline]
    fn into_built(self) -> Built {
        self
    }
}

/// Prints the SQL.
impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.into_built().into_ast(), f)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Column {}
    impl Sealed for super::Built {}
}

/// The name of what a sub-select in FROM selects at this place, from 0.
#[cold]
pub(crate) fn output_name(index: u32) -> Name {
    const FIRST: [&str; 8] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];
    let known = usize::try_from(index).ok();
    match known.and_then(|index| FIRST.get(index)) {
        Some(name) => Name::Borrowed(name),
        None => Name::Owned(format!("c{}", u64::from(index) + 1)),
    }
}
