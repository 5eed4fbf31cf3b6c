//! Tables of an IPTVPORTAL server as they are, page by page.

use std::cmp::Ordering;

use jsonsql::ast::{
    Direction, Expr, FromItem, Item, Op, Order, Projection, Select, Source, Statement,
};
use jsonsql::schema::is_secret;
use jsonsql_client::{Client, Error};
use serde_json::Value;

use super::outputs::{Kind, Outputs};
use crate::exit::{Failure, Result};
use crate::say;

/// The number of rows that are asked for at a time.
const PAGE: usize = 1_000;

/// The flags about the columns of tables.
#[derive(Debug, clap::Args)]
pub(super) struct Columns {
    /// A column that may have an uncommon name, to be tried too; may be repeated
    #[arg(long = "column", value_name = "NAME", requires = "tables")]
    names: Vec<String>,

    /// A column of the key by which pages of a table go on, if it is not `id`; may be
    /// repeated
    #[arg(long, value_name = "NAME", requires = "tables")]
    key: Vec<String>,
}

/// A table whose columns were found out.
pub(super) struct Table {
    name: String,
    columns: Vec<String>,
    /// The places of the key's columns among them.
    key: Vec<usize>,
}

impl Table {
    /// Finds out the columns of a table; `None` if it has no rows.
    ///
    /// # Errors
    ///
    /// When the server has no such table, or no key is found.
    pub(super) async fn discover(
        client: &Client,
        name: &str,
        flags: &Columns,
    ) -> Result<Option<Table>> {
        // The name is a file's too.
        if !name.chars().all(|one| one.is_alphanumeric() || one == '_') {
            let problem = format!("--table {name}: a table's name has letters, digits and `_`");
            return Err(Failure::usage(problem));
        }
        let asked: Vec<&str> = (flags.names.iter().chain(&flags.key))
            .map(String::as_str)
            .collect();
        let found = match client.discover(name, &asked).await {
            Ok(found) => found,
            Err(Error::NoRow { .. }) => {
                say::note(&format!("`{name}` is empty: nothing is written for it"));
                return Ok(None);
            }
            Err(Error::Server(refusal)) => {
                let problem = format!("`{name}`: {}", refusal.message());
                return Err(Failure::failed(problem));
            }
            Err(error) => return Err(error.into()),
        };
        let mut columns: Vec<String> = found.columns.into_iter().map(|one| one.name).collect();
        let missing = asked
            .iter()
            .find(|one| !columns.iter().any(|name| name == *one));
        if let Some(missing) = missing {
            return Err(Failure::failed(format!(
                "`{name}` has no column `{missing}`"
            )));
        }
        match found.star.len().saturating_sub(columns.len()) {
            0 => {}
            unnamed => say::note(&format!(
                "`{name}` has {unnamed} columns whose names are not known; they are left out, \
                 and --column tries a name"
            )),
        }
        columns.retain(|column| {
            let is_written = is_written(column, &asked);
            if !is_written {
                say::note(&format!(
                    "`{name}.{column}` is left out: --column {column} writes it"
                ));
            }
            is_written
        });
        let key = if flags.key.is_empty() {
            found.key
        } else {
            flags.key.clone()
        };
        let place = |one: &String| columns.iter().position(|column| column == one);
        let key: Vec<usize> = key.iter().filter_map(place).collect();
        if key.is_empty() {
            let problem = format!("no column is known that tells the rows of `{name}` apart");
            return Err(Failure::failed(problem).hint("--key names one"));
        }
        Ok(Some(Table {
            name: name.to_owned(),
            columns,
            key,
        }))
    }

    pub(super) fn kind(&self) -> Kind {
        Kind {
            name: self.name.clone(),
            columns: self.columns.clone(),
        }
    }

    /// Writes all rows in the order of the key; memory holds a page of them.
    ///
    /// Each page begins with the last row of the one before, so that another row of the
    /// same key is seen and not skipped.
    ///
    /// # Errors
    ///
    /// When a page cannot be read, does not go on from the one before, or has two rows
    /// of one key.
    pub(super) async fn written(&self, client: &Client, outputs: &mut Outputs) -> Result<()> {
        let mut last: Option<Vec<Value>> = None;
        loop {
            let statement = self.page(last.as_deref())?;
            let before = last.clone();
            let rows = client.raw(&statement).await?;
            let mut is_first = true;
            let mut new = 0;
            for row in rows {
                let key = self.key_of(&row)?;
                let order = last.as_ref().map(|last| compared(last, &key));
                match order {
                    // The row with which the page before ended.
                    Some(Some(Ordering::Equal)) if is_first => {}
                    Some(Some(Ordering::Equal)) => return Err(self.not_a_key()),
                    Some(Some(Ordering::Greater)) => return Err(self.out_of_order()),
                    _ => {
                        outputs.row(&self.name, &row)?;
                        last = Some(key);
                        new += 1;
                    }
                }
                is_first = false;
            }
            // A page that is not full need not be the last one: whether servers have a
            // limit of their own is unknown.
            if new == 0 {
                return Ok(());
            }
            if last == before {
                return Err(self.out_of_order());
            }
        }
    }

