//! Text is never a column.
//!
//! On the wire a text and an unqualified column are both a JSON string, and
//! the server takes it for a column if a table in scope has one of that name.
//! Which scope counts where is not documented, so a text may not be the name
//! of a column of any table in the statement.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Error;
use crate::ast::{Expr, FromItem, Name, Op, Projection, Select, Statement, TableName};
use crate::schema::TableInfo;

/// Refuses a statement with a text that a server could read as something else,
/// or with a string that a raw fragment left undecided.
pub(super) fn check(statement: &Statement) -> Result<(), Error> {
    let readings = Readings::of(statement);
    let mut found = None;
    statement.everything(&mut |clause, expr| {
        let (text, problem) = match expr {
            Expr::Text(text) => (text, readings.of_text(text).map(Some)),
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
    let readings = Readings::of(statement);
    let mut replacements: HashMap<String, [Name; 2]> = HashMap::new();
    statement.texts(&mut |_, text| {
        if readings.of_text(text).is_some()
            && let Some(pieces) = readings.pieces(text)
        {
            replacements.insert(text.to_owned(), pieces);
        }
    });
    let mut rewrite = |expr: &mut Expr| {
        if let Expr::Text(text) = expr
            && let Some(pieces) = replacements.get(&**text)
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

/// What a statement has that a text could be read as, collected once: a
/// statement may hold thousands of texts.
#[derive(Default)]
struct Readings {
    target: Option<TableName>,
    tables: Vec<&'static TableInfo>,
    outputs: HashSet<Name>,
}

impl Readings {
    fn of(statement: &Statement) -> Readings {
        let (target, joined): (_, &[FromItem]) = match statement {
            Statement::Select(_) => (None, &[]),
            Statement::Insert(insert) => (Some(&insert.into), &[]),
            Statement::Update(update) => (Some(&update.table), &update.from),
            Statement::Delete(delete) => (Some(&delete.from), &delete.using),
        };
        let mut readings = Readings {
            target: target.cloned(),
            ..Readings::default()
        };
        let tables = target.and_then(TableName::info).into_iter();
        readings.add_tables(tables.chain(joined.iter().filter_map(FromItem::info)));
        statement.selects(&mut |select| readings.add(select));
        readings
    }

    fn add(&mut self, select: &Select) {
        self.add_tables(select.from.iter().filter_map(FromItem::info));
        let items = select.projection().map_or([].as_slice(), Projection::items);
        let outputs = items.iter().filter_map(|item| item.alias.clone());
        self.outputs.extend(outputs);
        select.selects(&mut |nested| self.add(nested));
    }

    fn add_tables(&mut self, tables: impl Iterator<Item = &'static TableInfo>) {
        for table in tables {
            if !self.tables.contains(&table) {
                self.tables.push(table);
            }
        }
    }

    /// What a server could take this text for, if not for a text.
    fn of_text(&self, text: &str) -> Option<ReadsAs> {
        if text == "*" {
            return Some(ReadsAs::Star);
        }
        if self.target.as_deref() == Some(text) {
            return Some(ReadsAs::TableName);
        }
        if let Some(table) = self.tables.iter().find(|table| table.has_column(text)) {
            return Some(ReadsAs::ColumnOf(table.name));
        }
        self.outputs.contains(text).then_some(ReadsAs::OutputName)
    }

    /// Two pieces of a text that are only texts.
    fn pieces(&self, text: &str) -> Option<[Name; 2]> {
        text.char_indices()
            .skip(1)
            .map(|(index, _)| text.split_at(index))
            .find(|(head, tail)| self.of_text(head).is_none() && self.of_text(tail).is_none())
            .map(|(head, tail)| [head.to_owned().into(), tail.to_owned().into()])
    }
}
