//! The embedded engine: SQLite, brought to PostgreSQL's behaviour.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use jsonsql::ast::{Expr, Item, Projection, Select, Statement};
use jsonsql::sql::{Flavor, Sql};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter};
use tokio::sync::Semaphore;

use super::allowance::Meter;
use super::{Allowance, Fault, Place, Rows, Rules};
use crate::limits::Limits;
use crate::schema::Catalog;
use crate::seed::Seed;

mod answer;
mod bound;
mod coerce;
mod ddl;
mod errors;
mod execute;
mod file;
mod foreign_key;
mod functions;
mod limit;
mod lower;
mod migrate;
mod numeric;
mod pattern;
mod prepared;
mod records;
mod regexp;
mod row_security;
mod sequence;
mod sequence_gap;
mod texts;
mod whole;

use bound::bound;
pub(super) use errors::STATEMENT;
pub(crate) use execute::execute;
use limit::Limit;
pub(super) use lower::KNOWN;
use lower::Lowered;
use row_security::Reach;
use sequence::Sequences;
pub(crate) use whole::Copy;

/// A database and what is in it.
pub(crate) struct Storage {
    connection: Mutex<Connection>,
    catalog: Catalog,
    sequences: Sequences,
    /// `true` if there is a file, which outlives the sequences in memory.
    is_kept: bool,
    limit: Limit,
    /// For the statements that have a thread.
    places: Arc<Semaphore>,
}

impl Storage {
    /// Opens a database, brings its schema up to date, and gives a new one the
    /// seed.
    pub(crate) fn open(
        place: &Place,
        catalog: Catalog,
        seed: &Seed,
        domains: &[i64],
        limits: &Limits,
    ) -> Result<Storage, String> {
        let describe = |error: rusqlite::Error| error.to_string();
        let mut connection = match place {
            Place::File(path) => file::open(path)?,
            Place::Memory | Place::Postgres(_) => Connection::open_in_memory().map_err(describe)?,
        };
        let sequences = prepare(&connection).map_err(describe)?;
        set_limits(&connection, limits).map_err(describe)?;
        let limit = Limit::install(&mut connection, limits.statement_time).map_err(describe)?;
        migrate::run(&mut connection, &catalog, seed, domains, &sequences)?;
        Ok(Storage {
            connection: Mutex::new(connection),
            catalog,
            sequences,
            is_kept: matches!(place, Place::File(_)),
            limit,
            places: Semaphore::new(execute::WAITING).into(),
        })
    }

