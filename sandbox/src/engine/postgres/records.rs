//! The records of the REST surfaces, written by a thread of their own.
//!
//! The surfaces are called from inside and outside of asynchronous code and
//! wait in either; so the connection has its own runtime, on its own thread.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Config, Error, Statement};

use super::{describe, pool};
use crate::records::{Others, Owned, Row, StateStore, TAKEN_OVER};

/// The time limit of a write, including the connection that it may need.
const LONGEST: Duration = Duration::from_secs(30);

/// The step from version 1: the tables of the records.
pub(super) fn step() -> String {
    "CREATE TABLE sandbox_surface (surface text PRIMARY KEY, owner text NOT NULL);
     CREATE TABLE sandbox_record (
        surface text NOT NULL, kind text NOT NULL, key bigint NOT NULL, document text NOT NULL,
        PRIMARY KEY (surface, kind, key))"
        .to_owned()
}

/// The step from version 2: events belong to rows of accounts, and those stored
/// say only which MAC address they were for. They would have waited for days.
pub(super) fn events_by_row() -> String {
    "DELETE FROM sandbox_record WHERE surface = 'ministra' AND kind = 'events'".to_owned()
}

/// A job that a call gives to the thread.
struct Job {
    surface: String,
    owner: String,
    what: What,
    done: mpsc::Sender<Result<Vec<Row>, String>>,
}

enum What {
    TakeOver,
    Write(Vec<Row>, Others),
}

/// Writes records. Its thread ends when it is dropped.
pub(crate) struct Writer(mpsc::Sender<Job>);

