//! The target of a write, seen from queries nested in it.

use crate::ast::{Column, Expr, Name, Select, Source, StatementMut, StatementRef};

/// The table that a write is of.
pub(super) fn target(statement: StatementRef<'_>) -> Option<&str> {
    match statement {
        StatementRef::Select(_) => None,
        StatementRef::Insert(insert) => Some(&insert.into),
        StatementRef::Update(update) => Some(&update.table),
        StatementRef::Delete(delete) => Some(&delete.from),
    }
}

/// Qualifies the target's columns in nested queries with the table's name.
///
/// Outside them they stand bare, as in every source; inside, a bare `id` would
/// be taken for the inner table's, silently.
pub(super) fn qualify(statement: &mut StatementMut<'_>) {
    let Some(target) = target(statement.by_ref()).map(|name| Name::Owned(name.to_owned())) else {
        return;
    };
    statement.selects_mut(&mut |select| qualify_in(select, &target));
}

fn qualify_in(select: &mut Select, target: &Name) {
    // A parsed query has bare columns of its own; a built one has none.
    let is_built = select.from.iter().all(|item| match &item.source {
        Source::Table(table) => table.info().is_some(),
        Source::Select(_) => true,
    });
    if is_built {
        select.roots_mut(&mut |_, root| qualify_columns(root, target));
    }
    select.selects_mut(&mut |nested| qualify_in(nested, target));
}

fn qualify_columns(root: &mut Expr, target: &Name) {
    root.deep_mut(&mut |expr| {
        if let Expr::Column(column @ Column { table: None, .. }) = expr {
            column.table = Some(target.clone());
        }
    });
}

/// Qualifies the columns of an expression that stand without a table, and
/// those in queries nested in it.
pub(super) fn qualify_expr(root: &mut Expr, table: &Name) {
    qualify_columns(root, table);
    root.deep_mut(&mut |expr| {
        if let Expr::Select(nested) = expr {
            qualify_in(nested, table);
        }
    });
}
