//! What a server would not refuse, and the sender hardly meant.

use strsim::damerau_levenshtein;

use crate::ast::{At, Expr, Insert, InsertSource, Name, Statement};

use super::{FindingKind, Lookup, Resolver, Scope};

impl Resolver<'_> {
    /// A bare string that was decided to be a text, or a text that was built
    /// as one.
    pub(super) fn advise_text(&mut self, text: &str, scope: &Scope<'_>, at: &At<'_>) {
        if !self.advises {
            return;
        }
        if let Lookup::Found { .. } | Lookup::Ambiguous = scope.column(text) {
            let message = format!("the text \"{text}\" is read as the column of that name");
            self.report(at, FindingKind::TextIsColumn, message);
            return;
        }
        let Some(column) = scope.columns().find(|column| is_misspelt(text, column)) else {
            return;
        };
        let message = format!(
            "\"{text}\" is no column in scope and is read as a text; is the column `{column}` meant?"
        );
        self.report(at, FindingKind::MisspeltColumn, message);
    }

    /// Values of an insert stand outside every scope here; whether a server
    /// sees them so is not known.
    pub(super) fn advise_values(&mut self, insert: &Insert, at: &At<'_>) {
        let InsertSource::Values(rows) = &insert.source else {
            return;
        };
        let Some(table) = self.schema.table(&insert.into).filter(|_| self.advises) else {
            return;
        };
        let at = at.member("values");
        for (index, row) in rows.iter().enumerate() {
            for (column, value) in insert.columns.iter().zip(row) {
                let (Expr::Text(text) | Expr::Bare(text)) = value else {
                    continue;
                };
                if table.column(text).is_none() {
                    continue;
                }
                let position = insert.columns.iter().position(|known| known == column);
                let message = format!("the text \"{text}\" may be read as the column of that name");
                match (rows.len(), position) {
                    (1, _) => self.report(&at.member(column), FindingKind::TextIsColumn, message),
                    (_, position) => self.report(
                        &at.item(index).item(position.unwrap_or_default()),
                        FindingKind::TextIsColumn,
                        message,
                    ),
                }
            }
        }
    }

    /// A write of every row of its table.
    pub(super) fn advise_bounds(&mut self, statement: &Statement, at: &At<'_>) {
        let (filter, table) = match statement {
            Statement::Update(update) => (&update.filter, &update.table),
            Statement::Delete(delete) => (&delete.filter, &delete.from),
            _ => return,
        };
        let message = match filter {
            None => format!(
                "without `where` this {} is of every row of `{table}`",
                statement.method()
            ),
            Some(Expr::Bool(true)) => {
                format!("`where` is true of every row of `{table}`")
            }
            Some(_) => return,
        };
        if self.advises {
            self.report(at, FindingKind::Unbounded, message);
        }
    }
}

/// Whether a text looks like a column's name with a slip of the keyboard in it.
fn is_misspelt(text: &str, column: &Name) -> bool {
    let plausible = text.len() >= 3
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let slips = if column.len() < 5 { 1 } else { 2 };
    plausible && (text.eq_ignore_ascii_case(column) || damerau_levenshtein(text, column) <= slips)
}
