//! Conditions, by what decides them.

use crate::ast::{Body, Expr, Item, Op, Select};

use super::outcomes::holds;
use super::tables::Tables;
use super::whole::{self, Whole};
use super::{is_never, shifted};

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
    /// The same if the query answers with rows, and otherwise false.
    IsThereIf(&'a Expr, &'a Expr),
    /// A text that matches a pattern.
    Like(&'a Expr, &'a str),
    /// A value that is true or false by itself.
    Truth(&'a Expr),
    /// Anything, and NULL if one of these values is, or for reasons of its own.
    Opaque(Vec<&'a Expr>, MayBeNull),
}

/// The possibility that a condition is NULL though no operand is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MayBeNull {
    Yes,
    No,
}

/// Returns the shape of a condition, or that of its opposite if the first value is
/// `true`.
pub(super) fn shape<'a>(expr: &'a Expr, tables: &Tables<'_>) -> (bool, Shape<'a>) {
    let Expr::Op(op, args) = expr else {
        return (
            false,
            match expr {
                Expr::Bool(value) => Shape::Constant(Some(*value)),
                Expr::Null => Shape::Constant(None),
                // PostgreSQL takes such a text for a condition; another server may
                // take a number for one.
                Expr::Text(text) => {
                    truth(text).map_or(Shape::Truth(expr), |value| Shape::Constant(Some(value)))
                }
                Expr::Number(number) => Shape::Constant(Some(number.to_string() != "0")),
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
        (Op::Is | Op::IsNot, [one, Expr::Null]) => {
            (*op == Op::IsNot, Shape::IsNull(bare(one, tables)))
        }
        (Op::Eq | Op::Neq | Op::Lt | Op::Gt | Op::Lte | Op::Gte, [left, right]) => {
            let (left, right) = (bare(left, tables), bare(right, tables));
            if let Some((column, order)) = shifted::order(left, right, tables) {
                let is_true = holds(op, order) == Some(true);
                return (!is_true, Shape::IsThere(column));
            }
            let conditions = is_condition(left) || is_condition(right);
            let shape = if conditions {
                Shape::Conditions(op, left, right)
            } else {
                Shape::Values(op, left, right)
            };
            (false, shape)
        }
        (Op::Like | Op::Ilike, [value, literal @ Expr::Text(pattern)]) => {
            let value = bare(value, tables);
            let shape = match pattern.as_ref() {
                "" => Shape::Among(value, vec![literal]),
                pattern if pattern.bytes().all(|byte| byte == b'%') => Shape::IsThere(value),
                pattern if *op == Op::Like && !pattern.contains(['%', '_', '\\']) => {
                    Shape::Among(value, vec![literal])
                }
                pattern if *op == Op::Like => Shape::Like(value, pattern),
                _ => Shape::Opaque(vec![value], MayBeNull::No),
            };
            (false, shape)
        }
        (Op::Like | Op::Ilike, [value, pattern]) => {
            (false, Shape::Opaque(vec![value, pattern], MayBeNull::No))
        }
        (Op::In | Op::NotIn, [value, list @ ..]) => (*op == Op::NotIn, among(value, list, tables)),
        _ if is_condition(expr) => (false, Shape::Opaque(Vec::new(), MayBeNull::Yes)),
        _ => (false, Shape::Truth(expr)),
    }
}

/// The truth value that a text is to PostgreSQL: `true`, `off`, `1` and what
/// they can be shortened to.
fn truth(text: &str) -> Option<bool> {
    let text = text.trim().to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| word.starts_with(&text));
    match text.as_str() {
        "" | "o" => None,
        "1" | "on" => Some(true),
        "0" => Some(false),
        _ if begins(&["true", "yes"]) => Some(true),
        _ if begins(&["false", "no", "off"]) => Some(false),
        _ => None,
    }
}

/// The operand of an expression that only hands it on: `x || ''`, `x + 0`,
/// `x * 1`, `coalesce(x, …)` of an `x` that is never NULL.
pub(super) fn bare<'a>(expr: &'a Expr, tables: &Tables<'_>) -> &'a Expr {
    let Expr::Op(op, args) = expr else {
        return expr;
    };
    let is_number = |arg: &Expr, number: &str| match arg {
        Expr::Number(value) => value.to_string() == number,
        _ => false,
    };
    let is_neutral = |arg: &Expr| match op {
        Op::Concat => matches!(arg, Expr::Text(text) if text.is_empty()),
        Op::Add | Op::Sub => is_number(arg, "0"),
        Op::Mul | Op::Div => is_number(arg, "1"),
        _ => false,
    };
    let handed_on = match (op, args.as_slice()) {
        (Op::Concat | Op::Add | Op::Mul, args) => {
            let mut others = args.iter().filter(|arg| !is_neutral(arg));
            others.next().filter(|_| others.next().is_none())
        }
        (Op::Sub | Op::Div, [first, others @ ..]) if others.iter().all(is_neutral) => Some(first),
        (Op::Coalesce, [only]) => Some(only),
        (Op::Coalesce, [first @ Expr::Column(column), ..]) => tables
            .column(column)
            .is_some_and(|facts| !facts.nullable)
            .then_some(first),
        _ => None,
    };
    handed_on.map_or(expr, |operand| bare(operand, tables))
}

fn among<'a>(value: &'a Expr, list: &'a [Expr], tables: &Tables<'_>) -> Shape<'a> {
    let value = bare(value, tables);
    let cells: Option<Vec<&Expr>> = match list {
        [query @ Expr::Select(select)] => {
            let mut nodes = 0;
            query.deep(&mut |_| nodes += 1);
            if tables.spend(nodes) {
                if is_empty(select, tables) {
                    return Shape::Among(value, Vec::new());
                }
                match whole::values(value, select, tables) {
                    Some(Whole::Always) => return Shape::IsThere(value),
                    Some(Whole::WithRows) => return Shape::IsThereIf(value, query),
                    None => {}
                }
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

/// Returns `true` for a condition with a query in it. Each level would be
/// looked into once for every combination of the level around it.
pub(super) fn nests(condition: &Expr) -> bool {
    let mut found = false;
    condition.deep(&mut |expr| found |= matches!(expr, Expr::Select(_)));
    found
}

/// Returns `true` for a select that answers with no row, whatever is in its tables.
fn is_empty(select: &Select, tables: &Tables<'_>) -> bool {
    // An aggregate without groups answers with a row about no rows.
    let plain = |item: &Item| matches!(item.expr, Expr::Column(_)) || is_literal(&item.expr);
    let has_row = match &select.body {
        Body::Data(data) => !data.items().iter().all(plain),
        _ => true,
    };
    let is_false = |filter| !nests(filter) && is_never(filter, &tables.nested(select));
    select.limit == Some(0) || !has_row && select.filter.as_ref().is_some_and(is_false)
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
