//! Values on their way into a column.

use jsonsql::ast::Expr;
use jsonsql::ast::SqlKind;

use super::Done;
use super::typed::{Typed, call};
use crate::engine::Fault;
use crate::schema::{Column, Filled, Table};

/// PostgreSQL's assignment cast of a value to a column's type.
pub(super) fn assign(value: Typed, column: &Column, table: &Table) -> Done<Expr> {
    let value = cast(value, column)?;
    if column.filled != Filled::Number || matches!(value, Expr::Number(_)) {
        return Ok(value);
    }
    let names = [&table.name, &column.name].map(|name| Expr::Text(name.clone()));
    let [table, column] = names;
    Ok(call("pg_required", [value, table, column]))
}

fn cast(value: Typed, column: &Column) -> Done<Expr> {
    let value = value.meeting(column.kind)?;
    let Some(kind) = value.kind else {
        return Ok(value.expr);
    };
    Ok(match (kind, column.kind) {
        (from, to) if from == to => value.expr,
        (_, SqlKind::Text) => value.into_text(),
        (SqlKind::Int, SqlKind::BigInt) => value.expr,
        (SqlKind::Date, SqlKind::Timestamp) => value.widened(SqlKind::Timestamp).expr,
        (SqlKind::BigInt | SqlKind::Numeric, SqlKind::Int) => call("pg_to_int4", [value.expr]),
        (SqlKind::Numeric, SqlKind::BigInt) => call("pg_to_int8", [value.expr]),
        (SqlKind::Int | SqlKind::BigInt, SqlKind::Numeric) => call("pg_numeric", [value.expr]),
        (from, to) => {
            return Err(Fault::Statement(format!(
                "column \"{}\" is of type {to} but expression is of type {from}",
                column.name
            )));
        }
    })
}
