//! PostgreSQL: statements run natively, as they were sent.
//!
//! Nothing is rewritten. A session's domain is a setting of the transaction:
//! `domain_id` is filled by the column's default, and row-level security hides
//! everybody else's rows. For that to hold, statements run as a role that owns
//! nothing, which also keeps clients away from the server's files and settings.
//!
//! Texts are quoted literals and not parameters; [`Quoted`] says why. A
//! statement is prepared before it runs: that tells the types of its columns,
//! and proves that it is one statement.

use std::time::Duration;

use jsonsql::ast::Statement;
use jsonsql::sql::{self, Flavor, Quoted};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{Fault, Rows, Rules};
use crate::schema::Catalog;
use crate::seed::Seed;

mod answer;
mod ddl;
mod functions;
mod migrate;
mod pool;
mod records;

use functions::Functions;
use pool::Pool;
pub(crate) use records::Writer;

/// A database, and what is in it.
pub(crate) struct Storage {
    pool: Pool,
    functions: Functions,
    catalog: Catalog,
}

impl Storage {
    /// Connects, brings the schema up to date, and gives a new database its seed.
    pub(crate) async fn open(
        url: &str,
        catalog: Catalog,
        seed: &Seed,
        domains: &[i64],
        limit: Duration,
    ) -> Result<Storage, String> {
        let pool = Pool::new(url, limit)?;
        let mut owner = pool.owner().await.map_err(|error| told(&error))?;
        migrate::run(&mut owner, &catalog, seed, domains).await?;
        let functions = Functions::read(&owner)
            .await
            .map_err(|error| told(&error))?;
        Ok(Storage {
            pool,
            functions,
            catalog,
        })
    }

    /// Keeps these rules from now on.
    pub(crate) async fn keep(&self, rules: Rules) -> Result<(), String> {
        let owner = self.pool.owner().await.map_err(|error| told(&error))?;
        let sql = rules.for_postgres(&self.catalog);
        owner
            .batch_execute(&sql)
            .await
            .map_err(|error| told(&error))
    }

    /// What writes the records of the REST surfaces.
    pub(crate) fn records(&self) -> Result<Writer, String> {
        Writer::start(self.pool.config().clone())
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Runs a resolved statement in a transaction of its own.
    pub(crate) async fn execute(&self, statement: &Statement, domain: i64) -> Result<Rows, Fault> {
        self.functions.check(statement)?;
        let sql = written(statement)?;
        let client = self.pool.client().await.map_err(|error| fault(&error))?;
        let ran = in_domain(&client, &sql, domain).await;
        // One that failed otherwise may be in the middle of anything.
        if ran
            .as_ref()
            .err()
            .is_none_or(|error| error.as_db_error().is_some())
        {
            self.pool.back(client);
        }
        let (mut rows, changed) = ran.map_err(|error| fault(&error))?;
        rows.changed = match statement {
            Statement::Select(_) => 0,
            _ => changed,
        };
        Ok(rows)
    }

    /// Runs SQL of the embedder's own, as the owner of the tables.
    pub(crate) async fn query(&self, sql: &str) -> Result<Vec<Vec<serde_json::Value>>, String> {
        let owner = self.pool.owner().await.map_err(|error| told(&error))?;
        let (rows, _) = run(&owner, sql).await.map_err(|error| told(&error))?;
        Ok(rows.rows)
    }
}

/// The statement as PostgreSQL gets it.
fn written(statement: &Statement) -> Result<String, Fault> {
    sql::write(statement, Flavor::Postgres, &mut Quoted)
        .map_err(|error| Fault::Statement(error.to_string()))
}

async fn in_domain(
    client: &Client,
    sql: &str,
    domain: i64,
) -> Result<(Rows, usize), tokio_postgres::Error> {
    let begin = format!("BEGIN; SET LOCAL {} = {domain}", ddl::DOMAIN_SETTING);
    client.batch_execute(&begin).await?;
    let ran = run(client, sql).await;
    // A refused statement is rolled back now, not when the next one begins.
    let end = if ran.is_ok() { "COMMIT" } else { "ROLLBACK" };
    client.batch_execute(end).await?;
    ran
}

/// The rows as text, since that is what PostgreSQL prints, and the types from
/// preparing, since texts do not tell them.
async fn run(client: &Client, sql: &str) -> Result<(Rows, usize), tokio_postgres::Error> {
    let prepared = client.prepare(sql).await?;
    let types: Vec<_> = prepared
        .columns()
        .iter()
        .map(|column| column.type_().clone())
        .collect();
    let mut rows = Vec::new();
    let mut changed = 0;
    for message in client.simple_query(sql).await? {
        match message {
            SimpleQueryMessage::Row(row) => rows.push(
                types
                    .iter()
                    .enumerate()
                    .map(|(index, of)| answer::json(row.get(index), of))
                    .collect(),
            ),
            SimpleQueryMessage::CommandComplete(count) => changed = count,
            _ => {}
        }
    }
    let rows = Rows {
        rows,
        kinds: types.iter().map(answer::kind).collect(),
        changed: 0,
    };
    Ok((rows, usize::try_from(changed).unwrap_or(usize::MAX)))
}

/// PostgreSQL's message, unchanged.
fn fault(error: &tokio_postgres::Error) -> Fault {
    match error.as_db_error() {
        Some(error) if is_about_the_server(error.code()) => {
            Fault::Storage(error.message().to_owned())
        }
        Some(error) => Fault::statement(error.message()),
        None => Fault::Storage(told(error)),
    }
}

fn is_about_the_server(code: &SqlState) -> bool {
    // Shutdown, connections, system errors; cancelling is the time limit.
    let class = code.code().get(..2).unwrap_or_default();
    (class == "57" && *code != SqlState::QUERY_CANCELED) || matches!(class, "08" | "53" | "58")
}

/// An error with its cause, which tokio-postgres does not print.
fn told(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(error), _) => error.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
