//! The name of a table, and what the sender knows of it.

use std::fmt;
use std::ops::Deref;

use super::Name;
use super::json::Json;
use super::parse::{At, ParseError, identifier};
use crate::ast::TableInfo;

/// The name of a table.
///
/// In a statement built from typed queries it also carries what the program
/// knows of the table, so that the finished statement can be checked: no text
/// in it may read as one of these columns. A parsed name carries nothing.
#[derive(Clone)]
pub struct TableName {
    name: Name,
    info: Option<&'static TableInfo>,
}

impl TableName {
    /// The columns the program knows, if the statement was built from typed queries.
    pub fn info(&self) -> Option<&'static TableInfo> {
        self.info
    }

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<TableName, ParseError> {
        Ok(TableName {
            name: identifier(json, at)?,
            info: None,
        })
    }
}

impl<T: Into<Name>> From<T> for TableName {
    fn from(name: T) -> TableName {
        TableName {
            name: name.into(),
            info: None,
        }
    }
}

impl TableName {
    pub(crate) fn known(info: &'static TableInfo) -> TableName {
        TableName {
            name: Name::Borrowed(info.name),
            info: Some(info),
        }
    }
}

impl Deref for TableName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}

/// Two names are equal if they read the same, whatever is known of the table.
impl PartialEq for TableName {
    fn eq(&self, other: &TableName) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.name, f)
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
