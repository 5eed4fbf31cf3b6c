//! Where statements run.

use std::fmt;

use jsonsql::resolve::SqlKind;
use serde_json::Value;

pub(crate) mod sqlite;

/// What a statement answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows {
    /// Its rows, each value as JSON.
    pub(crate) rows: Vec<Vec<Value>>,
    /// The type of each value of a row.
    pub(crate) kinds: Vec<SqlKind>,
    /// How many rows it inserted, changed or deleted.
    pub(crate) changed: usize,
}

/// Why a statement was not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What is wrong with it, in PostgreSQL's words.
    Statement(String),
    /// The embedded engine would answer differently from PostgreSQL.
    NeedsPostgres(String),
    /// The storage failed: disk full, file gone.
    Storage(String),
}

impl Fault {
    pub(crate) fn statement(message: impl Into<String>) -> Fault {
        Fault::Statement(message.into())
    }

    pub(crate) fn needs_postgres(what: impl Into<String>) -> Fault {
        Fault::NeedsPostgres(what.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Statement(message) => f.write_str(message),
            Fault::NeedsPostgres(what) => write!(f, "needs PostgreSQL: {what}"),
            Fault::Storage(message) => write!(f, "the storage failed: {message}"),
        }
    }
}

impl std::error::Error for Fault {}