impl Writer {
    pub(super) fn start(config: Config) -> Result<Writer, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let (jobs, asked) = mpsc::channel::<Job>();
        let thread = thread::Builder::new().name("records".to_owned());
        thread
            .spawn(move || {
                let mut connection = Connection {
                    runtime,
                    config,
                    ready: None,
                };
                for job in asked {
                    let done = connection.run(&job);
                    // Whoever asked may have given up.
                    let _ = job.done.send(done);
                }
            })
            .map_err(|error| error.to_string())?;
        Ok(Writer(jobs))
    }

    fn ask(&self, of: Owned<'_>, what: What) -> Result<Vec<Row>, String> {
        let (done, answer) = mpsc::channel();
        let gone = || "the thread that writes records has ended".to_owned();
        let job = Job {
            surface: of.surface.to_owned(),
            owner: of.owner.to_owned(),
            what,
            done,
        };
        self.0.send(job).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

struct Connection {
    runtime: Runtime,
    config: Config,
    ready: Option<Ready>,
}

/// A connection and the statement it has prepared.
struct Ready {
    client: Client,
    write: Statement,
}

impl StateStore for Writer {
    fn take_over(&self, of: Owned<'_>) -> Result<Vec<Row>, String> {
        self.ask(of, What::TakeOver)
    }

    /// After an error that is not PostgreSQL's own, whether the rows are written is
    /// not known.
    fn write(&self, of: Owned<'_>, rows: Vec<Row>, others: Others) -> Result<(), String> {
        self.ask(of, What::Write(rows, others)).map(drop)
    }
}

impl Connection {
    fn run(&mut self, job: &Job) -> Result<Vec<Row>, String> {
        let Connection {
            runtime,
            config,
            ready,
        } = self;
        runtime.block_on(async {
            match tokio::time::timeout(LONGEST, repeated(config, ready, job)).await {
                Ok(done) => done,
                Err(_) => {
                    *ready = None;
                    Err(format!(
                        "PostgreSQL did not answer in {} seconds",
                        LONGEST.as_secs()
                    ))
                }
            }
        })
    }
}

/// A connection that ended is made again and the job done again, once: that
/// writes the same rows.
async fn repeated(
    config: &Config,
    kept: &mut Option<Ready>,
    job: &Job,
) -> Result<Vec<Row>, String> {
    let mut first = kept.is_some();
    loop {
        let ready = match kept.take() {
            Some(ready) if !ready.client.is_closed() => ready,
            _ => connected(config).await.map_err(|error| describe(&error))?,
        };
        match done(&ready, job).await {
            Ok(rows) => {
                *kept = Some(ready);
                return rows.ok_or_else(|| TAKEN_OVER.to_owned());
            }
            Err(error) if error.as_db_error().is_none() && first => first = false,
            Err(error) => return Err(describe(&error)),
        }
    }
}

async fn connected(config: &Config) -> Result<Ready, Error> {
    let client = pool::connect(config).await?;
    let write = client.prepare(WRITE).await?;
    Ok(Ready { client, write })
}

/// None if another sandbox is the owner.
async fn done(ready: &Ready, job: &Job) -> Result<Option<Vec<Row>>, Error> {
    match &job.what {
        What::TakeOver => take_over(&ready.client, job).await.map(Some),
        What::Write(rows, others) => {
            let written = write(ready, job, rows, *others).await?;
            Ok(written.then(Vec::new))
        }
    }
}

/// The owner first: that waits for what the one before is writing.
async fn take_over(client: &Client, job: &Job) -> Result<Vec<Row>, Error> {
    client
        .execute(
            "INSERT INTO sandbox_surface (surface, owner) VALUES ($1, $2) \
             ON CONFLICT (surface) DO UPDATE SET owner = excluded.owner",
            &[&job.surface, &job.owner],
        )
        .await?;
    let rows = client
        .query(
            "SELECT kind, key, document FROM sandbox_record WHERE surface = $1 ORDER BY kind, key",
            &[&job.surface],
        )
        .await?;
    let row = |row: tokio_postgres::Row| Row {
        kind: row.get(0),
        key: row.get(1),
        document: row.get(2),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// One statement, so one way to the server and back, and all or nothing.
const WRITE: &str = "WITH mine AS (
       SELECT FROM sandbox_surface WHERE surface = $1 AND owner = $2 FOR SHARE),
     gone AS (
       DELETE FROM sandbox_record AS r WHERE r.surface = $1 AND EXISTS (SELECT FROM mine)
         AND (r.kind, r.key) IN (SELECT * FROM unnest($3::text[], $4::bigint[]))),
     kept AS (
       INSERT INTO sandbox_record (surface, kind, key, document)
       SELECT $1, k.* FROM unnest($5::text[], $6::bigint[], $7::text[]) AS k
       WHERE EXISTS (SELECT FROM mine)
       ON CONFLICT (surface, kind, key) DO UPDATE SET document = excluded.document)
     SELECT count(*) FROM mine";

/// Writes the rows and returns `true` if the owner is still the current one;
/// writes nothing and returns `false` otherwise.
async fn write(ready: &Ready, job: &Job, rows: &[Row], others: Others) -> Result<bool, Error> {
    let client = &ready.client;
    if others == Others::Go {
        // The first write of an owner, or an embedder's: rare, so two steps
        // under the lock of the owner's row.
        client.batch_execute("BEGIN").await?;
        client
            .execute(
                "DELETE FROM sandbox_record WHERE surface = $1 AND EXISTS (SELECT FROM \
                 sandbox_surface WHERE surface = $1 AND owner = $2 FOR SHARE)",
                &[&job.surface, &job.owner],
            )
            .await?;
        let written = put(ready, job, rows).await?;
        client.batch_execute("COMMIT").await?;
        return Ok(written);
    }
    put(ready, job, rows).await
}

async fn put(ready: &Ready, job: &Job, rows: &[Row]) -> Result<bool, Error> {
    let (mut kept, mut gone) = (
        (Vec::new(), Vec::new(), Vec::new()),
        (Vec::new(), Vec::new()),
    );
    for row in rows {
        match &row.document {
            Some(document) => {
                kept.0.push(row.kind.as_str());
                kept.1.push(row.key);
                kept.2.push(document.as_str());
            }
            None => {
                gone.0.push(row.kind.as_str());
                gone.1.push(row.key);
            }
        }
    }
    let found = ready
        .client
        .query_one(
            &ready.write,
            &[
                &job.surface,
                &job.owner,
                &gone.0,
                &gone.1,
                &kept.0,
                &kept.1,
                &kept.2,
            ],
        )
        .await?;
    let owners: i64 = found.get(0);
    Ok(owners > 0)
}
