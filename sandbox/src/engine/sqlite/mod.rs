//! The embedded engine: SQLite, brought to PostgreSQL's behaviour.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jsonsql::ast::Statement;
use jsonsql::sql::{Flavor, Sql};
use rusqlite::config::DbConfig;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter};

use super::{Fault, Rows};
use crate::schema::Catalog;
use crate::seed::Seed;

mod answer;
mod coerce;
mod ddl;
mod errors;
mod foreign_key;
mod functions;
mod lower;
mod numeric;
mod pattern;
mod regexp;

/// A database and what is in it.
pub(crate) struct Storage {
    connection: Mutex<Connection>,
    catalog: Catalog,
}

/// Where the database is.
#[derive(Debug, Clone, Default)]
pub(crate) enum Place {
    /// Nowhere but in memory; gone when the sandbox is.
    #[default]
    Memory,
    /// In this file, which is made if it does not exist.
    File(std::path::PathBuf),
}

impl Storage {
    /// Opens a database; a new one gets its tables and the seed.
    pub(crate) fn open(place: &Place, catalog: Catalog, seed: Seed) -> rusqlite::Result<Storage> {
        let connection = match place {
            Place::Memory => Connection::open_in_memory()?,
            Place::File(path) => open_file(path)?,
        };
        // With these on, an unknown `"name"` is a text in SQLite.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
        functions::install(&connection)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version == 0 {
            connection.execute_batch(&format!(
                "BEGIN;\n{}{}PRAGMA user_version = 1;\nCOMMIT;",
                ddl::create(&catalog),
                seed.sql()
            ))?;
        }
        Ok(Storage {
            connection: Mutex::new(connection),
            catalog,
        })
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Runs a resolved statement in a transaction of its own.
    pub(crate) fn execute(&self, statement: &Statement, domain: i64) -> Result<Rows, Fault> {
        let lowered = lower::lower(statement, &self.catalog, domain)?;
        let sql = Sql::of(&lowered.statement, Flavor::Sqlite)
            .map_err(|error| Fault::Statement(error.to_string()))?;
        let failed = |error: rusqlite::Error| errors::translate(&error, &self.catalog);
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let ran = run(&transaction, &sql, &lowered.kinds);
        let (rows, changed) = match ran {
            Ok(ran) => ran,
            Err(error) if errors::is_foreign_key(&error) => {
                // Not committed: the transaction ends with its scope.
                return Err(foreign_key::explain(
                    &transaction,
                    &sql,
                    statement,
                    &self.catalog,
                ));
            }
            Err(error) => return Err(failed(error)),
        };
        transaction.commit().map_err(failed)?;
        let changed = match statement {
            Statement::Select(_) => 0,
            _ => changed,
        };
        Ok(Rows {
            rows,
            kinds: lowered.kinds,
            changed,
        })
    }

    /// Runs SQL of the embedder's own and answers with what is stored.
    pub(crate) fn query(&self, sql: &str) -> rusqlite::Result<Vec<Vec<serde_json::Value>>> {
        let connection = self.connection();
        let mut prepared = connection.prepare(sql)?;
        let width = prepared.column_count();
        let rows = prepared.query_map([], |row| {
            (0..width)
                .map(|index| Ok(answer::stored(row.get_ref(index)?)))
                .collect()
        })?;
        rows.collect()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back; the connection is fine.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_file(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    // Readers and one writer at a time, and what is committed survives a kill.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(connection)
}

type Ran = (Vec<Vec<serde_json::Value>>, usize);

fn run(
    transaction: &Transaction<'_>,
    sql: &Sql,
    kinds: &[jsonsql::resolve::SqlKind],
) -> rusqlite::Result<Ran> {
    let before = transaction.total_changes();
    let mut prepared = transaction.prepare(&sql.text)?;
    let parameters = sql.parameters.iter().map(|text| Value::Text(text.clone()));
    let mut found = prepared.query(params_from_iter(parameters))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let value = |(index, kind): (usize, _)| {
            let stored: ValueRef<'_> = row.get_ref(index)?;
            Ok(answer::json(stored, kind))
        };
        let cells = kinds.iter().copied().enumerate().map(value);
        rows.push(cells.collect::<rusqlite::Result<_>>()?);
    }
    drop(found);
    let changed = transaction.total_changes() - before;
    Ok((rows, usize::try_from(changed).unwrap_or(usize::MAX)))
}
