//! The numbers of new rows, given as PostgreSQL's sequences give them.
//!
//! A sequence goes on when the statement that took a number is refused, and
//! does not look at numbers that clients give themselves. SQLite's own
//! counters do neither, and a client that remembers an id would see other ids
//! than on PostgreSQL.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};

use super::ddl::quoted;
use crate::schema::{Catalog, Table};

/// The function that takes the next number of a table.
pub(super) const NEXT: &str = "pg_nextval";

/// The step from version 3: the last numbers given, of the tables of which SQLite's
/// own counters say another one. They count what clients give themselves.
pub(super) const STEP: &str = "
    CREATE TABLE sandbox_sequence (name TEXT PRIMARY KEY, last INTEGER NOT NULL)
        STRICT, WITHOUT ROWID;";

/// The last number given, for each table that has a generated key.
#[derive(Debug, Clone, Default)]
pub(super) struct Sequences(Arc<Mutex<HashMap<String, i64>>>);

impl Sequences {
    pub(super) fn install(connection: &Connection) -> Result<Sequences> {
        let sequences = Sequences::default();
        let taken = sequences.clone();
        // Not deterministic: called for every row.
        let flags = FunctionFlags::SQLITE_UTF8;
        connection.create_scalar_function(NEXT, 1, flags, move |ctx| {
            let mut last = taken.last();
            let table = ctx.get_raw(0).as_str()?;
            let number = last.entry(table.to_owned()).or_default();
            *number += 1;
            Ok(*number)
        })?;
        Ok(sequences)
    }

    /// Goes on after the last number that was stored.
    pub(super) fn resume(&self, connection: &Connection, catalog: &Catalog) -> Result<()> {
        let keyed = |table: &&Table| table.key().is_some();
        for table in catalog.tables.iter().filter(keyed) {
            let used: i64 = connection.query_row(
                "SELECT coalesce((SELECT last FROM sandbox_sequence WHERE name = ?1),
                    (SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)",
                [&*table.name],
                |row| row.get(0),
            )?;
            self.last().insert(table.name.to_string(), used);
        }
        Ok(())
    }

    /// SQLite's counter for a table set to where the sequence is, for inserts
    /// that must leave the numbering to it.
    pub(super) fn lend(&self, connection: &Connection, table: &str) -> Result<()> {
        let last = self.last_of(table);
        let updated = connection.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
            (table, last),
        )?;
        if updated == 0 {
            connection.execute("INSERT INTO sqlite_sequence VALUES (?1, ?2)", (table, last))?;
        }
        Ok(())
    }

    /// Takes over what SQLite counted.
    pub(super) fn take_back(&self, connection: &Connection, table: &str) -> Result<()> {
        let used: i64 = connection.query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = ?1",
            [table],
            |row| row.get(0),
        )?;
        let mut last = self.last();
        let number = last.entry(table.to_owned()).or_default();
        *number = used.max(*number);
        Ok(())
    }

    /// Stores the last number of a table, unless SQLite's counter is the same.
    pub(super) fn store(&self, connection: &Connection, table: &str) -> Result<()> {
        let last = self.last_of(table);
        let counter = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)";
        let counted: i64 = connection
            .prepare_cached(counter)?
            .query_row([table], |row| row.get(0))?;
        if counted == last {
            let same = "DELETE FROM sandbox_sequence WHERE name = ?1";
            connection.prepare_cached(same)?.execute([table])?;
        } else {
            let other = "INSERT INTO sandbox_sequence (name, last) VALUES (?1, ?2) \
                         ON CONFLICT (name) DO UPDATE SET last = excluded.last";
            connection.prepare_cached(other)?.execute((table, last))?;
        }
        Ok(())
    }

    pub(super) fn last_of(&self, table: &str) -> i64 {
        self.last().get(table).copied().unwrap_or_default()
    }

    pub(super) fn set(&self, table: &str, last: i64) {
        self.last().insert(table.to_owned(), last);
    }

    /// The last numbers of all tables.
    pub(super) fn all(&self) -> HashMap<String, i64> {
        self.last().clone()
    }

    /// Goes on from these numbers.
    pub(super) fn put_back(&self, last: HashMap<String, i64>) {
        *self.last() = last;
    }

    /// Runs something of ours that must not take numbers.
    pub(super) fn untouched<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.last().clone();
        let done = work();
        *self.last() = before;
        done
    }

    /// The highest numbers in use are the last ones given, after a seed that
    /// gives its own.
    pub(super) fn settle(&self, connection: &Connection, catalog: &Catalog) -> Result<()> {
        for table in &catalog.tables {
            let Some(key) = table.key() else { continue };
            let highest: i64 = connection.query_row(
                &format!(
                    "SELECT coalesce(max({}), 0) FROM {}",
                    quoted(&key.name),
                    quoted(&table.name)
                ),
                [],
                |row| row.get(0),
            )?;
            let mut last = self.last();
            let number = last.entry(table.name.to_string()).or_default();
            *number = highest.max(*number);
        }
        Ok(())
    }

    fn last(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
