//! Statements: what a write assigns to its columns.

use crate::ast::{At, Delete, Insert, InsertSource, Projection, Statement, Update};

use super::super::{Relation, Scope};
use super::Typer;
use crate::ast::SqlKind;

impl Typer<'_> {
    pub(super) fn statement(&mut self, statement: &Statement) {
        let at = &At::Root;
        match statement {
            Statement::Select(select) => {
                self.select(select, None, at);
            }
            Statement::Insert(insert) => self.insert(insert, at),
            Statement::Update(update) => self.update(update, at),
            Statement::Delete(delete) => self.delete(delete, at),
        }
    }

    fn insert(&mut self, insert: &Insert, at: &At<'_>) {
        let nothing = &Scope::new(&[], None);
        match &insert.source {
            InsertSource::Values(rows) => {
                let at = at.member("values");
                match rows.as_slice() {
                    // One row is written as an object keyed by column.
                    [row] => {
                        for (column, value) in insert.columns.iter().zip(row) {
                            let kind = self.target_kind(&insert.into, column);
                            self.expr_as(value, kind, nothing, &at.member(column));
                        }
                    }
                    rows => {
                        let columns = self.rows(rows, nothing, &at);
                        for (column, cells) in insert.columns.iter().zip(columns) {
                            let kind = self.target_kind(&insert.into, column);
                            self.meet(&cells, kind);
                        }
                    }
                }
            }
            InsertSource::Select(select) => {
                let at = at.member("select");
                self.select(select, None, &at);
                let items = select.projection().map_or([].as_slice(), Projection::items);
                let listed = matches!(select.projection(), Some(Projection::List(_)));
                for (index, column) in insert.columns.iter().enumerate().take(items.len()) {
                    let data = at.member("data");
                    let entry = data.item(index);
                    let pointer = if listed { &entry } else { &data }.to_string();
                    let kind = self.target_kind(&insert.into, column);
                    let noted = self.kinds.iter_mut().find(|noted| noted.pointer == pointer);
                    if let Some(noted) = noted.filter(|noted| noted.literal) {
                        noted.meets = kind;
                    }
                }
            }
        }
        let target = [self.target(&insert.into)];
        self.returning(insert.returning.as_ref(), &Scope::new(&target, None));
    }

    fn update(&mut self, update: &Update, at: &At<'_>) {
        let target = self.target(&update.table);
        let relations = self.from(&update.from, vec![target], None, &at.member("from"));
        let scope = &Scope::new(&relations, None);
        for (column, value) in &update.set {
            let kind = self.target_kind(&update.table, column);
            self.expr_as(value, kind, scope, &at.member("set").member(column));
        }
        if let Some(filter) = &update.filter {
            self.expr_as(filter, Some(SqlKind::Bool), scope, &at.member("where"));
        }
        self.returning(update.returning.as_ref(), scope);
    }

    fn delete(&mut self, delete: &Delete, at: &At<'_>) {
        let target = self.target(&delete.from);
        let relations = self.from(&delete.using, vec![target], None, &at.member("using"));
        let scope = &Scope::new(&relations, None);
        if let Some(filter) = &delete.filter {
            self.expr_as(filter, Some(SqlKind::Bool), scope, &at.member("where"));
        }
        self.returning(delete.returning.as_ref(), scope);
    }

    fn returning(&mut self, returning: Option<&Projection>, scope: &Scope<'_>) {
        if let Some(returning) = returning {
            self.projection(returning, scope, &At::Root.member("returning"));
        }
    }

    fn target(&self, table: &str) -> Relation {
        match self.schema.table(table) {
            Some(table) => Relation::of_table(table, None),
            None => Relation {
                name: Some(table.to_owned().into()),
                table: Some(table.to_owned().into()),
                fields: None,
            },
        }
    }

    fn target_kind(&self, table: &str, column: &str) -> Option<SqlKind> {
        Some(self.schema.table(table)?.column(column)?.kind)
    }
}
