//! Values that are another one and a number more or less: `x + 1`.

use std::cmp::Ordering;

use crate::ast::{Expr, Op};

use super::tables::Tables;
use crate::ast::SqlKind;

/// The column that two values are made of by adding and subtracting numbers,
/// and the order of the two wherever it is not NULL: `x < x + 1`.
///
/// Of whole numbers only: `NaN + 1` is `NaN`, and a great float plus one is
/// itself. A sum beyond a column's range is an error of the whole statement.
pub(super) fn order<'a>(
    left: &'a Expr,
    right: &'a Expr,
    tables: &Tables<'_>,
) -> Option<(&'a Expr, Ordering)> {
    let (column, left) = shifted(left, tables)?;
    let (other, right) = shifted(right, tables)?;
    (column == other).then(|| (column, left.cmp(&right)))
}

/// The column of an expression, and by how much the expression is greater.
fn shifted<'a>(expr: &'a Expr, tables: &Tables<'_>) -> Option<(&'a Expr, i128)> {
    match expr {
        Expr::Column(column) => {
            let kind = tables.column(column)?.kind?;
            let whole = matches!(kind, SqlKind::SmallInt | SqlKind::Int | SqlKind::BigInt);
            whole.then_some((expr, 0))
        }
        Expr::Op(Op::Add, args) => {
            let mut others = args.iter().filter(|arg| number(arg).is_none());
            let (column, by) = shifted(others.next()?, tables)?;
            let more = args.iter().filter_map(number).sum::<i128>();
            others.next().is_none().then_some((column, by + more))
        }
        Expr::Op(Op::Sub, args) => {
            let (first, others) = args.split_first()?;
            let (column, by) = shifted(first, tables)?;
            let less = others.iter().map(number).sum::<Option<i128>>()?;
            Some((column, by - less))
        }
        _ => None,
    }
}

/// A whole number of 64 bits, of which no statement has as many as would not fit.
fn number(expr: &Expr) -> Option<i128> {
    match expr {
        Expr::Number(number) => number.as_i64().map(i128::from),
        _ => None,
    }
}
