//! A statement: one of four nodes, owned or borrowed.

use serde::ser::Serialize;

use super::json::Json;
use super::write::{Write, Writer};
use super::{At, Delete, InDialect, Insert, Method, ParseError, Select, Update, WriteError};
use crate::Dialect;

/// A request to the server: its method decides the kind, its params are the rest.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `select`.
    Select(Select),
    /// `insert`.
    Insert(Insert),
    /// `update`.
    Update(Update),
    /// `delete`.
    Delete(Delete),
}

/// A borrowed statement: what a typed statement, which holds the one node that it is,
/// shows of itself.
///
/// Whatever reads statements takes one of these, of a [`Statement`] or of a typed one.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::ast::StatementRef;
/// use jsonsql::prelude::*;
///
/// let query = Package::all().limit(2);
/// let StatementRef::Select(select) = query.ast() else {
///     panic!("a query is a select");
/// };
/// assert_eq!(select.limit, Some(2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StatementRef<'a> {
    /// `select`.
    Select(&'a Select),
    /// `insert`.
    Insert(&'a Insert),
    /// `update`.
    Update(&'a Update),
    /// `delete`.
    Delete(&'a Delete),
}

/// A statement that is borrowed to be changed.
pub(crate) enum StatementMut<'a> {
    Select(&'a mut Select),
    Insert(&'a mut Insert),
    Update(&'a mut Update),
    Delete(&'a mut Delete),
}

impl Statement {
    /// Reads the `params` of a request with this method.
    ///
    /// ```
    /// use jsonsql::ast::{Method, Statement};
    ///
    /// let error = Statement::from_json(Method::Delete, br#"{"from": "media", "where": 7, "wher": 1}"#);
    /// assert!(error.is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not JSON, nest deeper than [`MAX_DEPTH`](super::MAX_DEPTH), or
    /// are not in the grammar; the error names the place as a JSON pointer.
    pub fn from_json(method: Method, params: &[u8]) -> Result<Statement, ParseError> {
        let json = Json::from_slice(params)?;
        let at = &At::Root;
        Ok(match method {
            Method::Select => Statement::Select(Select::parse(json, at)?),
            Method::Insert => Statement::Insert(Insert::parse(json, at)?),
            Method::Update => Statement::Update(Update::parse(json, at)?),
            Method::Delete => Statement::Delete(Delete::parse(json, at)?),
        })
    }

    /// The method it is sent with.
    pub fn method(&self) -> Method {
        StatementRef::from(self).method()
    }

    /// The statement as it is written in a dialect.
    pub fn in_dialect<'a>(&'a self, dialect: &'a Dialect) -> impl Serialize + 'a {
        StatementRef::from(self).in_dialect(dialect)
    }
}

impl<'a> StatementRef<'a> {
    /// The method it is sent with.
    pub fn method(self) -> Method {
        match self {
            StatementRef::Select(_) => Method::Select,
            StatementRef::Insert(_) => Method::Insert,
            StatementRef::Update(_) => Method::Update,
            StatementRef::Delete(_) => Method::Delete,
        }
    }

    /// The statement as it is written in a dialect.
    pub fn in_dialect(self, dialect: &'a Dialect) -> impl Serialize + 'a {
        InDialect {
            node: self,
            dialect,
        }
    }

    /// Returns a copy of the statement.
    pub fn to_statement(self) -> Statement {
        match self {
            StatementRef::Select(select) => Statement::Select(select.clone()),
            StatementRef::Insert(insert) => Statement::Insert(insert.clone()),
            StatementRef::Update(update) => Statement::Update(update.clone()),
            StatementRef::Delete(delete) => Statement::Delete(delete.clone()),
        }
    }

    /// Appends the statement to `out` as it is written in a dialect.
    pub(crate) fn write_to(self, dialect: &Dialect, out: &mut Vec<u8>) -> Result<(), WriteError> {
        self.write(&mut Writer::new(out, dialect))
    }
}

impl<'a> From<&'a Statement> for StatementRef<'a> {
    fn from(statement: &'a Statement) -> StatementRef<'a> {
        match statement {
            Statement::Select(select) => StatementRef::Select(select),
            Statement::Insert(insert) => StatementRef::Insert(insert),
            Statement::Update(update) => StatementRef::Update(update),
            Statement::Delete(delete) => StatementRef::Delete(delete),
        }
    }
}

macro_rules! borrowed {
    ($($node:ident)*) => {$(
        impl<'a> From<&'a $node> for StatementRef<'a> {
            fn from(node: &'a $node) -> StatementRef<'a> {
                StatementRef::$node(node)
            }
        }
    )*};
}

borrowed!(Select Insert Update Delete);

impl<'a> From<&'a mut Statement> for StatementMut<'a> {
    fn from(statement: &'a mut Statement) -> StatementMut<'a> {
        match statement {
            Statement::Select(select) => StatementMut::Select(select),
            Statement::Insert(insert) => StatementMut::Insert(insert),
            Statement::Update(update) => StatementMut::Update(update),
            Statement::Delete(delete) => StatementMut::Delete(delete),
        }
    }
}

impl StatementMut<'_> {
    pub(crate) fn by_ref(&self) -> StatementRef<'_> {
        match self {
            StatementMut::Select(select) => StatementRef::Select(select),
            StatementMut::Insert(insert) => StatementRef::Insert(insert),
            StatementMut::Update(update) => StatementRef::Update(update),
            StatementMut::Delete(delete) => StatementRef::Delete(delete),
        }
    }
}

impl Write for StatementRef<'_> {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        match self {
            StatementRef::Select(select) => select.write(w),
            StatementRef::Insert(insert) => insert.write(w),
            StatementRef::Update(update) => update.write(w),
            StatementRef::Delete(delete) => delete.write(w),
        }
    }
}

impl Write for Statement {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        StatementRef::from(self).write(w)
    }
}
