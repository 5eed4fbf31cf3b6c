//! The structure of the storage: tables, keys, relations, defaults.
//!
//! Engines make their tables from it; the resolver gets the part it needs.

use jsonsql::ast::Name;
use jsonsql::ast::SqlKind;
use jsonsql::resolve::{self};

mod owner;
mod portal;

pub(crate) use owner::Owner;
#[cfg(feature = "postgres")]
pub(crate) use owner::Reference;
pub(crate) use portal::portal;

/// The tables of one installation.
#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    pub(crate) tables: Vec<Table>,
    /// The same, as the resolver reads it.
    pub(crate) schema: resolve::Schema,
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Column>,
    pub(crate) unique: Vec<Unique>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: Name,
    pub(crate) kind: SqlKind,
    pub(crate) nullable: bool,
    pub(crate) filled: Filled,
    /// The table whose `id` this is.
    pub(crate) references: Option<Name>,
    /// `true` if billings find rows by it, whatever the number of rows.
    pub(crate) is_looked_up: bool,
}

impl Column {
    /// Returns `true` if the column needs an index of its own: without one, finding a
    /// row by it, and deleting a row that it may refer to, would scan the table.
    pub(crate) fn is_indexed(&self) -> bool {
        self.is_looked_up || self.references.is_some()
    }
}

/// The value that a new row gets in a column that the insert does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// NULL, or an error if the column does not take it.
    Not,
    /// The next number; such a column is the table's primary key.
    Number,
    /// This boolean.
    Bool(bool),
    /// The domain of the session.
    Domain,
}

/// A set of columns no two rows agree on.
#[derive(Debug, Clone)]
pub(crate) struct Unique {
    /// The constraint's name, which clients see in errors.
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
}

impl Catalog {
    pub(crate) fn new(tables: Vec<Table>) -> Catalog {
        let schema = resolve::Schema::new(tables.iter().map(|table| {
            let columns = table.columns.iter().map(|column| resolve::Column {
                name: column.name.clone(),
                kind: column.kind,
                nullable: column.nullable,
            });
            resolve::Table::new(table.name.clone(), columns)
                .with_key(table.key().map(|column| column.name.clone()))
        }));
        Catalog { tables, schema }
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The generated number that is the primary key, if the table has one.
    pub(crate) fn key(&self) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.filled == Filled::Number)
    }
}
