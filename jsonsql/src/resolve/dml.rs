//! INSERT, UPDATE, DELETE: the target comes into scope.

use crate::ast::{At, Delete, Insert, InsertSource, Update};

use super::{FindingKind, Relation, Resolver, Scope};

impl Resolver<'_> {
    pub(super) fn insert(&mut self, insert: &mut Insert, at: &At<'_>) {
        let target = [self.target(&insert.into, &at.member("into"))];
        let columns_at = at.member("columns");
        for (index, column) in insert.columns.iter().enumerate() {
            self.target_column(&target[0], column, &columns_at.item(index));
        }
        self.advise_values(insert, at);
        let nothing = &Scope::new(&[], None);
        let expected = insert.columns.len();
        match &mut insert.source {
            InsertSource::Values(rows) => {
                let at = at.member("values");
                match rows.as_mut_slice() {
                    // One row is written as an object keyed by column.
                    [row] => {
                        self.width(expected, row.len(), &at);
                        for (column, value) in insert.columns.iter().zip(row) {
                            self.expr(value, nothing, &at.member(column));
                        }
                    }
                    rows => {
                        for (index, row) in rows.iter_mut().enumerate() {
                            self.width(expected, row.len(), &at.item(index));
                            self.list(row, nothing, &at.item(index));
                        }
                    }
                }
            }
            InsertSource::Select(select) => {
                let at = at.member("select");
                if let Some(fields) = self.select(select, None, &at) {
                    self.width(expected, fields.len(), &at);
                }
            }
        }
        if let Some(returning) = &mut insert.returning {
            let scope = &Scope::new(&target, None);
            self.projection(returning, scope, &at.member("returning"));
        }
    }

    pub(super) fn update(&mut self, update: &mut Update, at: &At<'_>) {
        let target = self.target(&update.table, &at.member("table"));
        let set_at = &at.member("set");
        for (column, _) in &update.set {
            self.target_column(&target, column, &set_at.member(column));
        }
        let relations = self.from(&mut update.from, vec![target], None, &at.member("from"));
        let scope = &Scope::new(&relations, None);
        for (column, value) in &mut update.set {
            self.expr(value, scope, &set_at.member(column));
        }
        self.advise_assignment(update, scope, set_at);
        if let Some(filter) = &mut update.filter {
            self.expr(filter, scope, &at.member("where"));
        }
        if let Some(returning) = &mut update.returning {
            self.projection(returning, scope, &at.member("returning"));
        }
    }

    pub(super) fn delete(&mut self, delete: &mut Delete, at: &At<'_>) {
        let target = self.target(&delete.from, &at.member("from"));
        let relations = self.from(&mut delete.using, vec![target], None, &at.member("using"));
        let scope = &Scope::new(&relations, None);
        if let Some(filter) = &mut delete.filter {
            self.expr(filter, scope, &at.member("where"));
        }
        if let Some(returning) = &mut delete.returning {
            self.projection(returning, scope, &at.member("returning"));
        }
    }

    fn target_column(&mut self, target: &Relation, column: &str, at: &At<'_>) {
        let Some(fields) = &target.fields else { return };
        if fields.iter().any(|field| field.name == column) {
            return;
        }
        let table = target.name.as_deref().unwrap_or_default();
        let message = format!("column \"{column}\" of relation \"{table}\" does not exist");
        self.report(at, FindingKind::UnknownColumn, message);
    }

    fn width(&mut self, expected: usize, found: usize, at: &At<'_>) {
        let message = match found.cmp(&expected) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Less => "INSERT has more target columns than expressions",
            std::cmp::Ordering::Greater => "INSERT has more expressions than target columns",
        };
        self.report(at, FindingKind::Shape, message);
    }
}
