//! The export that a query of a billing's database is.
//!
//! A query runs in a transaction that cannot write, and every value is taken as the
//! text that the database itself makes of it, so that no type is converted twice.

mod address;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use std::time::Duration;

use jsonsql_client::provisioning::sync::export::{Export, ExportBuilder, ExportError};
use tokio::time::timeout;

use crate::exit::{Failure, Result, Status};
use crate::source::{Rating, Source};
use crate::target::duration;
use address::Address;

/// A query of a billing's database
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Database")]
pub(crate) struct DatabaseArgs {
    /// Takes the rows of this query instead of a file; its columns have the names of an
    /// export's. `@FILE` reads the query from a file
    #[arg(long, value_name = "QUERY|@FILE", conflicts_with = "export")]
    pub(crate) from_sql: Option<String>,

    /// The database, by default `JSONSQL_BILLING_DATABASE`: `postgres://USER@HOST/NAME`,
    /// `mysql://USER@HOST/NAME` or `sqlite:FILE`. The password is taken from
    /// `JSONSQL_BILLING_PASSWORD`. PostgreSQL is reached by TLS with a valid certificate
    /// unless the address ends in `?sslmode=disable`, MySQL without TLS unless it ends in
    /// `?require_ssl=true`. Each of these two is a feature of the build, `postgres` and
    /// `mysql`
    #[arg(long, value_name = "ADDRESS", requires = "from_sql")]
    database: Option<String>,

    /// How long the query may take, such as `90s` or `30m`
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration, requires = "from_sql")]
    database_timeout: Duration,
}

/// The reason why a query stopped.
enum Problem {
    /// The database's message, and the byte of the query that it is about.
    Database(String, Option<usize>),
    /// The rows are not those of an export.
    Rows(ExportError),
    /// A value that is no text: the row and the column.
    NoText(u64, String),
    /// The statement has no columns, and was not executed.
    NoRows,
    /// More than one statement was given.
    SeveralStatements,
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Problem {
        Problem::Rows(error)
    }
}

impl DatabaseArgs {
    /// Runs the query and reads all of its rows.
    ///
    /// # Errors
    ///
    /// Of usage, when the address or the query cannot be had; when the database refuses
    /// the query or does not answer in time, and when the rows are not those of an
    /// export.
    pub(crate) async fn export(&self, query: &str) -> Result<Export> {
        let (name, query) = match query.strip_prefix('@') {
            None => ("--from-sql", query.to_owned()),
            Some(path) => {
                let text = std::fs::read_to_string(path);
                (
                    path,
                    text.map_err(|error| Failure::usage(format!("{path}: {error}")))?,
                )
            }
        };
        let address = Address::of(self.database.as_deref(), |name| std::env::var(name).ok())?;
        let shown = address.to_string();
        let deadline = self.database_timeout;
        let run = async {
            match address {
                #[cfg(feature = "postgres")]
                Address::Postgres(config) => postgres::export(config, &query).await,
                #[cfg(feature = "mysql")]
                Address::Mysql(options) => mysql::export(options, &query).await,
                Address::Sqlite(path) => sqlite::export(path, query.clone(), deadline).await,
            }
        };
        let read = timeout(deadline, run).await.map_err(|_| {
            let seconds = deadline.as_secs_f64();
            Failure::failed(format!("{shown} did not answer within {seconds} s"))
                .hint("--database-timeout allows more")
        })?;
        read.map_err(|problem| {
            let message = match problem {
                Problem::Database(message, None) => format!("{shown}: {message}"),
                Problem::Database(message, Some(place)) => {
                    let source = Source { name, text: &query };
                    let message = format!("{shown}: {message}");
                    let marked = source.mark(Rating::Error, &message, place..place + 1);
                    return Failure::rendered(Status::Failed, marked);
                }
                Problem::Rows(error) => {
                    format!("the rows of {shown} are no export; nothing was done:\n{error}")
                }
                Problem::NoText(row, column) => {
                    format!("{shown}: row {row}, column {column}: the value is no text")
                }
                Problem::NoRows => format!("{shown}: the query has no rows to give"),
                Problem::SeveralStatements => {
                    format!("{shown}: --from-sql has more than one statement")
                }
            };
            Failure::failed(message)
        })
    }
}

/// Collects rows as an export, whose lines are the numbers of the rows.
struct Rows {
    export: ExportBuilder,
    names: Vec<String>,
    count: u64,
}

impl Rows {
    fn new(names: Vec<String>) -> Result<Rows, Problem> {
        Ok(Rows {
            export: ExportBuilder::new(&names)?,
            names,
            count: 0,
        })
    }

    /// Adds a row of as many cells as there are columns; `Err` is a value that is no text.
    fn row<C: AsRef<str>>(
        &mut self,
        cells: impl IntoIterator<Item = Result<C, ()>>,
    ) -> Result<(), Problem> {
        self.count += 1;
        let mut texts = Vec::with_capacity(self.names.len());
        for (cell, name) in cells.into_iter().zip(&self.names) {
            texts.push(cell.map_err(|()| Problem::NoText(self.count, name.clone()))?);
        }
        self.export.row(self.count, texts);
        Ok(())
    }

    fn finish(self) -> Result<Export, Problem> {
        Ok(self.export.finish()?)
    }
}