    /// Keeps these rules from now on.
    pub(crate) fn keep(&self, rules: Rules) -> Result<(), String> {
        let sql = rules.for_sqlite(&self.catalog);
        let kept = self.connection().execute_batch(&sql);
        kept.map_err(|error| error.to_string())
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Runs a resolved statement in a transaction of its own, unless it is
    /// canceled first.
    fn execute(
        &self,
        statement: &Statement,
        domain: i64,
        canceled: Arc<AtomicBool>,
        allowance: Allowance,
    ) -> Result<Rows, Fault> {
        let failed = |error: rusqlite::Error| errors::translate(&error, &self.catalog);
        let turn = self.limit.turn(canceled)?;
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        // What is not committed ends with its scope.
        let rows = turn.run(|| {
            let reach = Reach::of_client(&transaction, domain).map_err(failed)?;
            run(
                &transaction,
                statement,
                &self.catalog,
                (domain, reach, allowance),
                &self.sequences,
            )
        })?;
        if let (true, Statement::Insert(insert)) = (self.is_kept, statement) {
            let stored = self.sequences.store(&transaction, &insert.into);
            stored.map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(rows)
    }

    /// Checks that the database can be read; a busy one counts as readable.
    pub(super) fn ping(&self) -> Result<(), String> {
        let connection = match self.connection.try_lock() {
            Ok(connection) => connection,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let read = connection.query_row("SELECT count(*) FROM domain", [], |_| Ok(()));
        read.map_err(|error| error.to_string())
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

fn prepare(connection: &Connection) -> rusqlite::Result<Sequences> {
    // With these on, an unknown `"name"` is a text in SQLite.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    functions::install(connection)?;
    connection.set_prepared_statement_cache_capacity(prepared::KEPT);
    Sequences::install(connection)
}

/// No value is larger than a whole result may be.
fn set_limits(connection: &Connection, limits: &Limits) -> rusqlite::Result<()> {
    let most = i32::try_from(limits.result_bytes).unwrap_or(i32::MAX);
    let length = rusqlite::limits::Limit::SQLITE_LIMIT_LENGTH;
    // Requests are parsed into it, so a body has to fit.
    let body = i32::try_from(limits.body).unwrap_or(i32::MAX);
    connection.set_limit(length, most.max(body))?;
    Ok(())
}

/// Lowers a statement and runs it, as this domain and with this reach.
fn run(
    transaction: &Transaction<'_>,
    statement: &Statement,
    catalog: &Catalog,
    (domain, reach, allowance): (i64, Reach, Allowance),
    sequences: &Sequences,
) -> Result<Rows, Fault> {
    let lowered = lower::lower(statement, catalog, domain, reach)?;
    let sql = Sql::new(&lowered.statement, Flavor::Sqlite)
        .map_err(|error| Fault::Statement(error.to_string()))?;
    let failed = |error: rusqlite::Error| errors::translate(&error, catalog);
    calculate(transaction, &lowered.constants).map_err(failed)?;
    let before = sequences.last_of(target(statement));
    if let Some(table) = &lowered.numbered {
        sequences.lend(transaction, table).map_err(failed)?;
    }
    let mut meter = allowance.meter();
    let ran = match answered(transaction, &sql, &lowered, &mut meter) {
        Ok(ran) => ran,
        Err(error) => {
            // What is tried again gets the same numbers again.
            let again = || sequences.set(target(statement), before);
            let used = match &lowered.statement {
                Statement::Insert(insert) if lowered.generates => {
                    Some(sequence_gap::numbered(transaction, insert, again).map_err(failed)?)
                }
                _ => None,
            };
            let fault = if errors::is_foreign_key(&error) {
                sequences.untouched(|| {
                    again();
                    foreign_key::explain(transaction, &sql, statement, catalog)
                })
            } else {
                failed(error)
            };
            if let Some(used) = used {
                sequences.set(target(statement), before + used);
            }
            return Err(fault);
        }
    };
    if let Some(table) = &lowered.numbered {
        sequences.take_back(transaction, table).map_err(failed)?;
    }
    match lowered
        .checks
        .run(transaction, &ran.written)
        .map_err(failed)?
    {
        Some(fault) => Err(fault),
        None => Ok(Rows {
            changed: match statement {
                Statement::Select(_) => 0,
                _ => ran.changed,
            },
            rows: ran.rows,
            kinds: lowered.kinds,
            bytes: meter.bytes,
        }),
    }
}

/// Calculates constants, for the errors that come of it.
fn calculate(transaction: &Transaction<'_>, constants: &[Expr]) -> rusqlite::Result<()> {
    for constant in constants {
        let select = Select::new(Projection::Single(Item::from(constant.clone())));
        let sql = Sql::new(&Statement::Select(select), Flavor::Sqlite)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let (text, parameters) = bound(&sql);
        transaction
            .prepare(&text)?
            .query(params_from_iter(parameters))?
            .next()?;
    }
    Ok(())
}

/// The table that a statement changes.
fn target(statement: &Statement) -> &str {
    match statement {
        Statement::Select(_) => "",
        Statement::Insert(insert) => &insert.into,
        Statement::Update(update) => &update.table,
        Statement::Delete(delete) => &delete.from,
    }
}

/// The result of a statement in SQLite.
struct Answered {
    rows: Vec<Vec<serde_json::Value>>,
    changed: usize,
    /// The rows that are to be checked.
    written: Vec<i64>,
}

fn answered(
    transaction: &Transaction<'_>,
    sql: &Sql,
    lowered: &Lowered,
    meter: &mut Meter,
) -> rusqlite::Result<Answered> {
    let (text, parameters) = bound(sql);
    let (mut rows, mut written) = (Vec::new(), Vec::new());
    prepared::with(transaction, &text, |prepared| {
        let mut found = prepared.query(params_from_iter(parameters))?;
        while let Some(row) = found.next()? {
            let value = |(index, kind): (usize, _)| {
                let stored: ValueRef<'_> = row.get_ref(index)?;
                Ok(answer::json(stored, kind))
            };
            let kinds = lowered.kinds.iter().copied();
            let values = kinds
                .enumerate()
                .map(value)
                .collect::<rusqlite::Result<Vec<_>>>()?;
            meter.row(&values).map_err(errors::carried)?;
            rows.push(values);
            if !lowered.checks.is_empty() {
                written.push(row.get(lowered.kinds.len())?);
            }
        }
        Ok(())
    })?;
    Ok(Answered {
        rows,
        // Of this statement, without what its triggers did.
        changed: usize::try_from(transaction.changes()).unwrap_or(usize::MAX),
        written,
    })
}
