//! Finding out what a table looks like: nobody outside can ask its schema.

mod column;
mod print;
mod words;

use jsonsql::ast::{self, Expr, FromItem, Item, Order, Projection};
use serde_json::Value;

pub use column::{Discovered, DiscoveredColumn, JsonKind};

use self::column::{kinds, places};
use self::words::WORDS;
use crate::Client;
use crate::error::Result;

/// The number of rows to look at.
const SAMPLE: u64 = 200;

impl Client {
    /// Returns what can be known of a table: which names from a list of common ones
    /// and from `candidates` are its columns, the kinds of their values and
    /// whether NULL was among them, and where they stand in `SELECT *`.
    ///
    /// Three requests, of at most 200 rows. Columns with other names show as
    /// places that have none. Printing the answer gives a struct to start with:
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// let media = client.discover("media", &["epg_shift"]).await?;
    /// println!("{media}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoRow`](crate::Error::NoRow) when the table is empty, for then
    /// nothing can be known.
    pub async fn discover(&self, table: &str, candidates: &[&str]) -> Result<Discovered> {
        let mut names = WORDS.to_vec();
        for name in candidates {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let names = self.probe(table, &names).await?;
        let items = names.iter().map(|name| bare(name).into()).collect();
        // The same rows both times, as far as an order can see to it.
        let order = match names.contains(&"id") {
            true => Some("id"),
            false => names.first().copied(),
        };
        let rows = self.sample(table, items, order).await?;
        let star = self.sample(table, vec![Expr::Star.into()], order).await?;
        let mut places = places(names.len(), &rows, &star);
        let columns = names.iter().enumerate().map(|(index, name)| {
            let (kinds, nulls) = kinds(&rows, index);
            DiscoveredColumn {
                name: (*name).to_owned(),
                kinds,
                nulls,
                places: std::mem::take(&mut places[index]),
                distinct: column::distinct(&rows, &[index]),
            }
        });
        let mut columns: Vec<_> = columns.collect();
        let key = column::key(&columns, &rows);
        columns.sort_by_key(|column| column.places.first().copied().unwrap_or(usize::MAX));
        Ok(Discovered {
            table: table.to_owned(),
            sample: rows.len(),
            star: (0..star.first().map_or(0, Vec::len))
                .map(|place| kinds(&star, place).0)
                .collect(),
            columns,
            key,
        })
    }

    async fn sample(
        &self,
        table: &str,
        items: Vec<Item>,
        order: Option<&str>,
    ) -> Result<Vec<Vec<Value>>> {
        let mut select = ast::Select::new(Projection::List(items));
        select.from.push(FromItem {
            source: ast::Source::Table(table.to_owned().into()),
            alias: None,
            join: None,
        });
        select.order_by.extend(order.map(|name| Order {
            expr: bare(name),
            direction: ast::Direction::Ascending,
        }));
        select.limit = Some(SAMPLE);
        self.raw(&ast::Statement::Select(select)).await
    }
}

/// A name as the vendor writes one, without a table.
fn bare(name: &str) -> Expr {
    Expr::Bare(name.to_owned().into())
}
