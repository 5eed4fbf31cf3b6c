//! The records of the REST surfaces, in the same database.

use rusqlite::{Connection, TransactionBehavior};

use super::Storage;
use crate::records::{Others, Owned, Row, StateStore, TAKEN_OVER};

/// The step from version 1: the tables of the records.
pub(super) const STEP: &str = "
    CREATE TABLE sandbox_surface (surface TEXT PRIMARY KEY, owner TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE sandbox_record (
        surface TEXT NOT NULL, kind TEXT NOT NULL, key INTEGER NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (surface, kind, key)) STRICT, WITHOUT ROWID;";

/// The step from version 2: events belong to rows of accounts, and those stored
/// say only which MAC address they were for. They would have waited for days.
pub(super) const EVENTS_BY_ROW: &str =
    "DELETE FROM sandbox_record WHERE surface = 'ministra' AND kind = 'events';";

impl StateStore for Storage {
    fn take_over(&self, of: Owned<'_>) -> Result<Vec<Row>, String> {
        take_over(&mut self.connection(), of).map_err(|error| error.to_string())
    }

    fn write(&self, of: Owned<'_>, rows: Vec<Row>, others: Others) -> Result<(), String> {
        match write(&mut self.connection(), of, &rows, others) {
            Ok(true) => Ok(()),
            Ok(false) => Err(TAKEN_OVER.to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn take_over(connection: &mut Connection, of: Owned<'_>) -> rusqlite::Result<Vec<Row>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT INTO sandbox_surface (surface, owner) VALUES (?1, ?2) \
         ON CONFLICT (surface) DO UPDATE SET owner = excluded.owner",
        [of.surface, of.owner],
    )?;
    let rows = transaction
        .prepare(
            "SELECT kind, key, document FROM sandbox_record WHERE surface = ?1 ORDER BY kind, key",
        )?
        .query_map([of.surface], |row| {
            Ok(Row {
                kind: row.get(0)?,
                key: row.get(1)?,
                document: row.get(2)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    transaction.commit()?;
    Ok(rows)
}

/// Writes the rows and returns `true` if the owner is still the current one;
/// writes nothing and returns `false` otherwise.
fn write(
    connection: &mut Connection,
    of: Owned<'_>,
    rows: &[Row],
    others: Others,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let owner = "SELECT 1 FROM sandbox_surface WHERE surface = ?1 AND owner = ?2";
    if !transaction.prepare(owner)?.exists([of.surface, of.owner])? {
        return Ok(false);
    }
    if others == Others::Go {
        transaction.execute(
            "DELETE FROM sandbox_record WHERE surface = ?1",
            [of.surface],
        )?;
    }
    {
        let mut put = transaction.prepare(
            "INSERT INTO sandbox_record (surface, kind, key, document) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (surface, kind, key) DO UPDATE SET document = excluded.document",
        )?;
        let mut delete = transaction
            .prepare("DELETE FROM sandbox_record WHERE surface = ?1 AND kind = ?2 AND key = ?3")?;
        for row in rows {
            match &row.document {
                Some(document) => put.execute((of.surface, &row.kind, row.key, document))?,
                None => delete.execute((of.surface, &row.kind, row.key))?,
            };
        }
    }
    transaction.commit()?;
    Ok(true)
}
