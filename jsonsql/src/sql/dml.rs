//! INSERT, UPDATE, DELETE.

use crate::ast::{Delete, Insert, InsertSource, Projection, Update};

use super::Flavor;
use super::writer::{Writer, Written};

impl Writer<'_> {
    pub(super) fn insert(&mut self, insert: &Insert) -> Written {
        self.push("INSERT INTO ");
        self.name(&insert.into);
        self.push(" (");
        self.separated(&insert.columns, ", ", |w, column| {
            w.name(column);
            Ok(())
        })?;
        self.push(") ");
        match &insert.source {
            InsertSource::Values(rows) => self.values(rows)?,
            InsertSource::Select(select) => self.select(select)?,
        }
        self.returning(insert.returning.as_ref())
    }

    pub(super) fn update(&mut self, update: &Update) -> Written {
        self.push("UPDATE ");
        self.name(&update.table);
        self.push(" SET ");
        self.separated(&update.set, ", ", |w, (column, value)| {
            w.name(column);
            w.push(" = ");
            w.expr(value)
        })?;
        self.from(" FROM ", &update.from)?;
        self.filter(" WHERE ", update.filter.as_ref())?;
        self.returning(update.returning.as_ref())
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Written {
        self.push("DELETE FROM ");
        self.name(&delete.from);
        if !delete.using.is_empty() {
            self.refuse_on(Flavor::Sqlite, "SQLite has no DELETE … USING")?;
        }
        self.from(" USING ", &delete.using)?;
        self.filter(" WHERE ", delete.filter.as_ref())?;
        self.returning(delete.returning.as_ref())
    }

    fn returning(&mut self, returning: Option<&Projection>) -> Written {
        let Some(projection) = returning else {
            return Ok(());
        };
        self.push(" RETURNING ");
        self.projection(projection)
    }
}
