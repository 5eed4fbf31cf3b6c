//! Statements that do not do what they look like.

use super::Error;
use super::target::target;
use crate::ast::{Expr, Method};
use crate::ast::{Insert, InsertSource, Name, StatementRef, Update};
use crate::resolve::{self, is_position, operand_compared_with_itself};

/// Refuses comparisons of a column with itself, positions, and what nests too deep.
pub(super) fn check(statement: StatementRef<'_>) -> Result<(), Error> {
    if !statement.is_bounded() {
        return Err(Error::TooDeep {
            method: statement.method(),
        });
    }
    let target = target(statement);
    let mut found = None;
    statement.everything(&mut |clause, expr| {
        let Expr::Op(op, args) = expr else { return };
        if let (None, Some(operand)) = (&found, operand_compared_with_itself(op, args, target)) {
            found = Some(Error::SelfComparison {
                operand: operand.to_string(),
                clause,
            });
        }
    });
    statement.every_root(&mut |clause, root| {
        if found.is_none() && is_position(clause, root) {
            found = Some(Error::Position { clause });
        }
    });
    found.map_or(Ok(()), Err)
}

/// Refuses writes of nothing, of everything by a predicate that does not tell
/// rows apart, and of a column twice.
pub(super) fn check_write(statement: StatementRef<'_>) -> Result<(), Error> {
    match statement {
        StatementRef::Select(_) => return Ok(()),
        StatementRef::Insert(insert) => check_insert(insert)?,
        StatementRef::Update(update) => check_set(update)?,
        StatementRef::Delete(_) => {}
    }
    let table = target(statement).unwrap_or_default();
    match resolve::of_write(statement, None) {
        Some(coverage) => Err(Error::Unbounded {
            method: statement.method(),
            table: table.to_owned(),
            coverage,
        }),
        None => Ok(()),
    }
}

fn check_insert(insert: &Insert) -> Result<(), Error> {
    let table = || insert.into.to_string();
    if matches!(&insert.source, InsertSource::Values(rows) if rows.is_empty()) {
        return Err(Error::NoRows { table: table() });
    }
    check_columns(Method::Insert, &insert.into, &insert.columns)
}

fn check_set(update: &Update) -> Result<(), Error> {
    let table = || update.table.to_string();
    if update.set.is_empty() {
        return Err(Error::NothingSet { table: table() });
    }
    for (name, value) in &update.set {
        if let Expr::Column(column) = value
            && column.name == *name
            && column
                .table
                .as_deref()
                .is_none_or(|qualifier| *qualifier == *update.table)
        {
            return Err(Error::SelfAssignment {
                table: table(),
                column: name.to_string(),
            });
        }
    }
    check_columns(
        Method::Update,
        &update.table,
        update.set.iter().map(|(name, _)| name),
    )
}

fn check_columns<'a>(
    method: Method,
    table: &str,
    columns: impl IntoIterator<Item = &'a Name>,
) -> Result<(), Error> {
    let mut seen: Vec<&Name> = Vec::new();
    for column in columns {
        if seen.contains(&column) {
            return Err(Error::ColumnTwice {
                method,
                table: table.to_owned(),
                column: column.to_string(),
            });
        }
        seen.push(column);
    }
    Ok(())
}
