//! Many rows to insert.

use std::marker::PhantomData;
use std::ops::Range;

use jsonsql::ast::{self, InsertSource, StatementRef};
use jsonsql::row::Row;
use jsonsql::{Insert, Statement};

use crate::Client;
use crate::error::{Error, Result};

/// The outcome of the rows of an [`insert_many`](Client::insert_many), by
/// their places in it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Inserted<R> {
    /// Runs of rows that were sent together, in order, with what `returning`
    /// answered. A run whose error
    /// [is indeterminate](Error::is_indeterminate) may have been written; one
    /// with another error was not.
    pub runs: Vec<(Range<usize>, Result<Vec<R>>)>,
    /// The rows that were not sent, because of the last run's error.
    pub not_sent: Range<usize>,
}

impl<R> Inserted<R> {
    /// Returns the answers of `returning` for every row, if all were written.
    ///
    /// # Errors
    ///
    /// The first error. Rows may have been written nevertheless:
    /// [`runs`](Self::runs) says which.
    pub fn all(self) -> Result<Vec<R>> {
        let mut rows = Vec::new();
        for (_, run) in self.runs {
            rows.extend(run?);
        }
        Ok(rows)
    }
}

/// Some rows of an insert.
struct Run<R> {
    insert: ast::Insert,
    row: PhantomData<fn() -> R>,
}

impl<R> Statement for Run<R> {
    type Row = R;

    fn ast(&self) -> StatementRef<'_> {
        StatementRef::Insert(&self.insert)
    }
}

impl Client {
    /// Inserts many rows, as many at once as fit into
    /// [`max_request_bytes`](crate::ClientBuilder::max_request_bytes) and
    /// [`max_insert_values`](crate::ClientBuilder::max_insert_values).
    ///
    /// The server writes each request's rows or none of them, as SQL does. A
    /// run that it refuses does not stop the others; one without an answer
    /// does, for the next would have none either.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Package;
    ///
    /// #[derive(Insertable)]
    /// #[insertable(table = Package)]
    /// struct NewPackage {
    ///     name: String,
    ///     paid: bool,
    /// }
    ///
    /// let packages: Vec<NewPackage> = (0..10_000)
    ///     .map(|n| NewPackage { name: format!("package {n}"), paid: true })
    ///     .collect();
    /// let inserted = client.insert_many(&insert_many(&packages)).await?;
    /// for (rows, answer) in &inserted.runs {
    ///     if let Err(error) = answer {
    ///         println!("rows {rows:?}: {error}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Only if nothing was sent, because the statement may not be:
    /// [`Error::Statement`].
    pub async fn insert_many<T, R>(&self, insert: &Insert<T, R>) -> Result<Inserted<R>>
    where
        R: for<'de> Row<'de> + Send + 'static,
    {
        insert.params(self.dialect())?;
        let whole = insert.node();
        let InsertSource::Values(rows) = &whole.source else {
            // The server makes these rows: there is nothing to divide.
            let run = self.execute(insert).await;
            return Ok(Inserted {
                runs: vec![(0..1, run)],
                not_sent: 1..1,
            });
        };
        let mut inserted = Inserted {
            runs: Vec::new(),
            not_sent: 0..rows.len(),
        };
        while let Some(end) = self.run_end(whole, rows, inserted.not_sent.start) {
            let range = inserted.not_sent.start..end;
            let run = Run::<R> {
                insert: ast::Insert {
                    into: whole.into.clone(),
                    columns: whole.columns.clone(),
                    source: InsertSource::Values(rows[range.clone()].to_vec()),
                    returning: whole.returning.clone(),
                },
                row: PhantomData,
            };
            let result = self.execute(&run).await;
            let goes_on = matches!(result, Ok(_) | Err(Error::Server(_) | Error::Decode(_)));
            inserted.runs.push((range, result));
            inserted.not_sent.start = end;
            if !goes_on {
                break;
            }
        }
        Ok(inserted)
    }

    /// Returns the end of the run of rows that begins here; it has one row at least.
    fn run_end(&self, whole: &ast::Insert, rows: &[Vec<ast::Expr>], start: usize) -> Option<usize> {
        if start >= rows.len() {
            return None;
        }
        let names: usize = whole.columns.iter().map(|name| name.len() + 3).sum();
        // The envelope, the table and what is returned, generously.
        let mut bytes = 512 + names;
        let mut values = 0_usize;
        let mut end = start;
        while end < rows.len() {
            bytes += encoded_len(&rows[end]);
            values = values.saturating_add(rows[end].len());
            let limits = self.request_limits();
            if end > start && (bytes > limits.bytes || values > limits.values) {
                break;
            }
            end += 1;
        }
        Some(end)
    }
}

/// Returns the length of a row as JSON, with its comma.
fn encoded_len(row: &[ast::Expr]) -> usize {
    let mut counted = Counted(1);
    // A counter takes everything, and literals can always be written.
    let _ = serde_json::to_writer(&mut counted, row);
    counted.0
}

struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
