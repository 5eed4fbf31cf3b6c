//! The writer that every production uses: the text so far, the style, the sink.

use crate::ast::{Statement, StatementRef};

use super::{Flavor, Sink, SqlError, name};

pub(super) type Written = Result<(), SqlError>;

/// The reader of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// For people: bare names, few parentheses, and whatever the tree says,
    /// sensible or not.
    Reading,
    /// For an engine: everything quoted and checked.
    Engine(Flavor),
}

pub(super) struct Writer<'a> {
    pub(super) sql: String,
    pub(super) style: Style,
    pub(super) sink: &'a mut dyn Sink,
}

impl<'a> Writer<'a> {
    pub(super) fn new(style: Style, sink: &'a mut dyn Sink) -> Writer<'a> {
        Writer {
            sql: String::new(),
            style,
            sink,
        }
    }

    pub(super) fn finish(self) -> String {
        self.sql
    }

    pub(super) fn statement(&mut self, statement: StatementRef<'_>) -> Written {
        match statement {
            StatementRef::Select(select) => self.select(select),
            StatementRef::Insert(insert) => self.insert(insert),
            StatementRef::Update(update) => self.update(update),
            StatementRef::Delete(delete) => self.delete(delete),
        }
    }

    pub(super) fn statement_ref(&mut self, statement: &StatementRef<'_>) -> Written {
        self.statement(*statement)
    }

    pub(super) fn owned_statement(&mut self, statement: &Statement) -> Written {
        self.statement(statement.into())
    }

    pub(super) fn push(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    pub(super) fn name(&mut self, name: &str) {
        if self.style == Style::Reading && name::is_plain(name) {
            self.sql.push_str(name);
        } else {
            name::quote(name, &mut self.sql);
        }
    }

    /// Items with a separator between them.
    pub(super) fn separated<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut each: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            each(self, item)?;
        }
        Ok(())
    }

    /// An error for engines; people are shown the tree as it is.
    pub(super) fn refuse(&self, error: SqlError) -> Written {
        match self.style {
            Style::Reading => Ok(()),
            Style::Engine(_) => Err(error),
        }
    }

    /// An error for one flavor only.
    pub(super) fn refuse_on(&self, flavor: Flavor, what: &'static str) -> Written {
        if self.style == Style::Engine(flavor) {
            return Err(SqlError::Clause(what));
        }
        Ok(())
    }
}
