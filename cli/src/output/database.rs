//! Rows in an SQLite file.

use std::fs::File;
use std::path::Path;

use rusqlite::types::{ToSql, ToSqlOutput, Value as Stored};
use rusqlite::{Connection, params_from_iter};
use serde_json::Value;

use super::part::Part;
use crate::exit::Result;

/// An SQLite file that appears when it is whole. Its columns have no types: a value is
/// a number, a text or NULL, and a truth value is 1 or 0.
pub(crate) struct Database {
    connection: Connection,
    file: File,
    part: Part,
}

impl Database {
    /// Begins the file, in one transaction.
    ///
    /// # Errors
    ///
    /// When it cannot be created beside the one that is wanted.
    pub(crate) fn open(path: &Path) -> Result<Database> {
        let (part, file) = Part::create(path)?;
        // Nobody else opens it, and after a crash it is begun again: no journal.
        let begin = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN";
        let opened = Connection::open(part.temporary())
            .and_then(|connection| connection.execute_batch(begin).map(|()| connection));
        let connection = opened.map_err(|error| part.unwritable(&error))?;
        Ok(Database {
            connection,
            file,
            part,
        })
    }

    /// Creates a table of these columns.
    pub(crate) fn create(&self, table: &str, columns: &[String]) -> Result<()> {
        let columns: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
        let sql = format!("CREATE TABLE \"{table}\" ({})", columns.join(", "));
        self.with(|connection| connection.execute_batch(&sql))
    }

    /// Adds a row to a table.
    pub(crate) fn row(&self, table: &str, values: &[Value]) -> Result<()> {
        let places = vec!["?"; values.len()].join(", ");
        let sql = format!("INSERT INTO \"{table}\" VALUES ({places})");
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.execute(params_from_iter(values.iter().map(Cell)))?;
            Ok(())
        })
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> Result<()> {
        self.with(|connection| connection.execute_batch("COMMIT"))?;
        let Database {
            connection,
            file,
            part,
        } = self;
        let closed = connection.close();
        closed.map_err(|(_, error)| part.unwritable(&error))?;
        let named = part.rename(&file);
        named.map_err(|error| part.unwritable(&error))
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.connection).map_err(|error| self.part.unwritable(&error))
    }
}

/// A value as SQLite stores it.
struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let stored = match self.0 {
            Value::Null => Stored::Null,
            Value::Bool(truth) => Stored::Integer((*truth).into()),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Stored::Integer(whole),
                None => Stored::Text(number.to_string()),
            },
            Value::String(text) => return text.to_sql(),
            list => Stored::Text(list.to_string()),
        };
        Ok(ToSqlOutput::Owned(stored))
    }
}
