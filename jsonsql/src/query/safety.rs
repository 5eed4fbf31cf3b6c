//! Text is never a column.
//!
//! On the wire a text and an unqualified column are both a JSON string, and
//! the server takes it for a column if a table in scope has one of that name.
//! Which scope counts where is not documented, so a text may not be the name
//! of a column of any table in the statement. Nor is it documented how names
//! are compared: [`TextColumns`] says what counts as one.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Error;
use super::sql_name::SqlName;
use crate::TextColumns;
use crate::ast::TableInfo;
use crate::ast::{
    Expr, FromItem, Name, Op, Projection, Select, StatementMut, StatementRef, TableName,
};

/// Refuses a statement with a text that a server could read as something else,
/// or with a string that a raw fragment left undecided.
pub(super) fn check(statement: StatementRef<'_>, columns: TextColumns) -> Result<(), Error> {
    let readings = Readings::of(statement);
    let mut found = None;
    statement.everything(&mut |clause, expr| {
        let (text, problem) = match expr {
            Expr::Text(text) => (text, readings.of_text(text, columns).map(Some)),
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

/// The element of a statement that a server could mistake a text for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadsAs {
    /// A column of this table.
    ColumnOf(&'static str),
    /// Another spelling of a column's name: see [`TextColumns::AsSql`].
    Spelling {
        /// The table.
        table: &'static str,
        /// The column as it is named there.
        column: &'static str,
    },
    /// A column that PostgreSQL adds to every table: see [`TextColumns::AsSql`].
    SystemColumn(&'static str),
    /// The alias of a table in the statement, which is a row to PostgreSQL.
    Alias,
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
            ReadsAs::Spelling { table, column } => {
                write!(f, "the column `{column}` of `{table}` in another spelling")
            }
            ReadsAs::SystemColumn(column) => {
                write!(f, "the column `{column}` that every table has")
            }
            ReadsAs::Alias => f.write_str("a row of the statement's table of that alias"),
            ReadsAs::OutputName => f.write_str("an output name of the statement"),
            ReadsAs::TableName => f.write_str("the statement's table"),
            ReadsAs::Star => f.write_str("every column or row"),
        }
    }
}

/// Writes every such text as a `concat` of two pieces neither of which reads
/// as anything else.
///
/// The dialect is not known yet, so that it is as for the one that reads most
/// texts as columns: to another server two pieces are the same text.
pub(super) fn split(statement: &mut StatementMut<'_>) {
    let readings = Readings::of(statement.by_ref());
    let mut replacements: HashMap<String, [Name; 2]> = HashMap::new();
    statement.by_ref().texts(&mut |_, text| {
        if readings.of_text(text, TextColumns::AsSql).is_some()
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
    if !matches!(statement, StatementMut::Select(_)) {
        statement.roots_mut(&mut |_, root| root.deep_mut(&mut rewrite));
    }
    statement.selects_mut(&mut |select| split_select(select, &mut rewrite));
}

fn split_select(select: &mut Select, rewrite: &mut dyn FnMut(&mut Expr)) {
    select.roots_mut(&mut |_, root| root.deep_mut(rewrite));
    select.selects_mut(&mut |nested| split_select(nested, rewrite));
}

/// The columns that PostgreSQL adds to every table (8.4 manual, section 5.4).
pub(super) const SYSTEM_COLUMNS: [&str; 7] =
    ["oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// The names in a statement that a text could be read as, collected once: a
/// statement may hold thousands of texts.
#[derive(Default)]
struct Readings {
    target: Option<TableName>,
    tables: Vec<&'static TableInfo>,
    aliases: Vec<Name>,
    outputs: HashSet<Name>,
}

impl Readings {
    fn of(statement: StatementRef<'_>) -> Readings {
        let (target, joined, returning): (_, &[FromItem], _) = match statement {
            StatementRef::Select(_) => (None, &[], None),
            StatementRef::Insert(insert) => (Some(&insert.into), &[], insert.returning.as_ref()),
            StatementRef::Update(update) => {
                (Some(&update.table), &update.from, update.returning.as_ref())
            }
            StatementRef::Delete(delete) => {
                (Some(&delete.from), &delete.using, delete.returning.as_ref())
            }
        };
        let mut readings = Readings {
            target: target.cloned(),
            ..Readings::default()
        };
        readings.add_tables(target.and_then(TableName::info).into_iter());
        readings.add_from(joined);
        readings.add_outputs(returning);
        statement.selects(&mut |select| readings.add(select));
        readings
    }

    fn add(&mut self, select: &Select) {
        self.add_from(&select.from);
        self.add_outputs(select.projection());
        select.selects(&mut |nested| self.add(nested));
    }

    fn add_outputs(&mut self, projection: Option<&Projection>) {
        let items = projection.map_or([].as_slice(), Projection::items);
        let outputs = items.iter().filter_map(|item| item.alias.clone());
        self.outputs.extend(outputs);
    }

    fn add_from(&mut self, items: &[FromItem]) {
        self.add_tables(items.iter().filter_map(FromItem::info));
        let aliases = items.iter().filter_map(|item| item.alias.clone());
        self.aliases.extend(aliases);
    }

    fn add_tables(&mut self, tables: impl Iterator<Item = &'static TableInfo>) {
        for table in tables {
            if !self.tables.contains(&table) {
                self.tables.push(table);
            }
        }
    }

    /// Returns the element that a server could mistake this text for, if there is one.
    fn of_text(&self, text: &str, columns: TextColumns) -> Option<ReadsAs> {
        if text == "*" {
            return Some(ReadsAs::Star);
        }
        if self.target.as_deref() == Some(text) {
            return Some(ReadsAs::TableName);
        }
        if let Some(table) = self.tables.iter().find(|table| table.has_column(text)) {
            return Some(ReadsAs::ColumnOf(table.name));
        }
        if self.outputs.contains(text) {
            return Some(ReadsAs::OutputName);
        }
        match columns {
            TextColumns::Exact => None,
            TextColumns::AsSql => self.of_name(&SqlName::new(text)),
        }
    }

    /// Returns the element that SQL would read a text as in the place of a name.
    fn of_name(&self, text: &SqlName<'_>) -> Option<ReadsAs> {
        let SqlName { qualifier, name } = text;
        let target = || self.target.as_deref().into_iter();
        let tables = || target().chain(self.tables.iter().map(|table| table.name));
        let aliases = || self.aliases.iter().map(|alias| &**alias);
        if let Some(qualifier) = qualifier
            && !tables().chain(aliases()).any(|known| qualifier.is(known))
        {
            return None;
        }
        if name.is("*") {
            return Some(ReadsAs::Star);
        }
        for table in &self.tables {
            if let Some(column) = table.column_names().find(|column| name.is(column)) {
                let table = table.name;
                return Some(ReadsAs::Spelling { table, column });
            }
        }
        if self.outputs.iter().any(|output| name.is(output)) {
            return Some(ReadsAs::OutputName);
        }
        if tables().next().is_some()
            && let Some(column) = SYSTEM_COLUMNS.iter().find(|column| name.is(column))
        {
            return Some(ReadsAs::SystemColumn(column));
        }
        if tables().any(|known| text.is(known)) {
            return Some(ReadsAs::TableName);
        }
        aliases()
            .any(|known| text.is(known))
            .then_some(ReadsAs::Alias)
    }

    /// Two pieces of a text that are only texts, to every server.
    fn pieces(&self, text: &str) -> Option<[Name; 2]> {
        let only_text = |piece: &str| self.of_text(piece, TextColumns::AsSql).is_none();
        text.char_indices()
            .skip(1)
            .map(|(index, _)| text.split_at(index))
            .find(|(head, tail)| only_text(head) && only_text(tail))
            .map(|(head, tail)| [head.to_owned().into(), tail.to_owned().into()])
    }
}
