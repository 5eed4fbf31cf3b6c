//! The vendor's short spelling of statements with one table.

use crate::ast::{Body, Column, Expr, FromItem, Name, Projection, Select, Source, Statement};
use crate::ast::{StatementMut, StatementRef};

/// Drops the alias of every select that has one table and no columns of
/// another, and writes a nested select of one column as `"data": "id"`.
pub(super) fn unqualified(statement: StatementRef<'_>) -> Statement {
    let mut statement = statement.to_statement();
    let mut node = StatementMut::from(&mut statement);
    node.selects_mut(&mut |select| shorten(select, false));
    // A select that feeds an insert keeps its list; those in conditions do not.
    node.roots_mut(&mut |_, root| root.deep_mut(&mut single));
    statement
}

fn shorten(select: &mut Select, nested: bool) {
    select.selects_mut(&mut |inner| shorten(inner, true));
    select.roots_mut(&mut |_, root| root.deep_mut(&mut single));
    let [
        FromItem {
            source: Source::Table(table),
            alias,
            join: None,
        },
    ] = select.from.as_mut_slice()
    else {
        return;
    };
    let table = Name::Owned(table.to_string());
    let Some(own) = alias.take() else { return };
    let mut foreign = false;
    select.roots(&mut |_, root| {
        root.deep(&mut |expr| {
            foreign |= match expr {
                Expr::Column(Column {
                    table: Some(table), ..
                }) => *table != own,
                Expr::Select(inner) => mentions(inner, &own),
                _ => false,
            };
        });
    });
    if foreign && nested || correlated(select, &own) {
        select.from[0].alias = Some(own);
        return;
    }
    select.roots_mut(&mut |_, root| {
        root.deep_mut(&mut |expr| {
            if let Expr::Column(column) = expr
                && column.table.as_ref() == Some(&own)
            {
                column.table = None;
            }
        });
    });
    if let Body::Data(data) = &mut select.body {
        qualify_named(data, &table);
    }
}

/// A bare column has no form that carries an output name: `{"media": "name",
/// "as": "title"}`.
fn qualify_named(data: &mut Projection, from: &Name) {
    for item in data.items_mut() {
        if item.alias.is_some()
            && let Expr::Column(column @ Column { table: None, .. }) = &mut item.expr
        {
            column.table = Some(from.clone());
        }
    }
}

/// Returns `true` if a select nested in this one uses its columns.
fn correlated(select: &Select, alias: &str) -> bool {
    let mut found = false;
    select.selects(&mut |inner| found |= mentions(inner, alias));
    found
}

fn mentions(select: &Select, alias: &str) -> bool {
    let mut found = false;
    select.roots(&mut |_, root| {
        root.deep(&mut |expr| {
            found |=
                matches!(expr, Expr::Column(Column { table: Some(table), .. }) if table == alias);
        });
    });
    found || correlated(select, alias)
}

/// `"data": ["id"]` of a nested select, as `"data": "id"`.
fn single(expr: &mut Expr) {
    if let Expr::Select(select) = expr
        && let Body::Data(data) = &mut select.body
        && let Projection::List(items) = data
        && let [item] = items.as_slice()
    {
        *data = Projection::Single(item.clone());
    }
}
