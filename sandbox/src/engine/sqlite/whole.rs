//! The database as a whole: filled anew, copied, put back.

use std::time::Duration;

use jsonsql::ast::Statement;
use jsonsql::resolve::resolve;
use rusqlite::backup::Backup;
use rusqlite::{Connection, TransactionBehavior};

use super::ddl::quoted;
use super::row_security::Reach;
use super::{Storage, migrate, run};
use crate::engine::Allowance;
use crate::seed::Seed;

/// The number of pages that are copied at a time: all of them.
const PAGES: i32 = i32::MAX;

/// A copy of a database, in memory.
pub(crate) struct Copy {
    database: Connection,
    sequences: std::collections::HashMap<String, i64>,
}

impl Storage {
    /// Deletes all rows and fills the tables as a new database's; everything
    /// or nothing.
    pub(crate) fn reset(&self, seed: &Seed, domains: &[i64]) -> Result<(), String> {
        let describe = |error: rusqlite::Error| error.to_string();
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(describe)?;
        let mut sql = "PRAGMA defer_foreign_keys = ON;".to_owned();
        for table in &self.catalog.tables {
            sql.push_str(&format!("DELETE FROM {};", quoted(&table.name)));
        }
        sql.push_str("DELETE FROM sqlite_sequence; DELETE FROM sandbox_sequence;");
        let numbers = self.sequences.all();
        self.sequences.put_back(Default::default());
        let filled = transaction
            .execute_batch(&sql)
            .map_err(describe)
            .and_then(|()| {
                migrate::fill(
                    &transaction,
                    &self.catalog,
                    Some(seed),
                    domains,
                    &self.sequences,
                )?;
                transaction.commit().map_err(describe)
            });
        if filled.is_err() {
            self.sequences.put_back(numbers);
        }
        filled
    }

    /// Runs inserts, each for its domain; all or none.
    pub(crate) fn load(&self, inserts: Vec<(i64, Statement)>) -> Result<(), String> {
        let describe = |error: rusqlite::Error| error.to_string();
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(describe)?;
        for (domain, mut statement) in inserts {
            resolve(&mut statement, &self.catalog.schema)
                .map_err(|findings| findings[0].to_string())?;
            let reach = (domain, Reach::Everything, Allowance::unlimited());
            run(
                &transaction,
                &statement,
                &self.catalog,
                reach,
                &self.sequences,
            )
            .map_err(|fault| fault.to_string())?;
        }
        self.sequences
            .settle(&transaction, &self.catalog)
            .map_err(describe)?;
        for table in &self.catalog.tables {
            self.sequences
                .store(&transaction, &table.name)
                .map_err(describe)?;
        }
        transaction.commit().map_err(describe)
    }

    /// Copies all there is.
    pub(crate) fn copy(&self) -> Result<Copy, String> {
        let describe = |error: rusqlite::Error| error.to_string();
        let mut database = Connection::open_in_memory().map_err(describe)?;
        let connection = self.connection();
        copy(&connection, &mut database).map_err(describe)?;
        Ok(Copy {
            database,
            sequences: self.sequences.all(),
        })
    }

    /// Puts a copy in place of all there is.
    pub(crate) fn put_back(&self, from: &Copy) -> Result<(), String> {
        let mut connection = self.connection();
        copy(&from.database, &mut connection).map_err(|error| error.to_string())?;
        self.sequences.put_back(from.sequences.clone());
        Ok(())
    }
}

fn copy(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(from, to)?.run_to_completion(PAGES, Duration::from_millis(10), None)
}
