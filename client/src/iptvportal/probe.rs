//! Asking the server which columns it has.

use jsonsql::ast::{self, Expr, FromItem, Item, Projection};

use crate::Client;
use crate::error::{Error, Place, Result};

/// The number of rows to look at: in one row a text column may hold its own name.
const ROWS: u64 = 5;

impl Client {
    /// Returns those of these names that are columns of a table, in one request.
    ///
    /// A name that is no column comes back as itself, in every row: a public
    /// client's history shows it (evidence grade B). A column is taken for
    /// none if it holds its own name in each of the first five rows.
    ///
    /// # Errors
    ///
    /// [`Error::NoRow`] when the table is empty, for then nothing comes back.
    pub async fn probe<'n>(&self, table: &str, names: &[&'n str]) -> Result<Vec<&'n str>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let select = sample(table, names, ROWS);
        let rows = self.raw(&select).await?;
        if rows.is_empty() {
            return Err(Error::NoRow {
                place: Some(Place::of_operation(format!("select on `{table}`"))),
            });
        }
        let is_column = |index: usize, name: &str| {
            rows.iter()
                .any(|row| row.get(index).is_some_and(|value| value != name))
        };
        let columns = names
            .iter()
            .enumerate()
            .filter(|(index, name)| is_column(*index, name));
        Ok(columns.map(|(_, name)| *name).collect())
    }
}

/// Rows of these names, each a column or a text: which of them is the question
/// itself.
pub(super) fn sample(table: &str, names: &[&str], rows: u64) -> ast::Statement {
    let items = names
        .iter()
        .map(|name| Item::from(Expr::Bare((*name).to_owned().into())));
    let mut select = ast::Select::new(Projection::List(items.collect()));
    select.from.push(FromItem {
        source: ast::Source::Table(table.to_owned().into()),
        alias: None,
        join: None,
    });
    select.limit = Some(rows);
    ast::Statement::Select(select)
}
