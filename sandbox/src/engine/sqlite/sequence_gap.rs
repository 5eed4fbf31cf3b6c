//! The numbers that a refused insert uses up.
//!
//! PostgreSQL takes a number for each row until one is refused, and does not
//! give them back. SQLite may collect all rows before it inserts the first, so
//! which row it was is found out afterwards: it is the last of the shortest
//! beginning of the rows that is refused too.

use jsonsql::ast::{Insert, InsertSource, Statement};
use jsonsql::sql::{Flavor, Sql};
use rusqlite::{Result, Transaction, params_from_iter};

use super::bound::bound;

/// Returns the number of rows of a refused insert that PostgreSQL would have
/// numbered. `restart` puts the table's sequence where it was before the insert:
/// with other numbers a row may meet one that a client gave. The caller drops the
/// transaction.
pub(super) fn numbered(
    transaction: &Transaction<'_>,
    insert: &Insert,
    restart: impl Fn(),
) -> Result<i64> {
    let attempt = |rows| {
        restart();
        attempt(transaction, insert, rows)
    };
    // Foreign keys are looked at when all rows are there.
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON; SAVEPOINT gap")?;
    let mut fine = 0;
    let mut refused = 1;
    loop {
        match attempt(refused)? {
            Attempt::Refused => break,
            // All of them were: it was about foreign keys.
            Attempt::Inserted(rows) if rows < refused => return Ok(rows),
            Attempt::Inserted(_) => {
                fine = refused;
                refused *= 2;
            }
        }
    }
    while refused - fine > 1 {
        let middle = fine + (refused - fine) / 2;
        match attempt(middle)? {
            Attempt::Refused => refused = middle,
            Attempt::Inserted(_) => fine = middle,
        }
    }
    Ok(refused)
}

enum Attempt {
    Refused,
    Inserted(i64),
}

/// Inserts the first rows and takes them away again.
fn attempt(transaction: &Transaction<'_>, insert: &Insert, rows: i64) -> Result<Attempt> {
    let sql = Sql::new(&Statement::Insert(first(insert, rows)), Flavor::Sqlite)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let (text, parameters) = bound(&sql);
    let inserted = transaction
        .prepare(&text)?
        .execute(params_from_iter(parameters));
    transaction.execute_batch("ROLLBACK TO gap")?;
    Ok(match inserted {
        Ok(inserted) => Attempt::Inserted(i64::try_from(inserted).unwrap_or(i64::MAX)),
        Err(_) => Attempt::Refused,
    })
}

/// An insert of the first rows only.
fn first(insert: &Insert, rows: i64) -> Insert {
    let mut insert = insert.clone();
    insert.returning = None;
    let most = u64::try_from(rows).unwrap_or_default();
    match &mut insert.source {
        InsertSource::Values(values) => {
            values.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
        }
        InsertSource::Select(select) => {
            select.limit = Some(select.limit.map_or(most, |limit| limit.min(most)));
        }
    }
    insert
}
