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
mod method;
mod name_lengths;
mod number;
mod op;
mod order;
mod parse;
mod projection;
mod select;
mod sql_kind;
mod statement;
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
pub use method::Method;
pub use number::{Number, ParseNumberError};
pub use op::{Arity, Op};
pub use order::{Direction, Order};
pub use parse::{MAX_DEPTH, ParseError};
pub use projection::{Item, Projection};
pub use select::{Body, Select};
pub use sql_kind::SqlKind;
pub(crate) use statement::StatementMut;
pub use statement::{Statement, StatementRef};
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

/// A node of the grammar together with the dialect it is written in.
struct InDialect<'a, T> {
    node: T,
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

serde_for!(Statement, StatementRef<'_>, Select, Insert, Update, Delete, Expr, Projection; Select, Insert, Update, Delete, Expr, Projection);
