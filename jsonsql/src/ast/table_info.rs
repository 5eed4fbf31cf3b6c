//! Tables as the program knows them.

use super::initials::Initials;
use super::name_lengths::NameLengths;
use super::{Name, SqlKind};
use crate::row::{Mismatch, Scalar};

/// A table's name and columns, as the program knows them.
#[derive(Debug)]
pub struct TableInfo {
    /// The name on the server.
    pub name: &'static str,
    /// The letters that aliases are made from.
    initials: &'static str,
    /// The mapped columns, in the order of the fields.
    pub columns: &'static [ColumnInfo],
    /// Columns that the server's table is known to have beside the mapped
    /// ones: `#[table(reserved("…"))]`. No text may read as one of them.
    pub reserved: &'static [&'static str],
    /// Those of its own name and of all its known columns.
    lengths: NameLengths,
}

/// A mapped column.
#[derive(Debug)]
pub struct ColumnInfo {
    /// The name of the struct's field.
    pub field: &'static str,
    /// The name on the server.
    pub name: &'static str,
    /// The type of its values, by the type of the field: [`SqlType::KIND`](crate::SqlType::KIND).
    pub kind: SqlKind,
    /// `true` if it may be NULL: if the field is an `Option`.
    pub nullable: bool,
    /// Reads a value that is not NULL as the field's type, and forgets it.
    pub check: fn(Scalar<'_>) -> Result<(), Mismatch>,
    /// `true` if it is part of the key.
    pub key: bool,
    /// `true` if the server generates its value and an insert may not give one.
    pub generated: bool,
    /// `true` if an insert may leave it out: it is nullable, or has a default.
    pub optional: bool,
}

/// Equal tables have one name, and columns of the same names.
impl PartialEq for TableInfo {
    fn eq(&self, other: &TableInfo) -> bool {
        let names = |table: &TableInfo| table.columns.iter().map(|column| column.name);
        self.name == other.name && self.reserved == other.reserved && names(self).eq(names(other))
    }
}

impl Eq for TableInfo {}

impl TableInfo {
    /// A table of these columns, whose aliases are made from these initials:
    /// see [`reserved`](Self::reserved) for the last.
    pub const fn new(
        name: &'static str,
        initials: &'static Initials,
        columns: &'static [ColumnInfo],
        reserved: &'static [&'static str],
    ) -> TableInfo {
        TableInfo {
            name,
            initials: initials.as_str(),
            columns,
            reserved,
            lengths: lengths(name, columns, reserved),
        }
    }

    /// The lengths of the table's name and of those of all its known columns.
    pub(crate) const fn name_lengths(&self) -> NameLengths {
        self.lengths
    }

    /// The letters from which the table's aliases are made: its
    /// [`Initials`].
    pub const fn initials(&self) -> &'static str {
        self.initials
    }

    /// Returns `true` if a text of this content would be read as one of the columns.
    pub fn has_column(&self, text: &str) -> bool {
        self.columns.iter().any(|column| column.name == text) || self.reserved.contains(&text)
    }

    /// The names of all its known columns, mapped and reserved.
    pub(crate) fn column_names(&self) -> impl Iterator<Item = &'static str> {
        let mapped = self.columns.iter().map(|column| column.name);
        mapped.chain(self.reserved.iter().copied())
    }

    /// The names of the key's columns.
    pub fn key(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .iter()
            .filter(|column| column.key)
            .map(|column| column.name)
    }

    /// The alias of the table's nth occurrence in a statement: `s`, `s2`, …
    #[inline]
    pub(crate) fn alias(&self, number: u32) -> Name {
        match number {
            1 => Name::Borrowed(self.initials),
            n => Name::Owned(format!("{}{n}", self.initials)),
        }
    }

    /// The number of the occurrence that goes by this alias.
    pub(crate) fn number_of(&self, alias: &str) -> Option<u32> {
        let number = match alias.strip_prefix(self.initials)? {
            "" => 1,
            digits => digits.parse().ok()?,
        };
        // Not `s0`, `s1` or `s02`, which only a statement of other origin has.
        let is_one = (1..u32::MAX).contains(&number) && self.alias(number) == alias;
        is_one.then_some(number)
    }
}

const fn lengths(table: &str, mut columns: &[ColumnInfo], mut reserved: &[&str]) -> NameLengths {
    let mut lengths = NameLengths::NONE.with(table);
    while let [column, rest @ ..] = columns {
        lengths = lengths.with(column.name);
        columns = rest;
    }
    while let [name, rest @ ..] = reserved {
        lengths = lengths.with(name);
        reserved = rest;
    }
    lengths
}
