//! Tables and their columns, known at run time.

use crate::ast::{ColumnInfo, Name, SqlKind, TableInfo};

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
    /// The type of its values.
    pub kind: SqlKind,
    /// `true` if it may be NULL.
    pub nullable: bool,
}

impl Schema {
    /// These tables.
    ///
    /// ```
    /// use jsonsql::ast::SqlKind;
    /// use jsonsql::resolve::{Column, Schema, Table};
    ///
    /// let columns = [Column::new("id", SqlKind::Int), Column::nullable("phone", SqlKind::Text)];
    /// let schema = Schema::new([Table::new("subscriber", columns).with_key(["id"])]);
    /// let subscriber = schema.table("subscriber").expect("it is there");
    /// assert!(subscriber.column("phone").expect("it is there").nullable);
    /// assert!(schema.table("terminal").is_none());
    /// ```
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

/// The mapped columns; the server's table may have more.
impl From<&TableInfo> for Table {
    fn from(info: &TableInfo) -> Table {
        Table::new(info.name, info.columns.iter().map(Column::from)).with_key(info.key())
    }
}

impl From<&ColumnInfo> for Column {
    fn from(info: &ColumnInfo) -> Column {
        Column {
            name: info.name.into(),
            kind: info.kind,
            nullable: info.nullable,
        }
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
