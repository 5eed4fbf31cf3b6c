//! Expressions that mean something else than they look like.

use crate::ast::{Body, Clause, Expr, FromItem, Item, Op, Select};

/// The operand that a comparison has on both sides: true of every row, or of
/// none, whatever is in it.
///
/// `Subscriber::update(|s| s.id.eq(s.id))` is how it happens: the closure's
/// parameter hides a variable of the same name.
///
/// `target` is the table of the write, whose columns a nested query qualifies
/// with its name.
#[inline]
pub(crate) fn operand_compared_with_itself<'a>(
    op: &Op,
    args: &'a [Expr],
    target: Option<&str>,
) -> Option<&'a Expr> {
    match args {
        // Most comparisons, without a call.
        [
            _,
            Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null,
        ] => None,
        [Expr::Column(a), Expr::Column(b)] if a.name.len() != b.name.len() => None,
        args => operand_found_again(op, args, target),
    }
}

fn operand_found_again<'a>(op: &Op, args: &'a [Expr], target: Option<&str>) -> Option<&'a Expr> {
    let compares = matches!(
        op,
        Op::Is
            | Op::IsNot
            | Op::Eq
            | Op::Neq
            | Op::Lt
            | Op::Gt
            | Op::Lte
            | Op::Gte
            | Op::Like
            | Op::Ilike
            | Op::In
            | Op::NotIn
    );
    let [first, others @ ..] = args else {
        return None;
    };
    let is_first = |other: &Expr| match (first, other) {
        (Expr::Column(a), Expr::Column(b)) => {
            a.name == b.name && a.table.as_deref().or(target) == b.table.as_deref().or(target)
        }
        _ => other == first,
    };
    let one_is = |rows: &[Vec<Expr>]| {
        rows.iter()
            .any(|row| matches!(row.as_slice(), [one] if is_first(one)))
    };
    let again = |other: &Expr| match other {
        Expr::Values(rows) => one_is(rows),
        Expr::Select(select) => is_around(first, select, target),
        other => is_first(other),
    };
    (compares && others.iter().any(again) && has_column(first)).then_some(first)
}

/// Returns `true` if a nested query answers with this column of the query
/// around it, and not with one of its own tables.
fn is_around(column: &Expr, select: &Select, target: Option<&str>) -> bool {
    let (Expr::Column(column), Body::Data(data)) = (column, &select.body) else {
        return false;
    };
    let [
        Item {
            expr: Expr::Column(selected),
            ..
        },
    ] = data.items()
    else {
        return false;
    };
    let Some(qualifier) = column.table.as_deref().or(target) else {
        return false;
    };
    let hides = |item: &FromItem| item.visible_name() == Some(qualifier);
    selected.name == column.name
        && selected.table.as_deref() == Some(qualifier)
        && !select.from.iter().any(hides)
}

fn has_column(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) => true,
        Expr::Op(_, args) | Expr::Call { args, .. } => args.iter().any(has_column),
        _ => false,
    }
}

/// Returns `true` for a literal in a clause that reads a number as the
/// position of an output column, and takes no other literal.
#[inline]
pub(crate) fn is_position(clause: Clause, expr: &Expr) -> bool {
    matches!(clause, Clause::OrderBy | Clause::GroupBy | Clause::Distinct)
        && matches!(
            expr,
            Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) | Expr::Null
        )
}
