//! The SQL that `Display` shows, run on PostgreSQL without the sandbox.

use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, SimpleQueryMessage};

/// Rows as a reader of the SQL would see them, or PostgreSQL's message.
pub(super) async fn run(client: &Client, sql: &str) -> Result<Vec<Vec<Value>>, String> {
    let told = |error: tokio_postgres::Error| match error.as_db_error() {
        Some(error) => error.message().to_owned(),
        None => panic!("{error:?}"),
    };
    let prepared = client.prepare(sql).await.map_err(told)?;
    let mut rows = Vec::new();
    for message in client.simple_query(sql).await.map_err(told)? {
        if let SimpleQueryMessage::Row(row) = message {
            let columns = prepared.columns().iter().enumerate();
            rows.push(
                columns
                    .map(|(index, column)| json(row.get(index), column.type_()))
                    .collect(),
            );
        }
    }
    Ok(rows)
}

fn json(text: Option<&str>, of: &Type) -> Value {
    match (text, of) {
        (None, _) => Value::Null,
        (Some(text), &Type::BOOL) => Value::Bool(text == "t"),
        (Some(text), &(Type::INT2 | Type::INT4 | Type::INT8)) => {
            text.parse::<i64>().unwrap().into()
        }
        (Some(text), _) => text.into(),
    }
}
