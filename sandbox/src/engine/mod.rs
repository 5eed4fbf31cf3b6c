//! The engines that execute statements.

use std::any::Any;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jsonsql::ast::SqlKind;
use jsonsql::ast::Statement;
use serde_json::Value;

use crate::caller::Caller;
use crate::limits::Limits;
use crate::records::{Nowhere, StateStore};
use crate::schema::Catalog;
use crate::seed::Seed;

mod allowance;
#[cfg(feature = "postgres")]
mod postgres;
mod rules;
mod sqlite;
mod unmatched;

pub(crate) use allowance::Allowance;
pub(crate) use rules::Rules;
pub(crate) use sqlite::Storage as SqliteStorage;
pub(crate) use unmatched::Unmatched;
pub use unmatched::refused_statements;

/// The location of the database.
#[derive(Clone, Default)]
pub(crate) enum Place {
    /// Nowhere but in memory; gone when the sandbox is.
    #[default]
    Memory,
    /// In this SQLite file, which is made if it does not exist.
    File(PathBuf),
    /// On the PostgreSQL server of this URL.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "it is refused"))]
    Postgres(String),
}

impl Place {
    /// Reads what a person gives as a database: a URL of PostgreSQL, or a file.
    pub(crate) fn of(database: PathBuf) -> Place {
        match database.to_str() {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Place::Postgres(url.to_owned())
            }
            _ => Place::File(database),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Memory => f.write_str("Memory"),
            Place::File(path) => f.debug_tuple("File").field(path).finish(),
            // There may be a password in it.
            Place::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// The parameters that an engine is opened with.
pub(crate) struct Setup<'s> {
    pub(crate) catalog: Catalog,
    pub(crate) seed: &'s Seed,
    /// The domains that must be there, since accounts are of them.
    pub(crate) domains: Vec<i64>,
    pub(crate) limits: Limits,
    /// The rules that are kept between rows.
    pub(crate) rules: Rules,
}

/// A database and what runs statements on it.
#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite(Arc<sqlite::Storage>, Lasting),
    #[cfg(feature = "postgres")]
    Postgres(Arc<postgres::Storage>),
}

/// A copy of all rows.
pub(crate) enum Copy {
    /// Shared with the thread that reads it.
    Sqlite(Arc<Mutex<sqlite::Copy>>),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Copy),
}

/// The persistence of the data: kept after the sandbox ends, or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasting {
    Kept,
    Gone,
}

impl Engine {
    pub(crate) async fn open(place: Place, setup: Setup<'_>) -> Result<Engine, String> {
        let Setup {
            catalog,
            seed,
            domains,
            limits,
            rules,
        } = setup;
        #[cfg(not(feature = "postgres"))]
        if let Place::Postgres(_) = &place {
            let text = "this build has no engine PostgreSQL; build with the feature `postgres`";
            return Err(text.to_owned());
        }
        #[cfg(feature = "postgres")]
        if let Place::Postgres(url) = &place {
            let storage = postgres::Storage::open(url, catalog, seed, &domains, &limits).await?;
            storage.keep(rules).await?;
            return Ok(Engine::Postgres(storage.into()));
        }
        let lasting = match &place {
            Place::Memory => Lasting::Gone,
            _ => Lasting::Kept,
        };
        let seed = seed.clone();
        let storage = blocking(move || {
            let storage = sqlite::Storage::open(&place, catalog, &seed, &domains, &limits)?;
            storage.keep(rules)?;
            Ok::<_, String>(storage)
        });
        Ok(Engine::Sqlite(Arc::new(storage.await?), lasting))
    }

    /// Returns the store for the records of the REST surfaces.
    pub(crate) fn records(&self) -> Result<Arc<dyn StateStore>, String> {
        Ok(match self {
            Engine::Sqlite(_, Lasting::Gone) => Arc::new(Nowhere),
            Engine::Sqlite(storage, Lasting::Kept) => Arc::<SqliteStorage>::clone(storage),
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => Arc::new(storage.records()?),
        })
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        match self {
            Engine::Sqlite(storage, _) => storage.catalog(),
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => storage.catalog(),
        }
    }

