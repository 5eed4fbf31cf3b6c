//! Conditions, by what decides them.

use crate::ast::{Body, Column, Expr, JoinKind, Op, Projection, Select, Source};

use super::tables::Tables;
use super::{Coverage, of_condition};

/// Lists of `in` up to which each literal is a comparison of its own.
const LISTED: usize = 16;

/// A condition, by what decides it.
pub(super) enum Shape<'a> {
    Constant(Option<bool>),
    And(&'a [Expr]),
    Or(&'a [Expr]),
    Not(&'a Expr),
    /// The first condition that is not NULL.
    Coalesce(&'a [Expr]),
    /// A condition that is TRUE, FALSE or NULL.
    Is(&'a Expr, Option<bool>),
    /// Two conditions, compared.
    Conditions(&'a Op, &'a Expr, &'a Expr),
    /// Two values, compared.
    Values(&'a Op, &'a Expr, &'a Expr),
    /// A value that is one of these.
    Among(&'a Expr, Vec<&'a Expr>),
    IsNull(&'a Expr),
    /// True of every value that is not NULL.
    IsThere(&'a Expr),
    /// A text that matches a pattern.
    Like(&'a Expr, &'a str),
    /// A value that is true or false by itself.
    Truth(&'a Expr),
    /// Anything, and NULL if one of these values is, or for reasons of its own.
    Opaque(Vec<&'a Expr>, MayBeNull),
}

/// Whether a condition can be NULL though no operand is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MayBeNull {
    Yes,
    No,
}

/// What decides a condition, or what decides its opposite if the first is true.
pub(super) fn shape<'a>(expr: &'a Expr, tables: &Tables<'_>) -> (bool, Shape<'a>) {
    let Expr::Op(op, args) = expr else {
        return (
            false,
            match expr {
                Expr::Bool(value) => Shape::Constant(Some(*value)),
                Expr::Null => Shape::Constant(None),
                _ => Shape::Truth(expr),
            },
        );
    };
    match (op, args.as_slice()) {
        (Op::And, args) => (false, Shape::And(args)),
        (Op::Or, args) => (false, Shape::Or(args)),
        (Op::Not, [one]) => (false, Shape::Not(one)),
        (Op::Coalesce, args) if is_condition(expr) => (false, Shape::Coalesce(args)),
        (Op::Is | Op::IsNot, [one, Expr::Bool(value)]) => {
            (*op == Op::IsNot, Shape::Is(one, Some(*value)))
        }
        (Op::Is | Op::IsNot, [one, Expr::Null]) if is_condition(one) => {
            (*op == Op::IsNot, Shape::Is(one, None))
        }
        (Op::Is | Op::IsNot, [one, Expr::Null]) => (*op == Op::IsNot, Shape::IsNull(one)),
        (Op::Eq | Op::Neq | Op::Lt | Op::Gt | Op::Lte | Op::Gte, [left, right]) => {
            let conditions = is_condition(left) || is_condition(right);
            let shape = if conditions {
                Shape::Conditions(op, left, right)
            } else {
                Shape::Values(op, left, right)
            };
            (false, shape)
        }
        (Op::Like | Op::Ilike, [value, Expr::Text(pattern)]) => match pattern.as_ref() {
            "" => (false, Shape::Among(value, vec![&args[1]])),
            pattern if pattern.bytes().all(|byte| byte == b'%') => (false, Shape::IsThere(value)),
            pattern if *op == Op::Like && !pattern.contains(['%', '_', '\\']) => {
                (false, Shape::Among(value, vec![&args[1]]))
            }
            pattern if *op == Op::Like => (false, Shape::Like(value, pattern)),
            _ => (false, Shape::Opaque(vec![value], MayBeNull::No)),
        },
        (Op::Like | Op::Ilike, [value, pattern]) => {
            (false, Shape::Opaque(vec![value, pattern], MayBeNull::No))
        }
        (Op::In | Op::NotIn, [value, list @ ..]) => (*op == Op::NotIn, among(value, list, tables)),
        _ if is_condition(expr) => (false, Shape::Opaque(Vec::new(), MayBeNull::Yes)),
        _ => (false, Shape::Truth(expr)),
    }
}

fn among<'a>(value: &'a Expr, list: &'a [Expr], tables: &Tables<'_>) -> Shape<'a> {
    let cells: Option<Vec<&Expr>> = match list {
        [Expr::Select(select)] => {
            if is_every_value(value, select, tables) {
                return Shape::IsThere(value);
            }
            None
        }
        [Expr::Values(rows)] => rows
            .iter()
            .map(|row| match row.as_slice() {
                [one] => Some(one),
                _ => None,
            })
            .collect(),
        list => Some(list.iter().collect()),
    };
    let Some(cells) = cells.filter(|_| !is_condition(value)) else {
        return Shape::Opaque(vec![value], MayBeNull::Yes);
    };
    if cells.len() <= LISTED {
        return Shape::Among(value, cells);
    }
    let is_literal = |cell: &&Expr| matches!(cell, Expr::Text(_) | Expr::Number(_) | Expr::Bool(_));
    let may_be_null = if cells.iter().all(is_literal) {
        MayBeNull::No
    } else {
        MayBeNull::Yes
    };
    Shape::Opaque(vec![value], may_be_null)
}

/// Returns `true` for a select that answers with a column of every row of its
/// table, and this is the same column.
fn is_every_value(value: &Expr, select: &Select, tables: &Tables<'_>) -> bool {
    let (Expr::Column(column), Body::Data(data)) = (value, &select.body) else {
        return false;
    };
    let items = match data {
        Projection::Single(item) => std::slice::from_ref(item),
        Projection::List(items) => items,
    };
    let [item] = items else { return false };
    let Expr::Column(selected) = &item.expr else {
        return false;
    };
    let drops_rows = select.having.is_some()
        || select.limit.is_some()
        || select.offset.is_some_and(|rows| rows > 0)
        || matches!(select.distinct, Some(crate::ast::Distinct::On(_)));
    let [first, others @ ..] = select.from.as_slice() else {
        return false;
    };
    let keeps = others.iter().all(|item| {
        let kind = item.join.as_ref().map(|join| join.kind);
        matches!(kind, Some(JoinKind::Left | JoinKind::Full))
    });
    let Source::Table(table) = &first.source else {
        return false;
    };
    let of_first = match &selected.table {
        Some(name) => first.visible_name() == Some(name),
        None => others.is_empty(),
    };
    let same = tables
        .column(column)
        .is_some_and(|facts| facts.table == &**table);
    let whole = select.filter.as_ref().is_none_or(|filter| {
        others.is_empty()
            && of_condition(filter, &tables.nested(select)) == Some(Coverage::EveryRow)
    });
    same && of_first && keeps && !drops_rows && whole && is_column(selected, &column.name)
}

fn is_column(column: &Column, name: &str) -> bool {
    column.name == name
}

/// Returns `true` for what can only be true, false or NULL.
fn is_condition(expr: &Expr) -> bool {
    match expr {
        Expr::Bool(_) => true,
        Expr::Op(Op::Coalesce, args) => args.iter().any(is_condition),
        Expr::Op(op, _) => !matches!(
            op,
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod | Op::Concat | Op::Other(_)
        ),
        _ => false,
    }
}

/// The value of a literal.
pub(super) fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_)
    )
}
