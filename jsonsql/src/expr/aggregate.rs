//! Aggregate functions, in the call form that was seen answered:
//! `{"function": "count", "args": …}`.

use super::{Built, Expr, Node, Null, Nullability};
use crate::ast;
use crate::types::{Numeric, Ordered};

/// `count(*)`: how many rows.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<i64> = Subscriber::all().column(|_| count_rows());
/// assert_eq!(query.to_string(), "SELECT count(*) FROM subscriber AS s");
/// ```
pub fn count_rows<'q>() -> Expr<'q, i64> {
    call("count", Built::leaf(ast::Expr::Star))
}

/// `count(x)`: in how many rows it is not NULL.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<i64> = Subscriber::all().column(|s| count(s.max_terminal));
/// assert_eq!(query.to_string(), "SELECT count(s.max_terminal) FROM subscriber AS s");
/// ```
pub fn count<'q, T, N: Nullability, K: Node>(of: Expr<'q, T, N, K>) -> Expr<'q, i64> {
    call("count", of.into_built())
}

/// `count(DISTINCT x)`: how many different values.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<i64> = Subscriber::all().column(|s| count_distinct(s.max_terminal));
/// assert_eq!(query.to_string(), "SELECT count(DISTINCT s.max_terminal) FROM subscriber AS s");
/// ```
pub fn count_distinct<'q, T, N: Nullability, K: Node>(of: Expr<'q, T, N, K>) -> Expr<'q, i64> {
    let distinct: Expr<'q, T> = call("distinct", of.into_built());
    call("count", distinct.into_built())
}

/// `min(x)`: the smallest value; NULL of no rows.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<Option<i64>> = Subscriber::all().column(|s| min(s.id));
/// assert_eq!(query.to_string(), "SELECT min(s.id) FROM subscriber AS s");
/// ```
pub fn min<'q, T: Ordered, N: Nullability, K: Node>(of: Expr<'q, T, N, K>) -> Expr<'q, T, Null> {
    call("min", of.into_built())
}

/// `max(x)`: the greatest value; NULL of no rows.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<Option<i64>> = Subscriber::all().column(|s| max(s.id));
/// assert_eq!(query.to_string(), "SELECT max(s.id) FROM subscriber AS s");
/// ```
pub fn max<'q, T: Ordered, N: Nullability, K: Node>(of: Expr<'q, T, N, K>) -> Expr<'q, T, Null> {
    call("max", of.into_built())
}

/// `sum(x)`: NULL of no rows, not 0.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<Option<i64>> = Subscriber::all().column(|s| sum(s.max_terminal));
/// assert_eq!(query.to_string(), "SELECT sum(s.max_terminal) FROM subscriber AS s");
/// ```
pub fn sum<'q, T: Numeric, N: Nullability, K: Node>(
    of: Expr<'q, T, N, K>,
) -> Expr<'q, T::Sum, Null> {
    call("sum", of.into_built())
}

/// `avg(x)`: NULL of no rows. PostgreSQL answers with a decimal number, which
/// is read as a float unless `x` is a decimal itself.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let query: Select<Option<f64>> = Subscriber::all().column(|s| avg(s.max_terminal));
/// assert_eq!(query.to_string(), "SELECT avg(s.max_terminal) FROM subscriber AS s");
/// ```
pub fn avg<'q, T: Numeric, N: Nullability, K: Node>(
    of: Expr<'q, T, N, K>,
) -> Expr<'q, T::Mean, Null> {
    call("avg", of.into_built())
}

fn call<'q, T, N>(function: &'static str, arg: Built) -> Expr<'q, T, N> {
    Expr::new(Built::call(function, [arg]))
}
