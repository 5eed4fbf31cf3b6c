//! The tables whose columns a condition can name.

use std::cell::Cell;
use std::rc::Rc;

use crate::ast::TableInfo;
use crate::ast::{Column, Expr, FromItem, JoinKind, Select, Source, TableName};

use super::super::{Schema, Table};
use crate::ast::SqlKind;

/// The tables in scope, the target of the write first.
pub(crate) struct Tables<'a> {
    known: Vec<Known<'a>>,
    schema: Option<&'a Schema>,
    /// The number of nodes of the statement that may still be visited; see
    /// [`Tables::spend`].
    left: Rc<Cell<usize>>,
    /// `true` for the tables of a query in the condition.
    pub(super) is_nested: bool,
}

/// Nested queries are looked into once for every combination of the values around
/// them, each level for each of the one before. What is not found out after this many
/// nodes stays undecided.
const MOST_NODES: usize = 1_000_000;

/// A table and what its columns are qualified with.
#[derive(Clone, Copy)]
struct Known<'a> {
    name: &'a str,
    /// Empty of a nested query.
    table: &'a str,
    columns: Columns<'a>,
    /// `true` if an outer join may leave all of its columns NULL.
    optional: bool,
}

#[derive(Clone, Copy)]
enum Columns<'a> {
    Mapped(&'static TableInfo),
    Listed(&'a Table),
    Unknown,
}

/// A column in scope.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    /// The qualifier of its table's columns.
    pub(super) qualifier: &'a str,
    pub(super) table: &'a str,
    pub(super) nullable: bool,
    pub(super) kind: Option<SqlKind>,
    /// `true` if it is a column of the target.
    pub(super) of_target: bool,
}

impl<'a> Tables<'a> {
    pub(super) fn of_write(
        target: &'a TableName,
        joined: &'a [FromItem],
        schema: Option<&'a Schema>,
    ) -> Self {
        let mut tables = Tables {
            known: Vec::new(),
            schema,
            left: Rc::new(Cell::new(MOST_NODES)),
            is_nested: false,
        };
        tables.add(target, target, target.info());
        tables.join(joined);
        tables
    }

    /// The tables of a select, the first of which is the one in question.
    pub(super) fn of_select(select: &'a Select, schema: Option<&'a Schema>) -> Self {
        let mut tables = Tables {
            known: Vec::new(),
            schema,
            left: Rc::new(Cell::new(MOST_NODES)),
            is_nested: false,
        };
        tables.join(&select.from);
        tables
    }

    fn join(&mut self, items: &'a [FromItem]) {
        let optional = items.iter().any(|item| {
            let kind = item.join.as_ref().map(|join| join.kind);
            matches!(
                kind,
                Some(JoinKind::Left | JoinKind::Right | JoinKind::Full)
            )
        });
        for item in items {
            let (table, info) = match &item.source {
                Source::Table(table) => (&**table, table.info()),
                Source::Select(_) => ("", None),
            };
            self.add(item.visible_name().unwrap_or_default(), table, info);
            if let Some(known) = self.known.last_mut() {
                known.optional = optional;
            }
        }
    }

    fn add(&mut self, name: &'a str, table: &'a str, info: Option<&'static TableInfo>) {
        let listed = self.schema.and_then(|schema| schema.table(table));
        let columns = match (info, listed) {
            (_, Some(listed)) => Columns::Listed(listed),
            (Some(info), None) => Columns::Mapped(info),
            (None, None) => Columns::Unknown,
        };
        self.known.push(Known {
            name,
            table,
            columns,
            optional: false,
        });
    }

    /// The column of a name; one without a qualifier is the first table's that
    /// has it, or else the target's.
    pub(super) fn column(&self, column: &Column) -> Option<Facts<'a>> {
        let index = match &column.table {
            Some(table) => self.known.iter().position(|known| known.name == table)?,
            None => self
                .known
                .iter()
                .position(|known| known.facts(&column.name).is_some())
                .unwrap_or_default(),
        };
        let known = self.known.get(index)?;
        let (nullable, kind) = known.facts(&column.name).unwrap_or((true, None));
        Some(Facts {
            qualifier: known.name,
            table: known.table,
            nullable: nullable || known.optional,
            kind,
            of_target: index == 0,
        })
    }

    /// Returns `true` if an expression, or a query nested in it, uses a column
    /// of the target.
    pub(super) fn mention(&self, expr: &Expr) -> bool {
        let mut found = false;
        expr.deep(&mut |expr| {
            found |= match expr {
                Expr::Column(column) => self.column(column).is_some_and(|facts| facts.of_target),
                Expr::Select(select) => self.mentioned_in(select, &[]),
                _ => false,
            };
        });
        found
    }

    /// Looks into a nested query; the tables of the queries around it hide these.
    fn mentioned_in(&self, select: &Select, hidden: &[Known<'_>]) -> bool {
        let mut inner = Tables::of_select(select, self.schema).known;
        inner.extend_from_slice(hidden);
        let mut found = false;
        select.roots(&mut |_, root| {
            root.deep(&mut |expr| {
                let Expr::Column(column) = expr else { return };
                let is_hidden = inner.iter().any(|known| match &column.table {
                    Some(table) => known.name == table,
                    None => known.facts(&column.name).is_some(),
                });
                found |= !is_hidden && self.column(column).is_some_and(|facts| facts.of_target);
            });
        });
        select.selects(&mut |nested| found |= self.mentioned_in(nested, &inner));
        found
    }

    /// The tables of a query nested in the condition, as far as they are its own.
    pub(super) fn nested<'b>(&self, select: &'b Select) -> Tables<'b>
    where
        'a: 'b,
    {
        let mut nested = Tables::of_select(select, self.schema);
        nested.left = Rc::clone(&self.left);
        nested.is_nested = true;
        nested
    }

    /// Counts nodes that are looked at. Returns `false` when it has been enough.
    pub(super) fn spend(&self, nodes: usize) -> bool {
        let left = self.left.get().saturating_sub(nodes);
        self.left.set(left);
        left > 0
    }
}

impl Known<'_> {
    /// Returns the nullability and the type of a column, if the column is known.
    fn facts(&self, column: &str) -> Option<(bool, Option<SqlKind>)> {
        match self.columns {
            Columns::Mapped(info) => {
                let column = info.columns.iter().find(|known| known.name == column)?;
                Some((column.nullable, Some(column.kind)))
            }
            Columns::Listed(table) => {
                let column = table.column(column)?;
                Some((column.nullable, Some(column.kind)))
            }
            Columns::Unknown => None,
        }
    }
}
