//! The current contents of the tables.

use axum::extract::{Path, RawQuery, State};
use serde_json::{Map, Value, json};

use super::answer::{Answer, Refused, ok};
use super::requests::number;
use super::{Control, Shared};
use crate::engine::blocking;
use crate::schema::{Catalog, Table};

/// The number of rows that are shown, unless the request says otherwise.
const ROWS: u64 = 1000;

/// The tables of IPTVPORTAL, with how many rows each has.
pub(super) async fn list(State(control): State<Shared>) -> Answer {
    let counts = counts(&control).await?;
    let tables = counts
        .into_iter()
        .map(|(name, count)| (name, json!({"rows": count})));
    ok(&json!({"tables": tables.collect::<Map<_, _>>()}))
}

/// Counts the rows of each table.
pub(crate) async fn counts(control: &Control) -> Result<Vec<(String, Value)>, Refused> {
    let catalog = control.engine.catalog();
    let mut counts = Vec::new();
    for table in &catalog.tables {
        let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
        let rows = control.engine.query(&sql).await.map_err(Refused::bad)?;
        let count = rows.into_iter().flatten().next().unwrap_or_default();
        counts.push((table.name.to_string(), count));
    }
    Ok(counts)
}

/// The rows of one table, of all domains.
pub(super) async fn one(
    State(control): State<Shared>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let limit = number(query.as_deref(), "limit")?.unwrap_or(ROWS);
    let Listing { columns, rows } = rows(&control, &name, limit).await?;
    ok(&json!({"columns": columns, "rows": rows}))
}

/// Rows of a table.
pub(crate) struct Listing {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// Reads the first rows of a table, in the order of its key.
pub(crate) async fn rows(control: &Control, name: &str, limit: u64) -> Result<Listing, Refused> {
    let table = found(control.engine.catalog(), name)?;
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.to_string())
        .collect();
    let named: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    let order = table.key().map_or(String::new(), |key| {
        format!("ORDER BY {}", quoted(&key.name))
    });
    let sql = format!(
        "SELECT {} FROM {} {order} LIMIT {limit}",
        named.join(", "),
        quoted(name)
    );
    let mut rows = control.engine.query(&sql).await.map_err(Refused::bad)?;
    for row in &mut rows {
        for (value, column) in row.iter_mut().zip(&table.columns) {
            // SQLite stores 0 and 1.
            if let (jsonsql::ast::SqlKind::Bool, Some(number)) = (column.kind, value.as_i64()) {
                *value = Value::Bool(number != 0);
            }
        }
    }
    Ok(Listing { columns, rows })
}

/// The records of the Ministra.
pub(super) async fn ministra(State(control): State<Shared>) -> Answer {
    let ministra = control.surfaces.ministra.clone();
    ok(&blocking(move || ministra.state()).await)
}

/// The records of TVIP.
pub(super) async fn tvip(State(control): State<Shared>) -> Answer {
    let tvip = control.surfaces.tvip.clone();
    ok(&blocking(move || tvip.state()).await)
}

fn found<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Table, Refused> {
    catalog.table(name).ok_or_else(|| {
        let names: Vec<&str> = catalog.tables.iter().map(|table| &*table.name).collect();
        Refused::absent(format!("no table `{name}`; there are {}", names.join(", ")))
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
