//! Text is never a column.
//!
//! On the wire a text and an unqualified column are both a JSON string, and
//! the server takes it for a column if a table in scope has one of that name.
//! Which scope counts where is not documented, so a text may not be the name
//! of a column of any table in the statement.

use std::fmt;

use super::Error;
use crate::ast::{Clause, Expr, Name, Op, Projection, Select, Source, Statement};
use crate::schema::TableInfo;

/// Refuses a statement with a text that a server could read as something else,
/// or with a string that a raw fragment left undecided.
pub(super) fn check(statement: &Statement) -> Result<(), Error> {
    let mut found = None;
    each_text(statement, &mut |clause, text, decided| {
        if found.is_some() {
            return;
        }
        found = match (decided, reading(statement, text)) {
            (false, _) => Some(Error::Undecided {
                text: text.to_owned(),
                clause,
            }),
            (true, Some(reads_as)) => Some(Error::AmbiguousText {
                text: text.to_owned(),
                reads_as,
                clause,
            }),
            (true, None) => None,
        };
    });
    found.map_or(Ok(()), Err)
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
    let mut reading = match statement {
        Statement::Select(_) => None,
        Statement::Insert(insert) => is_table(&insert.into, text),
        Statement::Update(update) => is_table(&update.table, text),
        Statement::Delete(delete) => is_table(&delete.from, text),
    };
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

fn is_table(table: &str, text: &str) -> Option<ReadsAs> {
    (table == text).then_some(ReadsAs::TableName)
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

/// Visits every string that is not a column: decided to be a text, or not.
fn each_text(statement: &Statement, visit: &mut dyn FnMut(Clause, &str, bool)) {
    statement.everything(&mut |clause, expr| match expr {
        Expr::Text(text) => visit(clause, text, true),
        Expr::Bare(text) => visit(clause, text, false),
        _ => {}
    });
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
