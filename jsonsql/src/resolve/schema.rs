//! Tables and their columns, known at run time.

use std::fmt;

use crate::ast::Name;

/// The tables a statement may name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its columns, in the order `*` lists them.
    pub columns: Vec<Column>,
    /// The columns of its primary key; who groups by them may read the others.
    pub key: Vec<Name>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub kind: SqlKind,
    /// Whether it may be NULL.
    pub nullable: bool,
}

/// What a column or an expression holds, as PostgreSQL types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SqlKind {
    /// `boolean`.
    Bool,
    /// `integer`, 32 bits.
    Int,
    /// `bigint`, 64 bits.
    BigInt,
    /// `numeric`: exact decimals.
    Numeric,
    /// `double precision`.
    Float,
    /// `text`.
    Text,
    /// `timestamp`, without a time zone.
    Timestamp,
    /// `interval`.
    Interval,
    /// `inet`: a network address, with a mask or without.
    Inet,
    /// `macaddr`.
    MacAddr,
}

impl SqlKind {
    /// The type's name as PostgreSQL's messages have it.
    pub fn name(self) -> &'static str {
        match self {
            SqlKind::Bool => "boolean",
            SqlKind::Int => "integer",
            SqlKind::BigInt => "bigint",
            SqlKind::Numeric => "numeric",
            SqlKind::Float => "double precision",
            SqlKind::Text => "text",
            SqlKind::Timestamp => "timestamp without time zone",
            SqlKind::Interval => "interval",
            SqlKind::Inet => "inet",
            SqlKind::MacAddr => "macaddr",
        }
    }
}

impl fmt::Display for SqlKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Schema {
    /// These tables.
    pub fn new(tables: impl IntoIterator<Item = Table>) -> Schema {
        Schema {
            tables: tables.into_iter().collect(),
        }
    }

    /// All tables.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Table {
    /// A table of these columns, without a primary key.
    pub fn new(name: impl Into<Name>, columns: impl IntoIterator<Item = Column>) -> Table {
        Table {
            name: name.into(),
            columns: columns.into_iter().collect(),
            key: Vec::new(),
        }
    }

    /// The same table with this primary key.
    #[must_use]
    pub fn with_key<N: Into<Name>>(mut self, key: impl IntoIterator<Item = N>) -> Table {
        self.key = key.into_iter().map(Into::into).collect();
        self
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    /// A column that may not be NULL.
    pub fn new(name: impl Into<Name>, kind: SqlKind) -> Column {
        Column {
            name: name.into(),
            kind,
            nullable: false,
        }
    }

    /// A column that may be NULL.
    pub fn nullable(name: impl Into<Name>, kind: SqlKind) -> Column {
        Column {
            nullable: true,
            ..Column::new(name, kind)
        }
    }
}
