//! A query of an SQLite file, opened for reading.

use std::path::PathBuf;
use std::time::Duration;

use jsonsql_client::provisioning::sync::export::Export;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, OpenFlags};

use super::{Problem, Rows};

pub(super) async fn export(
    path: PathBuf,
    query: String,
    deadline: Duration,
) -> Result<Export, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(problem)?;
    connection.busy_timeout(deadline).map_err(problem)?;
    // The thread goes on when nobody waits for it any longer: this ends its query.
    let _interrupt = Interrupt(connection.get_interrupt_handle());
    let run = tokio::task::spawn_blocking(move || read(&connection, &query));
    run.await
        .unwrap_or_else(|error| Err(Problem::Database(error.to_string(), None)))
}

struct Interrupt(rusqlite::InterruptHandle);

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

fn read(connection: &Connection, query: &str) -> Result<Export, Problem> {
    let mut statement = connection.prepare(query).map_err(problem)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    if names.is_empty() {
        return Err(Problem::NoRows);
    }
    let columns = names.len();
    let mut export = Rows::new(names)?;
    let mut rows = statement.query(()).map_err(problem)?;
    while let Some(row) = rows.next().map_err(problem)? {
        let cell = |place| match row.get_ref(place) {
            Ok(ValueRef::Null) => Ok(String::new()),
            Ok(ValueRef::Integer(number)) => Ok(number.to_string()),
            Ok(ValueRef::Real(number)) => Ok(number.to_string()),
            Ok(ValueRef::Text(text)) => String::from_utf8(text.to_owned()).map_err(|_| ()),
            Ok(ValueRef::Blob(_)) | Err(_) => Err(()),
        };
        export.row((0..columns).map(cell))?;
    }
    export.finish()
}

fn problem(error: Error) -> Problem {
    match error {
        Error::MultipleStatement => Problem::SeveralStatements,
        Error::SqlInputError { msg, offset, .. } => {
            Problem::Database(msg, usize::try_from(offset).ok())
        }
        error => Problem::Database(error.to_string(), None),
    }
}
