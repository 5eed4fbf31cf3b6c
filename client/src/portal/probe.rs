//! Asking the server which columns it has.

use jsonsql::Table;
use jsonsql::ast::{self, Expr, FromItem, Item, Projection};

use crate::Client;
use crate::error::{Error, Place, Result};

/// How many rows to look at: in one row a text column may hold its own name.
const ROWS: u64 = 5;

impl Client {
    /// Which of these names are columns of a table, in one request.
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
        let items = names
            .iter()
            .map(|name| Item::from(Expr::Bare((*name).to_owned().into())));
        let mut select = ast::Select::of(Projection::List(items.collect()));
        select.from.push(FromItem {
            source: ast::Source::Table(table.to_owned().into()),
            alias: None,
            join: None,
        });
        select.limit = Some(ROWS);
        // Strings that may be columns or texts are the question itself.
        let rows = self.raw(&ast::Statement::Select(select)).await?;
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

    /// The columns of a mapping that the server's table does not have.
    ///
    /// A mapping with a wrong name is no error to the server where a column
    /// stands without an alias: it takes the name for a text. Call this once
    /// when a program starts.
    ///
    /// # Errors
    ///
    /// As [`probe`](Self::probe).
    pub async fn check<T: Table>(&self) -> Result<Vec<&'static str>> {
        let names: Vec<_> = T::INFO.columns.iter().map(|column| column.name).collect();
        let known = self.probe(T::INFO.name, &names).await?;
        Ok(names
            .into_iter()
            .filter(|name| !known.contains(name))
            .collect())
    }
}