    fn key_of(&self, row: &[Value]) -> Result<Vec<Value>> {
        let values = self.key.iter().map(|place| row.get(*place).cloned());
        match values.collect::<Option<Vec<_>>>() {
            Some(key) if row.len() == self.columns.len() && !key.contains(&Value::Null) => Ok(key),
            Some(_) if row.len() == self.columns.len() => Err(self.not_a_key()),
            _ => Err(Failure::failed(format!(
                "a row of `{}` has {} values, and {} were asked for",
                self.name,
                row.len(),
                self.columns.len()
            ))),
        }
    }

    fn not_a_key(&self) -> Failure {
        let key: Vec<&str> = self
            .key
            .iter()
            .map(|one| self.columns[*one].as_str())
            .collect();
        Failure::failed(format!(
            "the key `{}` does not tell the rows of `{}` apart",
            key.join(", "),
            self.name
        ))
        .hint("--key names other columns, and may be repeated")
    }

    fn out_of_order(&self) -> Failure {
        Failure::failed(format!(
            "the pages of `{}` do not go on from one another: the server takes no notice of \
             the order or the condition",
            self.name
        ))
    }

    /// The select of the page that begins with the row of this key.
    fn page(&self, last: Option<&[Value]>) -> Result<Statement> {
        let column = |place: usize| Expr::Bare(self.columns[place].clone().into());
        let items = (0..self.columns.len()).map(|place| Item::from(column(place)));
        let mut select = Select::new(Projection::List(items.collect()));
        select.from.push(FromItem {
            source: Source::Table(self.name.clone().into()),
            alias: None,
            join: None,
        });
        select.order_by = (self.key.iter())
            .map(|place| Order {
                expr: column(*place),
                direction: Direction::Ascending,
            })
            .collect();
        if let Some(last) = last {
            let literals = last.iter().map(|value| self.literal(value));
            let literals = literals.collect::<Result<Vec<_>>>()?;
            let columns: Vec<Expr> = self.key.iter().map(|place| column(*place)).collect();
            select.filter = Some(from(&columns, &literals));
        }
        // One more than the row that is there already.
        select.limit = Some(PAGE as u64 + 1);
        Ok(Statement::Select(select))
    }

    /// A value of the key as a literal. The server would read a text that is spelt like
    /// a column as the column.
    fn literal(&self, value: &Value) -> Result<Expr> {
        match value {
            Value::Bool(truth) => Ok(Expr::Bool(*truth)),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(whole), _) => Ok(Expr::Number(whole.into())),
                (None, Some(whole)) => Ok(Expr::Number(whole.into())),
                // In another spelling it would be another number.
                (None, None) => Ok(Expr::text(number.to_string())),
            },
            Value::String(text) if text == "*" || self.columns.contains(text) => {
                Err(Failure::failed(format!(
                    "a row of `{}` has the key `{text}`, which a server takes for a column",
                    self.name
                ))
                .hint("--key names other columns"))
            }
            Value::String(text) => Ok(Expr::text(text.clone())),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(self.not_a_key()),
        }
    }
}

/// Returns `true` if a column is written: one that is secret by its name has to be named.
fn is_written(column: &str, asked: &[&str]) -> bool {
    !is_secret(column) || asked.contains(&column)
}

/// `a > 1 or (a = 1 and b >= 2)`: the row of these values and those after it.
fn from(columns: &[Expr], values: &[Expr]) -> Expr {
    let ([column, others @ ..], [value, rest @ ..]) = (columns, values) else {
        return Expr::Bool(false);
    };
    let than = |op| Expr::Op(op, vec![column.clone(), value.clone()]);
    if others.is_empty() {
        return than(Op::Gte);
    }
    let within = Expr::Op(Op::And, vec![than(Op::Eq), from(others, rest)]);
    Expr::Op(Op::Or, vec![than(Op::Gt), within])
}

/// Compares two keys: `None` where only the server knows, which sorts texts by its own
/// collation.
fn compared(before: &[Value], after: &[Value]) -> Option<Ordering> {
    for (before, after) in before.iter().zip(after) {
        if before == after {
            continue;
        }
        return match (before.as_i64(), after.as_i64()) {
            (Some(before), Some(after)) => Some(before.cmp(&after)),
            _ => None,
        };
    }
    Some(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_only_when_it_is_named() {
        for secret in [
            "password",
            "pin",
            "client_secret",
            "api_token",
            "pin_md5",
            "session_key",
        ] {
            assert!(!is_written(secret, &["id"]), "{secret}");
            assert!(is_written(secret, &["id", secret]), "{secret}");
        }
        assert!(is_written("username", &[]));
    }
}
