//! Text is never a column.
//!
//! On the wire a text and an unqualified column are both a JSON string, and
//! the server takes it for a column if a table in scope has one of that name.
//! Which scope counts where is not documented, so a text may not be the name
//! of a column of any table in the statement.

use super::Error;
use crate::ast::{Expr, Name, Op, Select, Source, Statement};
use crate::schema::TableInfo;

/// Refuses a statement with a text that a server could read as a column.
pub(super) fn check(statement: &Statement) -> Result<(), Error> {
    let mut found = None;
    statement.texts(&mut |clause, text| {
        if found.is_none() {
            found = owner(statement, text).map(|table| Error::AmbiguousText {
                text: text.to_owned(),
                table: table.name,
                clause,
            });
        }
    });
    found.map_or(Ok(()), Err)
}

/// Writes every such text as a `concat` of two pieces neither of which is a column.
pub(super) fn split(statement: &mut Statement) {
    let mut names: Vec<Name> = Vec::new();
    statement.texts(&mut |_, text| {
        if owner(statement, text).is_some() {
            names.push(Name::Owned(text.to_owned()));
        }
    });
    if names.is_empty() {
        return;
    }
    let tables = tables(statement);
    let mut rewrite = |expr: &mut Expr| {
        if let Expr::Text(text) = expr
            && names.contains(text)
            && let Some(pieces) = pieces(text, &tables)
        {
            *expr = Expr::Op(Op::Concat, pieces.map(Expr::Text).into());
        }
    };
    if !matches!(statement, Statement::Select(_)) {
        statement.roots_mut(&mut |_, root| root.deep_mut(&mut rewrite));
    }
    statement.selects_mut(&mut |select| split_select(select, &mut rewrite));
}

fn split_select(select: &mut Select, rewrite: &mut dyn FnMut(&mut Expr)) {
    select.roots_mut(&mut |_, root| root.deep_mut(rewrite));
    select.selects_mut(&mut |nested| split_select(nested, rewrite));
}

/// Two pieces of a text, neither of them a column.
fn pieces(text: &str, tables: &[&'static TableInfo]) -> Option<[Name; 2]> {
    let free = |piece: &str| !tables.iter().any(|table| table.has_column(piece));
    text.char_indices()
        .skip(1)
        .map(|(index, _)| text.split_at(index))
        .find(|(head, tail)| free(head) && free(tail))
        .map(|(head, tail)| [head.to_owned().into(), tail.to_owned().into()])
}

fn tables(statement: &Statement) -> Vec<&'static TableInfo> {
    let mut tables = Vec::new();
    each_table(statement, &mut |table| tables.push(table));
    tables
}

/// The table that has a column of this name.
fn owner(statement: &Statement, text: &str) -> Option<&'static TableInfo> {
    let mut owner = None;
    each_table(statement, &mut |table| {
        if owner.is_none() && table.has_column(text) {
            owner = Some(table);
        }
    });
    owner
}

fn each_table(statement: &Statement, visit: &mut dyn FnMut(&'static TableInfo)) {
    let (target, from) = match statement {
        Statement::Select(_) => (None, [].as_slice()),
        Statement::Insert(insert) => (Some(&insert.into), [].as_slice()),
        Statement::Update(update) => (Some(&update.table), update.from.as_slice()),
        Statement::Delete(delete) => (Some(&delete.from), delete.using.as_slice()),
    };
    let joined = from.iter().filter_map(|item| match &item.source {
        Source::Table(table) => Some(table),
        Source::Select(_) => None,
    });
    for table in target.into_iter().chain(joined) {
        table.info().map(&mut *visit);
    }
    statement.selects(&mut |select| each_table_of(select, visit));
}

fn each_table_of(select: &Select, visit: &mut dyn FnMut(&'static TableInfo)) {
    for item in &select.from {
        if let Source::Table(table) = &item.source {
            table.info().map(&mut *visit);
        }
    }
    select.selects(&mut |nested| each_table_of(nested, visit));
}
