//! Expressions that mean something else than they look like.

use crate::ast::{Body, Clause, Expr, Op};

/// The operand that a comparison has on both sides: true of every row, or of
/// none, whatever is in it.
///
/// `Subscriber::update(|s| s.id.eq(s.id))` is how it happens: the closure's
/// parameter hides a variable of the same name.
pub(crate) fn operand_compared_with_itself<'a>(op: &Op, args: &'a [Expr]) -> Option<&'a Expr> {
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
    let again = |other: &Expr| match other {
        Expr::Values(rows) => rows.iter().any(|row| matches!(&**row, [one] if one == first)),
        // The row of the query around it, not a row of the select.
        Expr::Select(select) => match &select.body {
            Body::Data(data) => matches!(data.items(), [one] if one.expr == *first),
            Body::Values(rows) => rows.iter().any(|row| matches!(&**row, [one] if one == first)),
        },
        other => other == first,
    };
    (compares && others.iter().any(again) && has_column(first)).then_some(first)
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
pub(crate) fn is_position(clause: Clause, expr: &Expr) -> bool {
    matches!(clause, Clause::OrderBy | Clause::GroupBy | Clause::Distinct)
        && matches!(
            expr,
            Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) | Expr::Null
        )
}
