//! `||`, LIKE and ILIKE.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Expr, Op};

use super::Done;
use super::typed::Typed;
use crate::engine::Fault;

/// `a || b`: one of them is text, the other is cast to it.
pub(super) fn concat(a: Typed, b: Typed) -> Done<Typed> {
    let is_text = |operand: &Typed| matches!(operand.kind, None | Some(SqlKind::Text));
    if !is_text(&a) && !is_text(&b) {
        return Err(Fault::Statement(format!(
            "operator does not exist: {} || {}",
            a.kind_name(),
            b.kind_name()
        )));
    }
    let operands = vec![a.into_text(), b.into_text()];
    Ok(Typed::known(Expr::Op(Op::Concat, operands), SqlKind::Text))
}

pub(super) fn like(op: &Op, a: Typed, b: Typed) -> Done<Typed> {
    let (function, symbol) = match op {
        Op::Ilike => ("pg_ilike", "~~*"),
        _ => ("pg_like", "~~"),
    };
    for operand in [&a, &b] {
        if !matches!(operand.kind, None | Some(SqlKind::Text)) {
            return Err(Fault::Statement(format!(
                "operator does not exist: {} {symbol} {}",
                a.kind_name(),
                b.kind_name()
            )));
        }
    }
    Ok(Typed::call(function, [a.expr, b.expr], SqlKind::Bool))
}
