//! A query of MySQL or MariaDB, in its text protocol: every value is text.

use jsonsql_client::provisioning::sync::export::Export;
use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable;
use mysql_async::{Column, Conn, Error, Opts, Row, Value};

use super::{Problem, Rows};

/// Reads the address, of any scheme.
///
/// # Errors
///
/// When it is none; the text does not repeat it.
pub(super) fn options(address: &str) -> Result<Opts, String> {
    let (_, rest) = address.split_once(':').unwrap_or_default();
    Opts::from_url(&format!("mysql:{rest}"))
        .map_err(|_| "no address of MySQL: mysql://USER@HOST/NAME".to_owned())
}

/// The host and the name.
pub(super) fn shown(options: &Opts) -> String {
    let (host, name) = (options.ip_or_hostname(), options.db_name());
    format!("MySQL {host}/{}", name.unwrap_or_default())
}

pub(super) async fn export(options: Opts, query: &str) -> Result<Export, Problem> {
    let mut connection = Conn::new(options).await.map_err(|error| problem(&error))?;
    let begun = connection.query_drop("start transaction read only").await;
    begun.map_err(|error| problem(&error))?;
    let rows = read(&mut connection, query).await?;
    connection
        .disconnect()
        .await
        .map_err(|error| problem(&error))?;
    rows.finish()
}

async fn read(connection: &mut Conn, query: &str) -> Result<Rows, Problem> {
    // A prepared statement is a single one, and one without columns is not executed: a
    // `drop table` would end the transaction first.
    let prepared = connection.prep(query).await;
    if prepared
        .map_err(|error| problem(&error))?
        .columns()
        .is_empty()
    {
        return Err(Problem::NoRows);
    }
    let asked = connection.query_iter(query).await;
    let mut result = asked.map_err(|error| problem(&error))?;
    let Some(columns) = result.columns() else {
        return Err(Problem::NoRows);
    };
    let names = columns.iter().map(|column| column.name_str().into_owned());
    let mut rows = Rows::new(names.collect())?;
    while let Some(row) = result.next().await.map_err(|error| problem(&error))? {
        rows.row(cells(row, &columns))?;
    }
    Ok(rows)
}

fn cells(row: Row, columns: &[Column]) -> Vec<Result<String, ()>> {
    let cell = |(value, column): (Value, &Column)| match value {
        Value::NULL => Ok(String::new()),
        // A `bit(1)` is how some billings keep a flag.
        Value::Bytes(bytes) if column.column_type() == ColumnType::MYSQL_TYPE_BIT => {
            match bytes.len() {
                0..=8 => Ok(bytes
                    .iter()
                    .fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
                    .to_string()),
                _ => Err(()),
            }
        }
        Value::Bytes(bytes) => String::from_utf8(bytes).map_err(|_| ()),
        // The text protocol has no other values.
        _ => Err(()),
    };
    row.unwrap().into_iter().zip(columns).map(cell).collect()
}

fn problem(error: &Error) -> Problem {
    let message = match error {
        Error::Server(error) => error.message.clone(),
        error => error.to_string(),
    };
    Problem::Database(message, None)
}
