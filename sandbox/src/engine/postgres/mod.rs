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

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use futures_core::Stream as _;
use jsonsql::ast::Statement;
use jsonsql::sql::{self, Flavor, Quoted};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{Allowance, Fault, Rows, Rules};
use crate::caller::Caller;
use crate::limits::{self, Limits};
use crate::schema::Catalog;
use crate::seed::Seed;

mod answer;
mod ddl;
mod functions;
mod migrate;
mod pool;
mod records;
mod socket;
mod whole;

use functions::Functions;
use pool::{Lent, Pool};
pub(crate) use records::Writer;
pub(crate) use whole::Copy;

/// A database, and what is in it.
pub(crate) struct Storage {
    pool: Pool,
    functions: Functions,
    catalog: Catalog,
    /// The time limit of a statement, the wait for a connection included.
    limit: Duration,
}

/// The time within which PostgreSQL has to end a statement that is canceled.
const CANCELING: Duration = Duration::from_secs(5);

impl Storage {
    /// Connects, brings the schema up to date, and gives a new database its seed.
    pub(crate) async fn open(
        url: &str,
        catalog: Catalog,
        seed: &Seed,
        domains: &[i64],
        limits: &Limits,
    ) -> Result<Storage, String> {
        let limit = limits.statement_time;
        let pool = Pool::new(url, limit)?;
        let mut owner = pool.owner().await.map_err(|error| describe(&error))?;
        migrate::run(&mut owner, &catalog, seed, domains).await?;
        let functions = Functions::read(&owner)
            .await
            .map_err(|error| describe(&error))?;
        Ok(Storage {
            pool,
            functions,
            catalog,
            limit,
        })
    }

    /// Keeps these rules from now on.
    pub(crate) async fn keep(&self, rules: Rules) -> Result<(), String> {
        let owner = self.pool.owner().await.map_err(|error| describe(&error))?;
        let sql = rules.for_postgres(&self.catalog);
        owner
            .batch_execute(&sql)
            .await
            .map_err(|error| describe(&error))
    }

