//! ORDER BY and GROUP BY.
//!
//! Outputs are referred to by position: SQLite would look up a name elsewhere.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Column, Distinct, Expr, Number, Order, Select};
use jsonsql::resolve::{Lookup, Scope};

use super::call::is_constant;
use super::select::Output;
use super::{Done, Lowering};
use crate::engine::{Fault, Unmatched};

impl Lowering<'_> {
    pub(super) fn order_by(
        &mut self,
        select: &Select,
        outputs: &[Output],
        scope: &Scope<'_>,
    ) -> Done<Vec<Order>> {
        let mut terms = Vec::new();
        for order in &select.order_by {
            // To order by a text means nothing: see `jsonsql::resolve`.
            if matches!(order.expr, Expr::Text(_)) {
                continue;
            }
            let expr = match position(&order.expr, outputs, "ORDER BY")? {
                Some(position) => by_position(position, outputs)?,
                None => self.by_expression(&order.expr, select, outputs, scope)?,
            };
            // A constant that comes out of an expression orders nothing either,
            // but SQLite would take it for a position.
            if let Some(expr) = expr {
                let direction = order.direction;
                terms.push(Order { expr, direction });
            }
        }
        Ok(terms)
    }

    fn by_expression(
        &mut self,
        expr: &Expr,
        select: &Select,
        outputs: &[Output],
        scope: &Scope<'_>,
    ) -> Done<Option<Expr>> {
        let typed = self.expr(expr, scope)?.settled();
        // Sub-selects are given new names each time, so the two are compared
        // as they were sent as well.
        let listed = outputs
            .iter()
            .position(|output| output.typed == typed || output.source.as_ref() == Some(expr));
        match (listed, &select.distinct) {
            (Some(index), _) => by_position(index, outputs),
            (None, Some(Distinct::Rows)) => Err(Fault::statement(
                "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
            )),
            (None, _) if is_constant(&typed.expr) => Ok(None),
            (None, _) => typed.key().map(Some),
        }
    }

    pub(super) fn group_by(
        &mut self,
        group_by: &[Expr],
        outputs: &[Output],
        scope: &Scope<'_>,
    ) -> Done<Vec<Expr>> {
        let mut terms = Vec::new();
        for expr in group_by {
            let is_input = |column: &Column| {
                column.table.is_some() || scope.column(&column.name) != Lookup::NoColumn
            };
            let input = matches!(expr, Expr::Column(column) if is_input(column));
            let named = if input {
                None
            } else {
                position(expr, outputs, "GROUP BY")?
            };
            let typed = match named {
                Some(position) => outputs[position].typed.clone(),
                None => self.expr(expr, scope)?,
            };
            if typed.kind == Some(SqlKind::Numeric) {
                // 1.5 and 1.50 are one group to PostgreSQL.
                return Err(Fault::needs_postgres(
                    Unmatched::DistinctNumerics,
                    "GROUP BY over numerics",
                ));
            }
            // To SQLite a bare number is a position, so constants, which make
            // no groups, are given as the position where there is one.
            match named {
                Some(position) => terms.push(Expr::Number(Number::from(position + 1))),
                None if is_constant(&typed.expr) => {
                    return Err(Fault::needs_postgres(
                        Unmatched::GroupByConstant,
                        "GROUP BY a constant",
                    ));
                }
                None => terms.push(typed.expr),
            }
        }
        Ok(terms)
    }
}

/// Returns the index of the output that a term means, by its name or its number.
fn position(expr: &Expr, outputs: &[Output], clause: &str) -> Done<Option<usize>> {
    match expr {
        Expr::Column(Column { table: None, name }) => {
            Ok(outputs.iter().position(|output| output.name == *name))
        }
        Expr::Number(number) => {
            let Some(wanted) = number.as_i64() else {
                return Err(non_integer(clause));
            };
            usize::try_from(wanted)
                .ok()
                .and_then(|wanted| wanted.checked_sub(1))
                .filter(|index| *index < outputs.len())
                .map(Some)
                .ok_or_else(|| {
                    Fault::Statement(format!("{clause} position {wanted} is not in select list"))
                })
        }
        Expr::Text(_) | Expr::Null | Expr::Bool(_) => Err(non_integer(clause)),
        _ => Ok(None),
    }
}

fn non_integer(clause: &str) -> Fault {
    Fault::Statement(format!("non-integer constant in {clause}"))
}

/// An output, by position unless its spelling orders differently.
fn by_position(index: usize, outputs: &[Output]) -> Done<Option<Expr>> {
    let typed = outputs[index].typed.clone().settled();
    if is_constant(&typed.expr) {
        return Ok(None);
    }
    match typed.kind {
        Some(SqlKind::Numeric | SqlKind::Inet | SqlKind::Interval) => typed.key().map(Some),
        _ => Ok(Some(Expr::Number(Number::from(index + 1)))),
    }
}
