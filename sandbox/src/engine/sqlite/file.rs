//! The file of a database: opened for one sandbox alone, and only if a sandbox
//! made it and it can be read throughout.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode};

/// The mark of a sandbox's file in its header, from version 4 on: "JSBX".
pub(super) const APPLICATION: i32 = 0x4A53_4258;

/// The versions whose files have no mark.
const UNMARKED: std::ops::RangeInclusive<i64> = 1..=3;

/// The time for which a file in use is waited for: a sandbox that was stopped
/// just now may still be closing it.
const IN_USE: Duration = Duration::from_secs(1);

/// Opens a file for this process alone, or says why it cannot be used.
///
/// Nothing is written to a file that is refused.
pub(super) fn open(path: &Path) -> Result<Connection, String> {
    opened(path).map_err(|refused| format!("`{}` {refused}", path.display()))
}

fn opened(path: &Path) -> Result<Connection, String> {
    let connection = Connection::open(path).map_err(|error| reason(&error))?;
    let describe = |error: Error| reason(&error);
    connection.busy_timeout(IN_USE).map_err(describe)?;
    // Held from the first use of the file until it is closed, however that
    // happens. The index of the log is kept in memory then, too.
    connection
        .pragma_update(None, "locking_mode", "EXCLUSIVE")
        .map_err(describe)?;
    if !is_ours(&connection).map_err(describe)? {
        return Err(
            "is a database of another program; a sandbox needs a file of its own".to_owned(),
        );
    }
    check(&connection)?;
    if connection.is_readonly("main").map_err(describe)? {
        return Err("cannot be written to; its permissions do not allow it".to_owned());
    }
    // Readers and one writer at a time, and what is committed survives a kill.
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(describe)?;
    // Of the process, that is: a power failure may take the last moments.
    connection
        .pragma_update(None, "synchronous", "NORMAL")
        .map_err(describe)?;
    Ok(connection)
}

/// Returns `true` if the file is empty or a sandbox made it.
fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let mark: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if mark != 0 {
        return Ok(mark == APPLICATION);
    }
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    if version == 0 {
        return Ok(count("SELECT count(*) FROM sqlite_schema")? == 0);
    }
    let tables = count(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' \
         AND name IN ('domain', 'subscriber', 'terminal', 'package')",
    )?;
    Ok(UNMARKED.contains(&version) && tables == 4)
}

/// Reads the whole file.
fn check(connection: &Connection) -> Result<(), String> {
    let found: rusqlite::Result<String> =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match found {
        Ok(found) if found == "ok" => Ok(()),
        // It may begin with a line that names the database, which has no name.
        Ok(found) => Err(damaged(found.lines().last().unwrap_or_default())),
        Err(error) => Err(reason(&error)),
    }
}

fn damaged(how: &str) -> String {
    format!("is damaged ({how}); put a copy of it in its place, or delete it and its `-wal` file")
}

/// The reason why a file cannot be opened, as the end of a sentence about it.
fn reason(error: &Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "is in use by another sandbox, or open in another program; \
             stop that one, or give this one a file of its own"
                .to_owned()
        }
        Some(ErrorCode::NotADatabase) => "is not a database; a sandbox needs a file of its own \
             (a database of SQLite, which it makes)"
            .to_owned(),
        Some(ErrorCode::DatabaseCorrupt) => damaged(&error.to_string()),
        _ => format!("cannot be opened: {error}"),
    }
}
