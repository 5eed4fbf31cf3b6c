//! One step: a statement, what goes over the wire, and the rows.

use std::error::Error;
use std::fmt::Display;
use std::io::Write;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use jsonsql::row::Row;
use jsonsql::{Dialect, Statement};
use jsonsql_client::{Client, Printable};
use jsonsql_examples::out::Out;

/// Performs a statement and prints its SQL, its JSONSQL and its rows.
pub(crate) async fn step<S, T: Display, const COLUMNS: usize>(
    client: &Client,
    out: &mut Out,
    title: &str,
    statement: &S,
    header: [&str; COLUMNS],
    cells: impl Fn(S::Row) -> [T; COLUMNS],
) -> Result<(), Box<dyn Error>>
where
    S: Statement + Display + Sync,
    S::Row: for<'de> Row<'de> + Send + 'static,
{
    let dialect = Dialect::default();
    let params = serde_json::to_string(&statement.params(&dialect)?)?;
    writeln!(out, "\n{title}\n")?;
    writeln!(out, "  SQL      {}", Printable(format!("{statement:#}")))?;
    writeln!(
        out,
        "  JSONSQL  {} {}\n",
        statement.method(),
        Printable(params)
    )?;

    let rows = client.fetch_all(statement).await?;
    let count = rows.len();
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    for row in rows {
        table.add_row(cells(row).map(Printable));
    }
    writeln!(out, "{table}")?;
    writeln!(out, "{count} {}", if count == 1 { "row" } else { "rows" })?;
    Ok(())
}
