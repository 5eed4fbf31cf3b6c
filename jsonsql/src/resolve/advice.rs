//! Advice about statements that a server accepts and the sender probably did not mean.

use strsim::damerau_levenshtein;

use crate::ast::{At, Expr, Insert, InsertSource, Name, Op, Select, Statement, Update};

use super::coverage::of_read;
use super::expr::bare_column;
use super::grouping::canonical;
use super::operand_compared_with_itself;
use super::{Coverage, Finding, FindingKind, Lookup, Resolver, Scope, coverage};

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
        let method = statement.method();
        let message = match coverage(statement, self.schema) {
            _ if !self.advises => return,
            None if filter.is_none() => {
                format!("without `where` this {method} is of every row of `{table}`")
            }
            None => return,
            Some(Coverage::EveryRow) => format!("`where` is true of every row of `{table}`"),
            Some(Coverage::EveryRowWithoutNull) => {
                format!("`where` is true of every row of `{table}` without a NULL")
            }
            Some(Coverage::AllOrNone) => {
                format!("`where` can be true of every row of `{table}`, whatever is in the row")
            }
        };
        match filter {
            None => self.report(at, FindingKind::Unbounded, message),
            Some(_) => self.report(&at.member("where"), FindingKind::Unbounded, message),
        }
    }

    /// A condition of a read that leaves nothing out.
    pub(super) fn advise_condition(&mut self, select: &Select, at: &At<'_>) {
        let place = at.member("where").to_string();
        // What else is said of the condition says it better, but for a text that
        // is a column: that may be why.
        let is_said = |finding: &Finding| {
            finding.kind.is_error()
                || finding.pointer.starts_with(&place) && finding.kind != FindingKind::TextIsColumn
        };
        if !self.advises || self.findings.iter().any(is_said) {
            return;
        }
        let message = match of_read(select, self.schema) {
            Some(Coverage::EveryRow) => "`where` is true of every row",
            Some(Coverage::EveryRowWithoutNull) => "`where` is true of every row without a NULL",
            // A condition about other tables of the statement.
            Some(Coverage::AllOrNone) | None => return,
        };
        self.report(&at.member("where"), FindingKind::AlwaysTrue, message);
    }

    /// A comparison of a column with itself, by whatever names.
    pub(super) fn advise_comparison(
        &mut self,
        op: &Op,
        args: &[Expr],
        scope: &Scope<'_>,
        at: &At<'_>,
    ) {
        if !self.advises {
            return;
        }
        let args: Vec<_> = args.iter().map(|arg| canonical(arg, scope)).collect();
        if let Some(operand) = operand_compared_with_itself(op, &args, None) {
            let message = format!("`{operand}` is compared with itself");
            self.report(at, FindingKind::SelfComparison, message);
        }
    }

    /// The operands of a comparison that are bare strings, and columns by the
    /// rule: several are hardly meant to be.
    pub(super) fn bare_columns(&self, op: &Op, args: &[Expr], scope: &Scope<'_>) -> Vec<usize> {
        if !self.advises || !is_comparison(op) {
            return Vec::new();
        }
        let is_column = |arg: &Expr| match arg {
            Expr::Bare(text) => matches!(scope.column(text), Lookup::Found { .. }),
            _ => false,
        };
        match args {
            [first, others @ ..] if is_column(first) => (1..)
                .zip(others)
                // What is compared with itself is told as that.
                .filter(|(_, other)| is_column(other) && *other != first)
                .map(|(index, _)| index)
                .collect(),
            _ => Vec::new(),
        }
    }

    /// A comparison of two columns, of which the second was hardly meant as one.
    pub(super) fn advise_columns(&mut self, indexes: &[usize], at: &At<'_>) {
        for index in indexes {
            let message = "this text is read as the column of that name: two columns are compared";
            self.report(&at.item(*index), FindingKind::TextIsColumn, message);
        }
    }

    /// A column that is set to itself.
    pub(super) fn advise_assignment(&mut self, update: &Update, scope: &Scope<'_>, at: &At<'_>) {
        for (column, value) in &update.set {
            let itself = canonical(&bare_column(column.clone()), scope);
            if self.advises && canonical(value, scope) == itself {
                let message = format!("`{column}` is set to itself");
                self.report(&at.member(column), FindingKind::SelfAssignment, message);
            }
        }
    }

    /// A number that a server reads as the position of an output column.
    pub(super) fn advise_position(&mut self, expr: &Expr, at: &At<'_>) {
        if let (true, Expr::Number(number)) = (self.advises, expr) {
            let message = format!("{number} is read as the position of an output column");
            self.report(at, FindingKind::Position, message);
        }
    }
}

/// Returns `true` for the operators that compare their first operand with the
/// others.
fn is_comparison(op: &Op) -> bool {
    match op {
        Op::Eq
        | Op::Neq
        | Op::Lt
        | Op::Gt
        | Op::Lte
        | Op::Gte
        | Op::In
        | Op::NotIn
        | Op::Like
        | Op::Ilike => true,
        Op::And
        | Op::Or
        | Op::Not
        | Op::Is
        | Op::IsNot
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::Div
        | Op::Mod
        | Op::Concat
        | Op::Coalesce
        | Op::Other(_) => false,
    }
}

/// Returns `true` if a text looks like a column's name with a typing error in it.
fn is_misspelt(text: &str, column: &Name) -> bool {
    let plausible = text.len() >= 3
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let slips = if column.len() < 5 { 1 } else { 2 };
    plausible && (text.eq_ignore_ascii_case(column) || damerau_levenshtein(text, column) <= slips)
}
