//! Calculations.

use jsonsql::ast::Op;
use jsonsql::ast::SqlKind;

use super::Done;
use super::typed::{Typed, common, is_number};
use crate::engine::{Fault, Unmatched};

/// `a op b`, with PostgreSQL's ranges, integer division and scales.
pub(super) fn calculate(op: &Op, a: Typed, b: Typed) -> Done<Typed> {
    let symbol = match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::Div => "/",
        _ => "%",
    };
    let met = match (a.kind, b.kind) {
        (None, None) => {
            return Err(Fault::Statement(format!(
                "operator is not unique: unknown {symbol} unknown"
            )));
        }
        (Some(kind), other) | (other, Some(kind)) => (kind, other.unwrap_or(kind)),
    };
    if [met.0, met.1].iter().any(|kind| {
        matches!(
            kind,
            SqlKind::Timestamp | SqlKind::Interval | SqlKind::Inet | SqlKind::MacAddr
        )
    }) {
        return Err(Fault::needs_postgres(
            Unmatched::Arithmetic,
            format!("{} {symbol} {}", a.kind_name(), b.kind_name()),
        ));
    }
    let kind = common(met.0, met.1).filter(|kind| is_number(*kind));
    let Some(kind) = kind else {
        return Err(Fault::Statement(format!(
            "operator does not exist: {} {symbol} {}",
            a.kind_name(),
            b.kind_name()
        )));
    };
    let (a, b) = (a.meeting(kind)?, b.meeting(kind)?);
    let family = match kind {
        SqlKind::Int => "int4",
        SqlKind::BigInt => "int8",
        _ => "numeric",
    };
    Ok(Typed::call(
        format!("pg_{family}_{}", op.name()),
        [a.expr, b.expr],
        kind,
    ))
}
