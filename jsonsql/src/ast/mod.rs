//! The grammar of JSONSQL as plain data: what can be said, read from JSON and
//! written to JSON.
//!
//! One production per file. Every spelling seen in the vendor's documents and
//! scripts is read; one canonical spelling is written. The typed queries of
//! [`query`](crate::query) build these values; a server reads them.
//!
//! ```
//! use jsonsql::ast::{Method, Statement};
//!
//! let params = r#"{"data": ["id"], "from": "media", "where": {"is": ["is_tv", true]}}"#;
//! let statement = Statement::from_json(Method::Select, params.as_bytes())?;
//! assert_eq!(serde_json::to_string(&statement)?, params.replace(' ', ""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};

use crate::Dialect;

mod aggregates;
mod delete;
mod depth;
mod distinct;
mod exists;
mod expr;
mod from;
mod initials;
mod insert;
mod json;
mod name_lengths;
mod number;
mod op;
mod order;
mod parse;
mod projection;
mod select;
mod sql_kind;
mod table;
mod table_info;
mod update;
mod visit;
mod write;

pub use aggregates::AGGREGATES;
pub use delete::Delete;
pub use distinct::Distinct;
pub use expr::{Column, Expr};
pub use from::{FromItem, Join, JoinKind, Source};
pub use initials::Initials;
pub use insert::{Insert, InsertSource};
pub use number::{Number, ParseNumberError};
pub use op::{Arity, Op};
pub use order::{Direction, Order};
pub use parse::{MAX_DEPTH, ParseError};
pub use projection::{Item, Projection};
pub use select::{Body, Select};
pub use sql_kind::SqlKind;
pub use table::TableName;
pub use table_info::{ColumnInfo, TableInfo};
pub use update::Update;
pub use visit::Clause;
pub use write::WriteError;

use json::Json;
pub(crate) use name_lengths::NameLengths;
pub(crate) use number::Parts;
pub(crate) use parse::At;
use write::{Write, Writer};

/// The name of a table, column, alias or function, or a text literal.
pub type Name = Cow<'static, str>;

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

/// The JSON-RPC methods of JSONSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads rows.
    Select,
    /// Adds rows.
    Insert,
    /// Changes rows.
    Update,
    /// Deletes rows.
    Delete,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 4] = [
        Method::Select,
        Method::Insert,
        Method::Update,
        Method::Delete,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Select => "select",
            Method::Insert => "insert",
            Method::Update => "update",
            Method::Delete => "delete",
        }
    }

    /// The method of this name.
    pub fn from_name(name: &str) -> Option<Method> {
        Method::ALL
            .into_iter()
            .find(|method| method.as_str() == name)
    }

    fn parse(self, json: Json) -> Result<Statement, ParseError> {
        let at = &At::Root;
        Ok(match self {
            Method::Select => Statement::Select(Select::parse(json, at)?),
            Method::Insert => Statement::Insert(Insert::parse(json, at)?),
            Method::Update => Statement::Update(Update::parse(json, at)?),
            Method::Delete => Statement::Delete(Delete::parse(json, at)?),
        })
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Statement {
    /// Reads the `params` of a request with this method.
    ///
    /// # Errors
    ///
    /// When the bytes are not JSON, nest deeper than [`MAX_DEPTH`], or are not
    /// in the grammar; the error names the place as a JSON pointer.
    pub fn from_json(method: Method, params: &[u8]) -> Result<Statement, ParseError> {
        method.parse(Json::from_slice(params)?)
    }

    /// The method it is sent with.
    pub fn method(&self) -> Method {
        match self {
            Statement::Select(_) => Method::Select,
            Statement::Insert(_) => Method::Insert,
            Statement::Update(_) => Method::Update,
            Statement::Delete(_) => Method::Delete,
        }
    }

    /// The statement as it is written in a dialect.
    pub fn in_dialect<'a>(&'a self, dialect: &'a Dialect) -> impl Serialize + 'a {
        InDialect {
            node: self,
            dialect,
        }
    }

    /// Appends the statement to `out` as it is written in a dialect.
    pub(crate) fn write_to(&self, dialect: &Dialect, out: &mut Vec<u8>) -> Result<(), WriteError> {
        self.write(&mut Writer::new(out, dialect))
    }
}

impl Write for Statement {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        match self {
            Statement::Select(select) => select.write(w),
            Statement::Insert(insert) => insert.write(w),
            Statement::Update(update) => update.write(w),
            Statement::Delete(delete) => delete.write(w),
        }
    }
}

/// A node of the grammar together with the dialect it is written in.
struct InDialect<'a, T> {
    node: &'a T,
    dialect: &'a Dialect,
}

/// Into any format, by way of the text that is sent: there is one writer.
impl<T: Write> Serialize for InDialect<'_, T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut json = Vec::new();
        self.node
            .write(&mut Writer::new(&mut json, self.dialect))
            .map_err(S::Error::custom)?;
        Json::from_slice(&json)
            .map_err(S::Error::custom)?
            .serialize(s)
    }
}

macro_rules! serde_for {
    ($($node:ty),*; $($parsed:ty),*) => {
        $(impl Serialize for $node {
            /// Writes the canonical spelling, in the default dialect.
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                InDialect { node: self, dialect: &Dialect::BEST_GUESS }.serialize(s)
            }
        })*
        $(impl<'de> Deserialize<'de> for $parsed {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let json = Json::deserialize(deserializer)?;
                Self::parse(json, &At::Root).map_err(serde::de::Error::custom)
            }
        })*
    };
}

serde_for!(Statement, Select, Insert, Update, Delete, Expr, Projection; Select, Insert, Update, Delete, Expr, Projection);