    /// Starts the writer of the records of the REST surfaces.
    pub(crate) fn records(&self) -> Result<Writer, String> {
        Writer::start(self.pool.config().clone())
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Runs a resolved statement in a transaction of its own, while its caller
    /// is there.
    pub(crate) async fn execute(
        &self,
        statement: &Statement,
        domain: i64,
        caller: &Caller,
        allowance: Allowance,
    ) -> Result<Rows, Fault> {
        self.functions.check(statement)?;
        let sql = written(statement)?;
        let left = || Fault::Statement(caller.message());
        let client = tokio::select! {
            client = tokio::time::timeout(self.limit, self.pool.client()) => {
                client.map_err(|_| self.over())??
            }
            () = caller.gone() => return Err(left()),
        };
        let token = client.cancel_token();
        let ran = {
            let mut running = pin!(in_domain(&client, &sql, domain, allowance));
            tokio::select! {
                biased;
                ran = &mut running => ran,
                () = caller.gone() => {
                    self.pool.cancel(&token).await;
                    let ended = tokio::time::timeout(CANCELING, running).await;
                    match ended {
                        // One that was quicker is done, and the journal says so.
                        Ok(Ok(ran)) => Ok(ran),
                        // Closed, whatever goes on there.
                        Ok(Err(_)) | Err(_) => return Err(left()),
                    }
                }
            }
        };
        match ran {
            Ok((mut rows, changed)) => {
                self.pool.back(client);
                rows.changed = match statement {
                    Statement::Select(_) => 0,
                    _ => changed,
                };
                Ok(rows)
            }
            Err(Stopped::Postgres(_)) if client.quota.is_used_up() => {
                Err(allowance.too_many_bytes())
            }
            Err(Stopped::Postgres(error)) => {
                // One that failed otherwise may be in the middle of anything.
                if error.as_db_error().is_some() {
                    self.pool.back(client);
                }
                Err(match error.code() {
                    Some(code) if *code == SqlState::QUERY_CANCELED => self.over(),
                    _ => fault(&error),
                })
            }
            // The rest of the rows is not waited for.
            Err(Stopped::Beyond(fault)) => {
                self.pool.cancel(&token).await;
                Err(fault)
            }
        }
    }

    fn over(&self) -> Fault {
        let limit = limits::spelled(self.limit);
        Fault::Statement(format!(
            "canceling statement due to statement timeout ({limit}, --statement-timeout)"
        ))
    }

    /// Runs SQL of the embedder's own, as the owner of the tables.
    pub(crate) async fn query(&self, sql: &str) -> Result<Vec<Vec<serde_json::Value>>, String> {
        let owner = self.pool.owner().await.map_err(|error| describe(&error))?;
        let unlimited = Allowance::unlimited();
        let prepared = owner.prepare(sql).await.map_err(|error| describe(&error))?;
        match run(&owner, sql, &prepared, unlimited).await {
            Ok((rows, _)) => Ok(rows.rows),
            Err(Stopped::Postgres(error)) => Err(describe(&error)),
            Err(Stopped::Beyond(fault)) => Err(fault.to_string()),
        }
    }
}

/// The statement as PostgreSQL gets it.
fn written(statement: &Statement) -> Result<String, Fault> {
    sql::write(statement, Flavor::Postgres, &mut Quoted)
        .map_err(|error| Fault::Statement(error.to_string()))
}

/// The reason why a statement has no rows.
enum Stopped {
    Postgres(tokio_postgres::Error),
    /// There are more than may be.
    Beyond(Fault),
}

impl From<tokio_postgres::Error> for Stopped {
    fn from(error: tokio_postgres::Error) -> Stopped {
        Stopped::Postgres(error)
    }
}

async fn in_domain(
    client: &Lent<'_>,
    sql: &str,
    domain: i64,
    allowance: Allowance,
) -> Result<(Rows, usize), Stopped> {
    client.quota.allow(allowance.left());
    let begin = format!("BEGIN; SET LOCAL {} = {domain}", ddl::DOMAIN_SETTING);
    // In this order, and both on their way before the first is answered.
    let (begun, prepared) = tokio::join!(client.batch_execute(&begin), client.prepare(sql));
    begun?;
    let ran = match prepared {
        Ok(prepared) => run(client, sql, &prepared, allowance).await,
        Err(error) => Err(Stopped::Postgres(error)),
    };
    // A refused statement is rolled back now, not when the next one begins.
    let end = match ran {
        Ok(_) => "COMMIT",
        Err(Stopped::Postgres(_)) => "ROLLBACK",
        // It still runs; its connection is closed.
        Err(Stopped::Beyond(_)) => return ran,
    };
    client.batch_execute(end).await?;
    ran
}

/// The rows as text, since that is what PostgreSQL prints, and the types from
/// preparing, since texts do not tell them.
async fn run(
    client: &Client,
    sql: &str,
    prepared: &tokio_postgres::Statement,
    allowance: Allowance,
) -> Result<(Rows, usize), Stopped> {
    let types: Vec<_> = prepared
        .columns()
        .iter()
        .map(|column| column.type_().clone())
        .collect();
    let mut rows = Vec::new();
    let mut changed = 0;
    let mut meter = allowance.meter();
    let mut messages = pin!(client.simple_query_raw(sql).await?);
    while let Some(message) = poll_fn(|cx| messages.as_mut().poll_next(cx)).await {
        match message? {
            SimpleQueryMessage::Row(row) => {
                let values = types.iter().enumerate();
                let values: Vec<_> = values
                    .map(|(index, of)| answer::json(row.get(index), of))
                    .collect();
                meter.row(&values).map_err(Stopped::Beyond)?;
                rows.push(values);
            }
            SimpleQueryMessage::CommandComplete(count) => changed = count,
            _ => {}
        }
    }
    let rows = Rows {
        rows,
        kinds: types.iter().map(answer::kind).collect(),
        changed: 0,
        bytes: meter.bytes,
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
        None => Fault::Storage(describe(error)),
    }
}

fn is_about_the_server(code: &SqlState) -> bool {
    // Shutdown, connections, system errors; cancelling is the time limit.
    let class = code.code().get(..2).unwrap_or_default();
    (class == "57" && *code != SqlState::QUERY_CANCELED) || matches!(class, "08" | "53" | "58")
}

/// An error with its cause, which tokio-postgres does not print.
fn describe(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(error), _) => error.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
