//! Statements that have no form on the wire.
//!
//! The writer of the grammar refuses them as well; here they are found before
//! anything is written, with the clause.

use super::Error;
use crate::ast::{Clause, Column, Expr, InsertSource, Item, Op, Projection, Select, StatementRef};

/// Refuses a statement that cannot be written, or only as something else.
///
/// Of a [plain](super::fast_path::is_plain) one most is known already.
pub(super) fn check(statement: StatementRef<'_>, plain: bool) -> Result<(), Error> {
    rows(statement)?;
    if plain {
        return Ok(());
    }
    let mut found = Ok(());
    let mut all = |checked: Result<(), Error>| {
        if found.is_ok() {
            found = checked;
        }
    };
    statement.every_root(&mut |clause, root| {
        if is_null_condition(clause, root) {
            all(Err(Error::NullCondition { clause }));
        }
    });
    statement.everything(&mut |clause, expr| all(qualifier(clause, expr)));
    all(names(returning(statement), Clause::Returning));
    statement.selects(&mut |select| all(names_in(select)));
    found
}

/// Returns `true` if a clause that says which rows are meant is NULL: no source
/// says whether a server takes `"where": null` for no `where`.
#[inline]
pub(super) fn is_null_condition(clause: Clause, root: &Expr) -> bool {
    matches!(clause, Clause::Where | Clause::On | Clause::Having) && *root == Expr::Null
}

/// An expression under an output name, in a form that can carry one.
///
/// A literal is the one operand of a `coalesce`, which is its value: of the
/// operator the vendor's scripts have an example (grade A), with one operand it
/// is PostgreSQL's (grade B).
pub(super) fn nameable(expr: Expr) -> Expr {
    match expr {
        Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null => {
            Expr::Op(Op::Coalesce, vec![expr])
        }
        other => other,
    }
}

fn returning(statement: StatementRef<'_>) -> Option<&Projection> {
    match statement {
        StatementRef::Select(_) => None,
        StatementRef::Insert(insert) => insert.returning.as_ref(),
        StatementRef::Update(update) => update.returning.as_ref(),
        StatementRef::Delete(delete) => delete.returning.as_ref(),
    }
}

fn names_in(select: &Select) -> Result<(), Error> {
    names(select.projection(), Clause::Data)?;
    let mut found = Ok(());
    select.selects(&mut |nested| {
        if found.is_ok() {
            found = names_in(nested);
        }
    });
    found
}

/// Refuses an output name of what is not written as an object.
fn names(projection: Option<&Projection>, clause: Clause) -> Result<(), Error> {
    let items = projection.map_or([].as_slice(), Projection::items);
    let unwritable = |item: &&Item| item.alias.is_some() && !item.expr.is_object();
    match items.iter().find(unwritable) {
        Some(Item {
            alias: Some(name), ..
        }) => Err(Error::OutputName {
            name: name.to_string(),
            clause,
        }),
        _ => Ok(()),
    }
}

/// Refuses a column whose table's name makes it something else on the wire:
/// `{"values": "id"}`.
fn qualifier(clause: Clause, expr: &Expr) -> Result<(), Error> {
    let Expr::Column(Column {
        table: Some(table), ..
    }) = expr
    else {
        return Ok(());
    };
    if is_word(table) || clause == Clause::OrderBy && is_direction(table) {
        return Err(Error::Qualifier {
            table: table.to_string(),
            clause,
        });
    }
    Ok(())
}

/// Returns `true` for a qualifier that makes something else of its column, or
/// does so in a clause.
#[inline]
pub(super) fn is_suspect_qualifier(table: &str) -> bool {
    // Most aliases are a letter, which no word is.
    table.len() != 1 && (is_word(table) || is_direction(table))
}

fn is_word(table: &str) -> bool {
    Op::known(table).is_some() || matches!(table, "" | "select" | "values" | "function" | "as")
}

fn is_direction(table: &str) -> bool {
    table.eq_ignore_ascii_case("asc") || table.eq_ignore_ascii_case("desc")
}

/// Refuses rows that are not as long as the list of columns.
fn rows(statement: StatementRef<'_>) -> Result<(), Error> {
    let StatementRef::Insert(insert) = statement else {
        return Ok(());
    };
    let table = || insert.into.to_string();
    let InsertSource::Values(rows) = &insert.source else {
        return Ok(());
    };
    let columns = insert.columns.len();
    match rows.iter().position(|row| row.len() != columns) {
        Some(row) => Err(Error::RowLength {
            table: table(),
            row,
            values: rows[row].len(),
            columns,
        }),
        None => Ok(()),
    }
}
