//! Writes of which nobody knows whether they happened.

use std::fmt;

use jsonsql::ast::{self, InsertSource, Method, Source};

use super::Error;

/// A write that was sent and whose answer was lost: it may have been executed.
///
/// It is never sent again on its own. Whoever gets one finds out by reading
/// the rows it was about, then decides: [`statement`](Self::statement) has
/// their values.
#[derive(Clone)]
pub struct Indeterminate {
    statement: ast::Statement,
    cause: Error,
}

impl Indeterminate {
    pub(crate) fn of(statement: &ast::Statement, cause: Error) -> Error {
        Error::Indeterminate(Box::new(Indeterminate {
            statement: statement.clone(),
            cause,
        }))
    }

    /// The method it was sent with.
    pub fn method(&self) -> Method {
        self.statement.method()
    }

    /// The tables it is about: first the one it writes, then those it reads
    /// beside it. Tables of conditions are not listed.
    pub fn tables(&self) -> Vec<&str> {
        let (target, read) = match &self.statement {
            ast::Statement::Select(select) => (None, select.from.as_slice()),
            ast::Statement::Insert(insert) => match &insert.source {
                InsertSource::Values(_) => (Some(&insert.into), [].as_slice()),
                InsertSource::Select(select) => (Some(&insert.into), select.from.as_slice()),
            },
            ast::Statement::Update(update) => (Some(&update.table), update.from.as_slice()),
            ast::Statement::Delete(delete) => (Some(&delete.from), delete.using.as_slice()),
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

    /// The statement, with its values.
    pub fn statement(&self) -> &ast::Statement {
        &self.statement
    }

    /// Why there is no answer.
    pub fn cause(&self) -> &Error {
        &self.cause
    }
}

impl fmt::Display for Indeterminate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method();
        let tables = self.tables();
        let table = tables.first().copied().unwrap_or_default();
        let cause = &self.cause;
        write!(
            f,
            "unknown whether the {method} on `{table}` was executed: {cause}"
        )
    }
}

/// The statement shows as SQL with `?` for its values.
impl fmt::Debug for Indeterminate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indeterminate")
            .field("statement", &format_args!("{}", self.statement))
            .field("cause", &self.cause)
            .finish()
    }
}

impl std::error::Error for Indeterminate {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