    /// Runs a resolved statement in a transaction of its own.
    pub(crate) async fn execute(
        &self,
        statement: &Arc<Statement>,
        domain: i64,
        caller: &Caller,
        allowance: Allowance,
    ) -> Result<Rows, Fault> {
        if caller.is_gone() {
            return Err(Fault::Statement(caller.message()));
        }
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => {
                storage.execute(statement, domain, caller, allowance).await
            }
            Engine::Sqlite(storage, _) => {
                sqlite::execute(storage, statement, domain, caller, allowance).await
            }
        }
    }

    /// Checks that the database can be reached; the error says why it cannot.
    pub(crate) async fn ping(&self) -> Result<(), String> {
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => storage.query("SELECT 1").await.map(drop),
            Engine::Sqlite(storage, _) => storage.ping(),
        }
    }

    /// Deletes all rows and fills the tables as a new database's.
    pub(crate) async fn reset(&self, seed: Seed, domains: Vec<i64>) -> Result<(), String> {
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => storage.reset(&seed, &domains).await,
            Engine::Sqlite(storage, _) => {
                let storage = Arc::clone(storage);
                blocking(move || storage.reset(&seed, &domains)).await
            }
        }
    }

    /// Runs inserts of who runs the sandbox, each for its domain; all or none.
    pub(crate) async fn load(&self, inserts: Vec<(i64, Statement)>) -> Result<(), String> {
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => storage.load(inserts).await,
            Engine::Sqlite(storage, _) => {
                let storage = Arc::clone(storage);
                blocking(move || storage.load(inserts)).await
            }
        }
    }

    /// Copies all rows.
    pub(crate) async fn copy(&self) -> Result<Copy, String> {
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => storage.copy().await.map(Copy::Postgres),
            Engine::Sqlite(storage, _) => {
                let storage = Arc::clone(storage);
                let copy = blocking(move || storage.copy()).await?;
                Ok(Copy::Sqlite(Arc::new(Mutex::new(copy))))
            }
        }
    }

    /// Puts a copy of this engine's in place of all there is.
    pub(crate) async fn put_back(&self, copy: &Copy) -> Result<(), String> {
        match (self, copy) {
            #[cfg(feature = "postgres")]
            (Engine::Postgres(storage), Copy::Postgres(copy)) => storage.put_back(copy).await,
            (Engine::Sqlite(storage, _), Copy::Sqlite(copy)) => {
                let (storage, copy) = (Arc::clone(storage), Arc::clone(copy));
                let put = move || {
                    let copy = copy.lock().unwrap_or_else(PoisonError::into_inner);
                    storage.put_back(&copy)
                };
                blocking(put).await
            }
            #[cfg(feature = "postgres")]
            _ => Err("the copy is of another engine".to_owned()),
        }
    }

    /// The engine's name.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(_) => "postgresql",
            Engine::Sqlite(..) => "sqlite",
        }
    }

    /// Runs SQL of the embedder's own, in the engine's dialect.
    pub(crate) async fn query(&self, sql: &str) -> Result<Vec<Vec<Value>>, String> {
        match self {
            #[cfg(feature = "postgres")]
            Engine::Postgres(storage) => storage.query(sql).await,
            Engine::Sqlite(storage, _) => {
                let (storage, sql) = (Arc::clone(storage), sql.to_owned());
                blocking(move || storage.query(&sql).map_err(|error| error.to_string())).await
            }
        }
    }
}

/// Does work that takes its time where nobody waits for the thread.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    /// The result of any work: what runs it is compiled once.
    type Done = Box<dyn Any + Send>;
    let work: Box<dyn FnOnce() -> Done + Send> = Box::new(|| Box::new(work()));
    let done = match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // Never cancelled: a panic goes on where it would have without us.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    match done.downcast() {
        Ok(done) => *done,
        Err(_) => unreachable!("the work has one type"),
    }
}

/// The result of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows {
    /// Its rows, each value as JSON.
    pub(crate) rows: Vec<Vec<Value>>,
    /// The type of each value of a row.
    pub(crate) kinds: Vec<SqlKind>,
    /// The number of rows that the statement inserted, changed or deleted.
    pub(crate) changed: usize,
    /// The size of the values in bytes, as an [`Allowance`] counts them.
    pub(crate) bytes: usize,
}

/// The reason why a statement was not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An error in the statement, in PostgreSQL's words.
    Statement(String),
    /// The embedded engine would answer differently from PostgreSQL.
    NeedsPostgres(String),
    /// The storage failed: disk full, file gone.
    Storage(String),
}

impl Fault {
    pub(crate) fn statement(message: impl Into<String>) -> Fault {
        Fault::Statement(message.into())
    }

    /// Refuses a kind of statement, with what it was this time.
    pub(crate) fn needs_postgres(_kind: Unmatched, what: impl Into<String>) -> Fault {
        Fault::NeedsPostgres(what.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Statement(message) => f.write_str(message),
            Fault::NeedsPostgres(what) => write!(f, "needs PostgreSQL: {what}"),
            Fault::Storage(message) => write!(f, "the storage failed: {message}"),
        }
    }
}

impl std::error::Error for Fault {}
