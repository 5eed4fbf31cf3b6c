//! Writes of which nobody knows whether they happened.

use std::fmt;
use std::sync::Arc;

use jsonsql::ast::{InsertSource, Method, Source, Statement, StatementRef};

use super::{Error, Place};
use crate::http_method::HttpMethod;
use crate::sanitize::Printable;

/// A write that was sent and whose answer was lost: it may have been executed.
///
/// It is never sent again on its own. Whoever gets one finds out by reading
/// what it was about, then decides: [`write`](Self::write) has its values.
#[derive(Clone)]
pub struct Indeterminate {
    write: Write,
    cause: Error,
}

/// A write as it was sent.
#[derive(Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "it is made for errors only")]
#[non_exhaustive]
pub enum Write {
    /// A statement of JSONSQL, with its values.
    Statement(Statement),
    /// The JSON of a [`raw_json`](crate::Client::raw_json), with its values.
    Json {
        /// The method.
        method: Method,
        /// The `params`.
        params: serde_json::Value,
    },
    /// A request of a REST interface.
    Request {
        /// The method.
        method: HttpMethod,
        /// The resource, as the interface names it: `accounts`.
        resource: &'static str,
        /// The path, which may have a login in it.
        path: String,
    },
}

impl From<Indeterminate> for Error {
    fn from(indeterminate: Indeterminate) -> Error {
        Error::Indeterminate(Box::new(indeterminate))
    }
}

impl Indeterminate {
    /// Creates the error of a write whose outcome is unknown because of `cause`.
    pub fn new(write: Write, cause: Error) -> Indeterminate {
        Indeterminate { write, cause }
    }

    pub(super) fn set_place(&mut self, place: &Arc<Place>) {
        self.cause.set_place(place);
    }

    /// Returns the write that was sent.
    pub fn write(&self) -> &Write {
        &self.write
    }

    /// Returns the reason why there is no answer.
    pub fn cause(&self) -> &Error {
        &self.cause
    }
}

impl Write {
    /// The method of it: `insert`, `update`, `delete`; `POST`, `PUT`, `DELETE`.
    pub fn method(&self) -> &'static str {
        match self {
            Write::Statement(statement) => statement.method().as_str(),
            Write::Json { method, .. } => method.as_str(),
            Write::Request { method, .. } => method.as_str(),
        }
    }

    /// Returns the tables of the statement: first the one it writes, then those it reads
    /// beside it, without those of conditions; the resource of a REST interface. Of
    /// JSON it is the target alone.
    pub fn tables(&self) -> Vec<&str> {
        match self {
            Write::Statement(statement) => tables(statement.into()),
            Write::Json { method, params } => json_target(*method, params).into_iter().collect(),
            Write::Request { resource, .. } => vec![resource],
        }
    }
}

/// The table that JSON is about.
pub(crate) fn json_target(method: Method, params: &serde_json::Value) -> Option<&str> {
    let target = match method {
        Method::Insert => "into",
        Method::Update => "table",
        Method::Delete | Method::Select => "from",
    };
    params.get(target)?.as_str()
}

/// The table that a statement writes, then those it reads.
pub(crate) fn tables(statement: StatementRef<'_>) -> Vec<&str> {
    let (target, read) = match statement {
        StatementRef::Select(select) => (None, select.from.as_slice()),
        StatementRef::Insert(insert) => match &insert.source {
            InsertSource::Values(_) => (Some(&insert.into), [].as_slice()),
            InsertSource::Select(select) => (Some(&insert.into), select.from.as_slice()),
        },
        StatementRef::Update(update) => (Some(&update.table), update.from.as_slice()),
        StatementRef::Delete(delete) => (Some(&delete.from), delete.using.as_slice()),
    };
    let mut tables: Vec<&str> = target.map(|table| &**table).into_iter().collect();
    for item in read {
        if let Source::Table(table) = &item.source
            && !tables.contains(&&**table)
        {
            tables.push(table);
        }
    }
    tables
}

impl fmt::Display for Indeterminate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.write.method();
        let tables = self.write.tables();
        let table = Printable(tables.first().copied().unwrap_or_default());
        let cause = &self.cause;
        write!(
            f,
            "unknown whether the {method} on `{table}` was executed: {cause}"
        )
    }
}

/// A statement shows as SQL with `?` for its values, JSON by its table, a request
/// without its path.
impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Write::Statement(statement) => write!(f, "{}", Printable(statement)),
            Write::Json { .. } => write!(f, "{} {:?}", self.method(), self.tables()),
            Write::Request {
                method, resource, ..
            } => write!(f, "{method} {resource}"),
        }
    }
}

impl fmt::Debug for Indeterminate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indeterminate")
            .field("write", &self.write)
            .field("cause", &self.cause)
            .finish()
    }
}

/// The text has the cause in it, so there is no `source` that says it again.
impl std::error::Error for Indeterminate {}
