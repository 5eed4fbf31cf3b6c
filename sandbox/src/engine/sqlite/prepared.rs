//! Statements that SQLite keeps prepared: a client sends the same ones again.

use rusqlite::{Result, Statement, Transaction};

/// The number of prepared statements that a connection keeps.
pub(super) const KEPT: usize = 128;

/// The longest that is kept, in bytes of SQL: rows of an insert do not come twice.
const LONGEST: usize = 8 << 10;

/// Does something with a statement, prepared now or before.
pub(super) fn with<T>(
    transaction: &Transaction<'_>,
    sql: &str,
    run: impl FnOnce(&mut Statement<'_>) -> Result<T>,
) -> Result<T> {
    if sql.len() > LONGEST {
        return run(&mut transaction.prepare(sql)?);
    }
    run(&mut *transaction.prepare_cached(sql)?)
}
