//! SQLite's errors, in PostgreSQL's words.

use rusqlite::{Error, ErrorCode, ffi};

use crate::engine::{Fault, Unmatched};
use crate::schema::Catalog;

/// The prefix of a message of the sandbox that comes back through SQLite.
pub(in crate::engine) const STATEMENT: &str = "\u{1}statement:";
pub(super) const NEEDS_POSTGRES: &str = "\u{1}postgres:";

pub(super) fn not_null(table: &str, column: &str) -> String {
    format!(
        "null value in column \"{column}\" of relation \"{table}\" violates not-null constraint"
    )
}

/// A fault of ours on its way through SQLite's errors.
pub(super) fn carried(fault: Fault) -> Error {
    let message = match fault {
        Fault::NeedsPostgres(what) => format!("{NEEDS_POSTGRES}{what}"),
        other => format!("{STATEMENT}{other}"),
    };
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(message))
}

/// Translates an error of SQLite. Foreign keys are not translated here: SQLite
/// does not say which one was violated.
pub(super) fn translate(error: &Error, catalog: &Catalog) -> Fault {
    let Error::SqliteFailure(failure, message) = error else {
        return Fault::Storage(error.to_string());
    };
    let message = message.as_deref().unwrap_or_default();
    if let Some(ours) = message.strip_prefix(STATEMENT) {
        return Fault::statement(ours);
    }
    if let Some(ours) = message.strip_prefix(NEEDS_POSTGRES) {
        return Fault::NeedsPostgres(ours.to_owned());
    }
    match (failure.code, failure.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            let constraint = violated(message, catalog);
            Fault::Statement(format!(
                "duplicate key value violates unique constraint \"{constraint}\""
            ))
        }
        (_, ffi::SQLITE_CONSTRAINT_NOTNULL) => match columns(message).next() {
            Some((table, column)) => Fault::Statement(not_null(table, column)),
            None => Fault::Storage(message.to_owned()),
        },
        (ErrorCode::OperationInterrupted, _) => Fault::statement(super::limit::TOO_LONG),
        (
            ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::OutOfMemory,
            _,
        ) => Fault::Storage(message.to_owned()),
        (ErrorCode::TooBig, _) => {
            Fault::statement("a value is larger than a whole result may be (--max-result-bytes)")
        }
        // Too many terms, too deep, too big: limits PostgreSQL does not share.
        _ => Fault::needs_postgres(
            Unmatched::TooBig,
            format!("the embedded engine gave up: {message}"),
        ),
    }
}

/// The constraint behind "UNIQUE constraint failed: t.a, t.b".
fn violated(message: &str, catalog: &Catalog) -> String {
    let named: Vec<(&str, &str)> = columns(message).collect();
    let Some((table, _)) = named.first() else {
        return String::new();
    };
    let unique = catalog.table(table).and_then(|table| {
        table.unique.iter().find(|unique| {
            unique
                .columns
                .iter()
                .eq(named.iter().map(|(_, column)| column))
        })
    });
    match unique {
        Some(unique) => unique.name.to_string(),
        None => format!("{table}_pkey"),
    }
}

/// The `table.column`s a constraint's message lists.
fn columns(message: &str) -> impl Iterator<Item = (&str, &str)> {
    let (_, listed) = message.split_once(": ").unwrap_or_default();
    listed
        .split(", ")
        .filter_map(|column| column.split_once('.'))
}

/// Returns `true` if SQLite refused because of a foreign key.
pub(super) fn is_foreign_key(error: &Error) -> bool {
    matches!(error, Error::SqliteFailure(failure, _) if failure.extended_code == ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}
