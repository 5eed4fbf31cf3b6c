//! Nested queries that answer with a column of every row of a table.

use crate::ast::{Body, Column, Expr, FromItem, Item, Join, JoinKind, Name, Op, Select, Source};

use super::shape::bare;
use super::tables::Tables;
use super::twins::rename;
use super::{Coverage, of_condition};

/// The case in which a query returns the column of every row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Always,
    /// Only if the tables joined to it have rows; otherwise the query returns no rows.
    WithRows,
}

/// Says when a select answers with a column of every row of its table, if this
/// is the same column.
pub(super) fn values(value: &Expr, select: &Select, tables: &Tables<'_>) -> Option<Whole> {
    let (Expr::Column(column), Body::Data(data)) = (value, &select.body) else {
        return None;
    };
    match data.items() {
        [item] => column_of_every_row(column, &item.expr, select, tables),
        _ => None,
    }
}

/// The same of what is `selected` from the select's own table, or from a select
/// in its FROM.
fn column_of_every_row(
    column: &Column,
    selected: &Expr,
    select: &Select,
    tables: &Tables<'_>,
) -> Option<Whole> {
    let drops_rows = select.having.is_some()
        || select.limit.is_some()
        || select.offset.is_some_and(|rows| rows > 0)
        || matches!(select.distinct, Some(crate::ast::Distinct::On(_)));
    if drops_rows {
        return None;
    }
    let mut of_itself = selected.clone();
    let once = without_itself(column, &mut of_itself, select, tables)?;
    if keeps_every_row(&once, &tables.nested(&once)) {
        return column_of_first(column, &of_itself, &once, tables);
    }
    if !is_joined_to_others(select, tables) {
        return None;
    }
    column_of_first(column, selected, select, tables).map(|_| Whole::WithRows)
}

/// Says when what is selected is the column of every row of a table, if that is
/// the first one in FROM and keeps its rows.
fn column_of_first(
    column: &Column,
    selected: &Expr,
    select: &Select,
    tables: &Tables<'_>,
) -> Option<Whole> {
    let Expr::Column(selected) = bare(selected, &tables.nested(select)) else {
        return None;
    };
    let [first, others @ ..] = select.from.as_slice() else {
        return None;
    };
    let of_first = match &selected.table {
        Some(name) => first.visible_name() == Some(name),
        None => others.is_empty(),
    };
    match &first.source {
        _ if !of_first => None,
        Source::Table(table) => {
            let facts = tables.column(column)?;
            let is_it = facts.table == &**table && selected.name == column.name;
            is_it.then_some(Whole::Always)
        }
        Source::Select(nested) => {
            let Body::Data(data) = &nested.body else {
                return None;
            };
            let is_it = |item: &&Item| match (&item.alias, &item.expr) {
                (Some(alias), _) => *alias == selected.name,
                (None, Expr::Column(column)) => column.name == selected.name,
                _ => false,
            };
            let found = data.items().iter().find(is_it)?;
            column_of_every_row(column, &found.expr, nested, tables)
        }
    }
}

fn kind(item: &FromItem) -> Option<JoinKind> {
    item.join.as_ref().map(|join| join.kind)
}

/// Returns `true` if joins and a filter leave every row of the first table.
fn keeps_every_row(select: &Select, inner: &Tables<'_>) -> bool {
    let others = select.from.get(1..).unwrap_or_default();
    match &select.filter {
        None => others
            .iter()
            .all(|item| matches!(kind(item), Some(JoinKind::Left | JoinKind::Full))),
        Some(filter) => {
            others.is_empty() && of_condition(filter, inner) == Some(Coverage::EveryRow)
        }
    }
}

/// Returns `true` if no condition of a product of tables asks about a row of the
/// first one or of the write.
fn is_joined_to_others(select: &Select, outer: &Tables<'_>) -> bool {
    let others = select.from.get(1..).unwrap_or_default();
    let inner = outer.nested(select);
    let conditions = others
        .iter()
        .filter_map(|item| item.join.as_ref()?.on.as_ref())
        .chain(&select.filter);
    others
        .iter()
        .all(|item| matches!(kind(item), None | Some(JoinKind::Inner | JoinKind::Cross)))
        && conditions
            .into_iter()
            .all(|condition| !inner.mention(condition) && !outer.mention(condition))
}

/// The select without the tables that are its first one once more, and without
/// the table of the `column` that the select is compared with if it is the same:
/// their conditions are asked of a row and itself.
///
/// `SELECT a.id FROM t AS a JOIN t AS b ON a.id = b.id` answers with every `id`,
/// since each row is joined to itself at least. `None` of a select from another
/// table than the column's, and so before anything is copied.
fn without_itself(
    column: &Column,
    selected: &mut Expr,
    select: &Select,
    tables: &Tables<'_>,
) -> Option<Select> {
    let first = select.from.first()?;
    let (Source::Table(table), Some(name)) = (&first.source, first.visible_name()) else {
        return Some(select.clone());
    };
    let facts = tables.column(column)?;
    if facts.table != &**table {
        return None;
    }
    let (table, name) = (table.clone(), Name::Owned(name.to_owned()));
    let mut same: Vec<Name> = Vec::new();
    let mut conditions: Vec<Expr> = Vec::new();
    let around = facts.qualifier;
    let hides = |item: &FromItem| item.visible_name() == Some(around);
    if !select.from.iter().any(hides) {
        same.push(Name::Owned(around.to_owned()));
    }
    let mut select = select.clone();
    let mut index = 0;
    select.from.retain_mut(|item| {
        index += 1;
        let again = index > 1
            && matches!(&item.source, Source::Table(other) if **other == *table)
            && matches!(kind(item), None | Some(JoinKind::Inner | JoinKind::Cross));
        if again {
            same.extend(item.visible_name().map(|name| Name::Owned(name.to_owned())));
            conditions.extend(item.join.take().and_then(|Join { on, .. }| on));
        }
        !again
    });
    conditions.extend(select.filter.take());
    select.filter = match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(Expr::Op(Op::And, conditions)),
    };
    for old in same.iter().filter(|old| **old != name) {
        select.roots_mut(&mut |_, root| rename(root, old, &name));
        rename(selected, old, &name);
    }
    Some(select)
}
