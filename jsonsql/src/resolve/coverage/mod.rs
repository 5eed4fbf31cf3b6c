//! The rows that the condition of a write selects, whatever is in them.
//!
//! A condition is evaluated for every combination of the values that matter to
//! it: for a column those that it is compared with, one between and beside
//! them, and NULL where the column takes it; for what this crate cannot look
//! into (a function, a nested query) each outcome there is. A condition that is
//! true for all of them is true of every row.

use std::ops::ControlFlow;

use crate::ast::{Delete, Expr, Op, Select, StatementRef, Update};

use super::Schema;

mod evaluate;
mod outcomes;
mod point;
mod shape;
mod shifted;
mod tables;
mod twins;
mod variables;
mod whole;

use evaluate::Evaluation;
use outcomes::Outcomes;
use shape::nests;
pub(crate) use tables::Tables;
use variables::{Dependence, State, Variables};

/// The rows of its table that a write selects by a condition that does not
/// tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coverage {
    /// Every row: `like "%"`, `a or not a`.
    EveryRow,
    /// Every row in which the condition's columns are not NULL.
    EveryRowWithoutNull,
    /// Every row or none, by something that is not in the row: a nested query
    /// or a joined table that the row has nothing to do with.
    AllOrNone,
}

/// The combinations of values that are looked at; a condition with more is
/// taken apart without looking at what its parts have in common.
const COMBINATIONS: usize = 4096;

/// The same for a nested query, which is looked at once for each of the others.
const COMBINATIONS_NESTED: usize = 64;

/// The rows that a [resolved](super::resolve) write selects, where that does
/// not depend on what is in them. `None` of a condition that depends on it, or
/// may; of a select and an insert; of a write without a condition.
///
/// ```
/// use jsonsql::ast::{Method, Statement};
/// use jsonsql::ast::SqlKind;
/// use jsonsql::resolve::{Column, Coverage, Schema, Table, coverage, resolve};
///
/// let schema = Schema::new([Table::new("subscriber", [Column::new("username", SqlKind::Text)])]);
/// let delete = br#"{"from": "subscriber", "where": {"like": ["username", "%"]}}"#;
/// let mut delete = Statement::from_json(Method::Delete, delete)?;
/// resolve(&mut delete, &schema).expect("every name is known");
/// assert_eq!(coverage(&delete, &schema), Some(Coverage::EveryRow));
/// # Ok::<(), jsonsql::ast::ParseError>(())
/// ```
pub fn coverage<'a>(statement: impl Into<StatementRef<'a>>, schema: &Schema) -> Option<Coverage> {
    of_write(statement.into(), Some(schema))
}

/// The same of a write whose tables may be known to the program alone.
pub(crate) fn of_write(statement: StatementRef<'_>, schema: Option<&Schema>) -> Option<Coverage> {
    let (target, joined, filter) = match statement {
        StatementRef::Update(Update {
            table,
            from,
            filter,
            ..
        }) => (table, from, filter),
        StatementRef::Delete(Delete {
            from,
            using,
            filter,
            ..
        }) => (from, using, filter),
        StatementRef::Select(_) | StatementRef::Insert(_) => return None,
    };
    let filter = filter.as_ref()?;
    if joined.is_empty() && is_selective(filter) {
        return None;
    }
    let alike = twins::alike(filter);
    let filter = alike.as_ref().unwrap_or(filter);
    of_condition(filter, &Tables::of_write(target, joined, schema))
}

/// The rows that the condition of a select of one table selects, where that does not
/// depend on what is in them. A condition with queries in it is not looked at: they
/// are, each by itself.
pub(super) fn of_read(select: &Select, schema: &Schema) -> Option<Coverage> {
    let filter = select.filter.as_ref()?;
    if select.from.len() != 1 || is_selective(filter) || nests(filter) {
        return None;
    }
    of_condition(filter, &Tables::of_select(select, Some(schema)))
}

/// The rows of the first of these tables that a condition selects.
fn of_condition(filter: &Expr, tables: &Tables<'_>) -> Option<Coverage> {
    let variables = Variables::of(filter, tables);
    let evaluation = Evaluation {
        tables,
        variables: &variables,
    };
    let mut states = vec![State::Any; variables.len()];
    if variables.combinations() > COMBINATIONS {
        return roughly(evaluation.outcomes(filter, &states));
    }
    let mut found = Vec::new();
    variables.each(Dependence::Elsewhere, &mut states, &mut |states| {
        let mut outcomes = Outcomes::NONE;
        variables.each(Dependence::Row, states, &mut |states| {
            outcomes = outcomes.or_else(evaluation.outcomes(filter, states));
            // Not true of this row, so not of every row.
            if outcomes.contain(Outcomes::FALSE) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        found.push(roughly(outcomes));
        ControlFlow::Continue(())
    });
    let first = *found.first()?;
    if found.iter().all(|other| *other == first) {
        first
    } else {
        Some(Coverage::AllOrNone)
    }
}

/// Returns `true` for a condition that is true of no row.
fn is_never(filter: &Expr, tables: &Tables<'_>) -> bool {
    let variables = Variables::of(filter, tables);
    let evaluation = Evaluation {
        tables,
        variables: &variables,
    };
    let mut states = vec![State::Any; variables.len()];
    if variables.combinations() > COMBINATIONS_NESTED {
        return !evaluation.outcomes(filter, &states).contain(Outcomes::TRUE);
    }
    let mut is_true = false;
    variables.each(Dependence::Elsewhere, &mut states, &mut |states| {
        variables.each(Dependence::Row, states, &mut |states| {
            is_true |= evaluation.outcomes(filter, states).contain(Outcomes::TRUE);
            if is_true {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        ControlFlow::Continue(())
    });
    !is_true
}

fn roughly(outcomes: Outcomes) -> Option<Coverage> {
    if outcomes == Outcomes::TRUE {
        Some(Coverage::EveryRow)
    } else if outcomes == Outcomes::TRUE.or_else(Outcomes::NULL) {
        Some(Coverage::EveryRowWithoutNull)
    } else {
        None
    }
}

/// Returns `true` for the usual condition: the target's column is a literal,
/// alone or as one of several conditions that all have to be true.
fn is_selective(filter: &Expr) -> bool {
    match filter {
        Expr::Op(Op::And, args) => args.iter().any(is_selective),
        Expr::Op(Op::Eq, args) => matches!(
            args.as_slice(),
            [Expr::Column(column), Expr::Number(_) | Expr::Text(_)] if column.table.is_none()
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
