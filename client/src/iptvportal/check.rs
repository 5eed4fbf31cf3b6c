//! Comparing a mapping with what a server answers.

use std::fmt;
use std::marker::PhantomData;

use jsonsql::Table;
use jsonsql::ast::ColumnInfo;
use jsonsql::ast::SqlKind;
use jsonsql::row::{Cells, Decode, Mismatch, Row, RowError, Scalar};

use crate::Client;
use crate::error::{Error, Place, Result};
use crate::iptvportal::rpc;

/// The number of rows to look at.
const ROWS: u64 = 100;

/// One way in which a mapping does not fit the server's table.
///
/// It names the column and kinds of values, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaMismatch {
    /// The server's table has no such column.
    Unknown {
        /// Its name in the mapping.
        column: &'static str,
    },
    /// A value in the sample cannot be read as the field's type.
    Type {
        /// The column.
        column: &'static str,
        /// The kind it is mapped as.
        kind: SqlKind,
        /// The field's type, in words: "a 32-bit integer".
        expected: &'static str,
        /// The kind of the first value that does not fit: "a text".
        found: &'static str,
    },
    /// A value in the sample is NULL, and the field is no `Option`.
    Null {
        /// The column.
        column: &'static str,
    },
}

impl SchemaMismatch {
    /// The column's name on the server.
    pub fn column(&self) -> &'static str {
        match self {
            SchemaMismatch::Unknown { column }
            | SchemaMismatch::Type { column, .. }
            | SchemaMismatch::Null { column } => column,
        }
    }
}

impl fmt::Display for SchemaMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemaMismatch::Unknown { column } => {
                write!(f, "the server's table has no column `{column}`")
            }
            SchemaMismatch::Type {
                column,
                kind,
                expected,
                found,
            } => write!(
                f,
                "column `{column}` is mapped as {kind}: expected {expected}, found {found}"
            ),
            SchemaMismatch::Null { column } => write!(
                f,
                "column `{column}` is mapped as NOT NULL, and the server has NULL in it"
            ),
        }
    }
}

impl Client {
    /// Compares a mapping with the server's table, on a sample of 100 rows: all
    /// columns that the server does not have, whose values are not of the
    /// field's type, or that have NULL where the field is no `Option`. Empty if
    /// the sample fits.
    ///
    /// A mapping with a wrong name is no error to the server where a column
    /// stands without an alias: it takes the name for a text. Call this once
    /// when a program starts. What it does not see is beyond the sample: a
    /// column that is NULL in each of its rows shows no type, and a text column
    /// whose texts all happen to be numbers reads as one.
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// for mismatch in client.check::<Subscriber>().await? {
    ///     eprintln!("subscriber: {mismatch}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoRow`] when the table is empty, for then nothing can be said.
    /// A column is taken for none if every row of the sample has its name for a
    /// value, which is how a server answers for a name it does not know
    /// (evidence grade B).
    pub async fn check<T: Table>(&self) -> Result<Vec<SchemaMismatch>> {
        let names: Vec<_> = T::INFO.columns.iter().map(|column| column.name).collect();
        let sample = super::probe::sample(T::INFO.name, &names, ROWS);
        let seen = |body: &[u8], id| rpc::read_rows::<Seen<T>>(body, id);
        let rows = self.raw(&sample).read(seen).await?;
        if rows.is_empty() {
            return Err(Error::NoRow {
                place: Some(Place::of_operation(format!("select on `{}`", T::INFO.name))),
            });
        }
        let mut mismatches = Vec::new();
        for (index, column) in T::INFO.columns.iter().enumerate() {
            let values = || rows.iter().filter_map(|row| row.values.get(index));
            mismatches.extend(judged(column, values));
        }
        Ok(mismatches)
    }
}

/// Returns the problems of one column.
fn judged<'v, V: Iterator<Item = &'v Value>>(
    info: &'static ColumnInfo,
    values: impl Fn() -> V,
) -> Vec<SchemaMismatch> {
    let column = info.name;
    if values().all(|value| matches!(value, Value::OwnName(_))) {
        return vec![SchemaMismatch::Unknown { column }];
    }
    let misfit = values().find_map(|value| match value {
        Value::Misfit(mismatch) | Value::OwnName(Err(mismatch)) => Some(SchemaMismatch::Type {
            column,
            kind: info.kind,
            expected: mismatch.expected(),
            found: mismatch.found_kind(),
        }),
        _ => None,
    });
    let null = values().any(|value| matches!(value, Value::Null)) && !info.nullable;
    let null = null.then_some(SchemaMismatch::Null { column });
    misfit.into_iter().chain(null).collect()
}

/// The facts about one row of the sample: none of its values.
struct Seen<T> {
    values: Vec<Value>,
    table: PhantomData<fn() -> T>,
}

enum Value {
    Null,
    /// The column's name, as a text, and whether the field's type takes that.
    OwnName(std::result::Result<(), Mismatch>),
    Fits,
    Misfit(Mismatch),
}

impl<'de, T: Table> Row<'de> for Seen<T> {
    const WIDTH: usize = T::INFO.columns.len();

    fn decode(cells: &mut Cells<'de>) -> std::result::Result<Self, RowError> {
        let values = T::INFO.columns.iter().map(|column| {
            let Some(Any(scalar)) = cells.optional(column.name)? else {
                return Ok(Value::Null);
            };
            let is_name = matches!(&scalar, Scalar::Text(text) if text == column.name);
            Ok(match (column.check)(scalar) {
                read if is_name => Value::OwnName(read),
                Ok(()) => Value::Fits,
                Err(mismatch) => Value::Misfit(mismatch),
            })
        });
        Ok(Seen {
            values: values.collect::<std::result::Result<_, RowError>>()?,
            table: PhantomData,
        })
    }
}

/// Any value.
struct Any<'de>(Scalar<'de>);

impl<'de> Decode<'de> for Any<'de> {
    const EXPECTED: &'static str = "a value";

    fn decode(scalar: Scalar<'de>) -> std::result::Result<Self, Mismatch> {
        Ok(Any(scalar))
    }
}
