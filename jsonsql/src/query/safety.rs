//! Text is never a column.
//!
//! On the wire a text and an unqualified column are both a JSON string, and
//! the server takes it for a column if a table in scope has one of that name.
//! Which scope counts where is not documented, so a text may not be the name
//! of a column of any table in the statement.

use std::fmt;

use super::Error;
use crate::ast::{
    Expr, FromItem, InsertSource, Name, Op, Projection, Select, Source, Statement, TableName,
};
use crate::schema::TableInfo;

/// Refuses a statement with a text that a server could read as something else,
/// or with a string that a raw fragment left undecided.
pub(super) fn check(statement: &Statement) -> Result<(), Error> {
    if is_plain(statement) {
        return Ok(());
    }
    let mut found = None;
    statement.everything(&mut |clause, expr| {
        let (text, problem) = match expr {
            Expr::Text(text) => (text, reading(statement, text).map(Some)),
            Expr::Bare(text) => (text, Some(None)),
            _ => return,
        };
        if let (None, Some(reads_as)) = (&found, problem) {
            let text = text.clone().into_owned();
            found = Some(match reads_as {
                Some(reads_as) => Error::AmbiguousText {
                    text,
                    reads_as,
                    clause,
                },
                None => Error::Undecided { text, clause },
            });
        }
    });
    found.map_or(Ok(()), Err)
}

/// Whether nothing in it needs a closer look: one walk tells it of a statement
/// without nested queries and output names, which most are.
fn is_plain(statement: &Statement) -> bool {
    let (target, from) = target_and_joined(statement);
    let from = match statement {
        Statement::Select(select) => select.from.as_slice(),
        _ => from,
    };
    let is_column = |text: &str| {
        let joined = from.iter().filter_map(known);
        let mut tables = target.and_then(TableName::info).into_iter().chain(joined);
        tables.any(|table| table.has_column(text))
    };
    let mut plain = !from
        .iter()
        .any(|item| matches!(item.source, Source::Select(_)))
        && !has_names(statement);
    statement.roots(&mut |_, root| {
        root.deep(&mut |expr| {
            plain &= match expr {
                Expr::Text(text) => {
                    text != "*" && !is_column(text) && target.is_none_or(|table| **table != **text)
                }
                Expr::Bare(_) | Expr::Select(_) => false,
                _ => true,
            };
        });
    });
    plain
}

/// Whether it selects from another query, or gives names to what it selects.
fn has_names(statement: &Statement) -> bool {
    match statement {
        Statement::Select(select) => {
            let items = select.projection().map_or([].as_slice(), Projection::items);
            items.iter().any(|item| item.alias.is_some())
        }
        Statement::Insert(insert) => matches!(insert.source, InsertSource::Select(_)),
        Statement::Update(_) | Statement::Delete(_) => false,
    }
}

/// What a server could take a text for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadsAs {
    /// A column of this table.
    ColumnOf(&'static str),
    /// The name that the statement gives to an expression it selects.
    OutputName,
    /// The name of the statement's table.
    TableName,
    /// `"*"`, every column or every row.
    Star,
}

impl fmt::Display for ReadsAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadsAs::ColumnOf(table) => write!(f, "the column of that name in `{table}`"),
            ReadsAs::OutputName => f.write_str("an output name of the statement"),
            ReadsAs::TableName => f.write_str("the statement's table"),
            ReadsAs::Star => f.write_str("every column or row"),
        }
    }
}

/// Writes every such text as a `concat` of two pieces neither of which reads
/// as anything else.
pub(super) fn split(statement: &mut Statement) {
    let mut replacements: Vec<(Name, [Name; 2])> = Vec::new();
    statement.texts(&mut |_, text| {
        if reading(statement, text).is_some()
            && let Some(pieces) = pieces(statement, text)
        {
            replacements.push((Name::Owned(text.to_owned()), pieces));
        }
    });
    let mut rewrite = |expr: &mut Expr| {
        if let Expr::Text(text) = expr
            && let Some((_, pieces)) = replacements.iter().find(|(known, _)| known == text)
        {
            *expr = Expr::Op(Op::Concat, pieces.clone().map(Expr::Text).into());
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

/// Two pieces of a text that are only texts.
fn pieces(statement: &Statement, text: &str) -> Option<[Name; 2]> {
    text.char_indices()
        .skip(1)
        .map(|(index, _)| text.split_at(index))
        .find(|(head, tail)| {
            reading(statement, head).is_none() && reading(statement, tail).is_none()
        })
        .map(|(head, tail)| [head.to_owned().into(), tail.to_owned().into()])
}

/// What a server could take this text for, if not for a text.
fn reading(statement: &Statement, text: &str) -> Option<ReadsAs> {
    if text == "*" {
        return Some(ReadsAs::Star);
    }
    let (target, _) = target_and_joined(statement);
    let mut reading = target
        .filter(|table| ***table == *text)
        .map(|_| ReadsAs::TableName);
    each_table(statement, &mut |table| {
        if reading.is_none() && table.has_column(text) {
            reading = Some(ReadsAs::ColumnOf(table.name));
        }
    });
    if reading.is_none() && has_output_name(statement, text) {
        reading = Some(ReadsAs::OutputName);
    }
    reading
}

fn has_output_name(statement: &Statement, text: &str) -> bool {
    let mut found = false;
    statement.selects(&mut |select| found |= names_output(select, text));
    found
}

fn names_output(select: &Select, text: &str) -> bool {
    let items = select.projection().map_or([].as_slice(), Projection::items);
    let mut found = items.iter().any(|item| item.alias.as_deref() == Some(text));
    select.selects(&mut |nested| found |= names_output(nested, text));
    found
}

/// The table a write is of, and those it joins.
fn target_and_joined(statement: &Statement) -> (Option<&TableName>, &[FromItem]) {
    match statement {
        Statement::Select(_) => (None, &[]),
        Statement::Insert(insert) => (Some(&insert.into), &[]),
        Statement::Update(update) => (Some(&update.table), &update.from),
        Statement::Delete(delete) => (Some(&delete.from), &delete.using),
    }
}

fn known(item: &FromItem) -> Option<&'static TableInfo> {
    match &item.source {
        Source::Table(table) => table.info(),
        Source::Select(_) => None,
    }
}

fn each_table(statement: &Statement, visit: &mut dyn FnMut(&'static TableInfo)) {
    let (target, joined) = target_and_joined(statement);
    let target = target.and_then(TableName::info);
    target
        .into_iter()
        .chain(joined.iter().filter_map(known))
        .for_each(&mut *visit);
    statement.selects(&mut |select| each_table_of(select, visit));
}

fn each_table_of(select: &Select, visit: &mut dyn FnMut(&'static TableInfo)) {
    select.from.iter().filter_map(known).for_each(&mut *visit);
    select.selects(&mut |nested| each_table_of(nested, visit));
}
