//! Expressions: strings become columns or texts, names and operands are checked.

use crate::ast::{At, Column, Expr, Name, Op};

use super::{FindingKind, Lookup, Resolver, Scope};

// Not inlined: optimised as one unit, these mutually recursive functions take
// the compiler minutes, and they gain nothing.
impl Resolver<'_> {
    #[inline(never)]
    pub(super) fn expr(&mut self, expr: &mut Expr, scope: &Scope<'_>, at: &At<'_>) {
        match expr {
            Expr::Bare(text) => {
                let text = std::mem::take(text);
                *expr = self.decide(text, scope, at);
            }
            Expr::Column(column) => self.column(column, scope, at),
            Expr::Op(op, args) => self.operation(op, args, scope, at),
            Expr::Call { args, .. } => {
                let at = &at.member("args");
                match args.as_mut_slice() {
                    [Expr::Star] => {}
                    [one] => self.expr(one, scope, at),
                    args => self.list(args, scope, at),
                }
            }
            Expr::Select(select) => {
                self.select(select, Some(scope), &at.member("select"));
            }
            Expr::Values(rows) => self.rows(rows, scope, &at.member("values")),
            Expr::Text(text) => self.advise_text(text, scope, at),
            Expr::TooDeep => {
                self.report(at, FindingKind::TooDeep, "an expression nests too deep");
            }
            Expr::Star | Expr::Null | Expr::Bool(_) | Expr::Number(_) => {}
        }
    }

    #[inline(never)]
    pub(super) fn list(&mut self, exprs: &mut [Expr], scope: &Scope<'_>, at: &At<'_>) {
        for (index, expr) in exprs.iter_mut().enumerate() {
            self.expr(expr, scope, &at.item(index));
        }
    }

    /// Rows of one VALUES list, which must be equally long.
    #[inline(never)]
    pub(super) fn rows(&mut self, rows: &mut [Vec<Expr>], scope: &Scope<'_>, at: &At<'_>) {
        let width = rows.first().map_or(0, Vec::len);
        for (index, row) in rows.iter_mut().enumerate() {
            let at = &at.item(index);
            if row.len() != width {
                let message = "VALUES lists must all be the same length";
                self.report(at, FindingKind::Shape, message);
            } else if row.is_empty() {
                self.report(
                    at,
                    FindingKind::Shape,
                    "expected at least one value, found []",
                );
            }
            self.list(row, scope, at);
        }
    }

    /// The bare-string rule.
    #[inline(never)]
    fn decide(&mut self, text: Name, scope: &Scope<'_>, at: &At<'_>) -> Expr {
        match scope.column(&text) {
            Lookup::Found { .. } => bare_column(text),
            Lookup::Ambiguous => {
                self.ambiguous(&text, at);
                bare_column(text)
            }
            _ => {
                self.advise_text(&text, scope, at);
                Expr::Text(text)
            }
        }
    }

    #[inline(never)]
    fn column(&mut self, column: &Column, scope: &Scope<'_>, at: &At<'_>) {
        let Column { table, name } = column;
        let Some(table) = table else {
            match scope.column(name) {
                Lookup::Found { .. } | Lookup::Unknown => {}
                Lookup::Ambiguous => self.ambiguous(name, at),
                _ => {
                    let message = format!("column \"{name}\" does not exist");
                    self.report(at, FindingKind::UnknownColumn, message);
                }
            }
            return;
        };
        let at = &at.member(table);
        match scope.qualified(table, name) {
            Lookup::Found { .. } | Lookup::Unknown => {}
            Lookup::Ambiguous => self.ambiguous(name, at),
            Lookup::NoColumn => {
                let message = format!("column {table}.{name} does not exist");
                self.report(at, FindingKind::UnknownColumn, message);
            }
            Lookup::NoRelation => {
                let message = format!("missing FROM-clause entry for table \"{table}\"");
                self.report(at, FindingKind::UnknownAlias, message);
            }
            Lookup::OutOfReach => {
                let message =
                    format!("invalid reference to FROM-clause entry for table \"{table}\"");
                self.report(at, FindingKind::UnknownAlias, message);
            }
        }
    }

    #[inline(never)]
    pub(super) fn ambiguous(&mut self, name: &str, at: &At<'_>) {
        let message = format!("column reference \"{name}\" is ambiguous");
        self.report(at, FindingKind::AmbiguousColumn, message);
    }

    #[inline(never)]
    fn operation(&mut self, op: &Op, args: &mut [Expr], scope: &Scope<'_>, at: &At<'_>) {
        let name = op.name();
        let at = &at.member(name);
        self.operands(op, args, at);
        let bare = self.bare_columns(op, args, scope);
        match (op, &mut *args) {
            // `{"not": x}` is written without a list.
            (Op::Not, [one]) => self.expr(one, scope, at),
            (_, args) => self.list(args, scope, at),
        }
        self.advise_comparison(op, args, scope, at);
        self.advise_columns(&bare, at);
    }

    #[inline(never)]
    fn operands(&mut self, op: &Op, args: &[Expr], at: &At<'_>) {
        let name = op.name();
        match (op, args) {
            (Op::Other(_), _) => {
                let known: Vec<&str> = Op::KNOWN.iter().map(Op::name).collect();
                let message = format!(
                    "unknown operator \"{name}\"; expected one of {}",
                    known.join(", ")
                );
                self.report(at, FindingKind::UnknownOperator, message);
            }
            (Op::In | Op::NotIn, [_]) => {
                let message =
                    format!("\"{name}\" has nothing to look in: no value after the first operand");
                self.report(at, FindingKind::EmptyIn, message);
            }
            (Op::In | Op::NotIn, [_, Expr::Values(rows)]) if rows.is_empty() => {
                let message = format!("\"{name}\" has nothing to look in: no row in \"values\"");
                self.report(at, FindingKind::EmptyIn, message);
            }
            (op, args) if !op.arity().accepts(args.len()) => {
                let message = format!(
                    "operator \"{name}\" takes {} operands, found {}",
                    op.arity(),
                    args.len()
                );
                self.report(at, FindingKind::Arity, message);
            }
            (Op::Like | Op::Ilike, [_, _, _, ..]) => {
                let message = format!(
                    "what operator \"{name}\" means with {} operands is not documented",
                    args.len()
                );
                self.report(&at.item(2), FindingKind::UnknownMeaning, message);
            }
            (Op::Is | Op::IsNot, [_, second]) if !matches!(second, Expr::Bool(_) | Expr::Null) => {
                let message = format!("the second operand of \"{name}\" is true, false or null");
                self.report(&at.item(1), FindingKind::IsOperand, message);
            }
            _ => {}
        }
    }
}

pub(super) fn bare_column(name: Name) -> Expr {
    Expr::Column(Column { table: None, name })
}
