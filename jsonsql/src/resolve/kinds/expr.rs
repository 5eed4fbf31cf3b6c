//! Expressions: columns, literals, operators.

use crate::ast::{At, Column, Expr, Number, Op};

use super::super::{Lookup, Scope};
use super::{Gives, Typed, Typer, any_nullable};
use crate::ast::SqlKind;

impl Typer<'_> {
    // Not inlined, for the reason given in `resolve/expr.rs`.
    #[inline(never)]
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope<'_>, at: &At<'_>) -> Typed {
        self.noted(expr, at, |typer| match expr {
            Expr::Column(column) => typer.column(column, scope),
            Expr::Null | Expr::Bare(_) | Expr::TooDeep => Gives::UNKNOWN,
            Expr::Star | Expr::Text(_) => Gives(None, false),
            Expr::Bool(_) => Gives(Some(SqlKind::Bool), false),
            Expr::Number(number) => Gives(Some(literal(number)), false),
            Expr::Op(op, args) => typer.operation(op, args, scope, &at.member(op.name())),
            Expr::Call { function, args } => {
                let args = typer.args(args, scope, &at.member("args"));
                typer.call(function, &args)
            }
            Expr::Select(select) => {
                let fields = typer.select(select, Some(scope), &at.member("select"));
                // Without a row the value is NULL.
                let first = fields.and_then(|fields| fields.into_iter().next());
                Gives(first.and_then(|field| field.kind), true)
            }
            Expr::Values(rows) => {
                let cells = typer.rows(rows, scope, &at.member("values"));
                let first = cells.into_iter().next().unwrap_or_default();
                let kind = typer.common(&first);
                typer.meet(&first, kind);
                Gives(kind, any_nullable(&first))
            }
        })
    }

    /// An expression that is seen as this type.
    pub(super) fn expr_as(
        &mut self,
        expr: &Expr,
        kind: Option<SqlKind>,
        scope: &Scope<'_>,
        at: &At<'_>,
    ) {
        let typed = self.expr(expr, scope, at);
        self.meet(&[typed], kind);
    }

    fn list(&mut self, exprs: &[Expr], scope: &Scope<'_>, at: &At<'_>) -> Vec<Typed> {
        let items = exprs.iter().enumerate();
        items
            .map(|(index, expr)| self.expr(expr, scope, &at.item(index)))
            .collect()
    }

    /// Arguments, of which one alone is written without a list; but NULL.
    fn args(&mut self, args: &[Expr], scope: &Scope<'_>, at: &At<'_>) -> Vec<Typed> {
        match args {
            [Expr::Star] => Vec::new(),
            [one] if *one != Expr::Null => vec![self.expr(one, scope, at)],
            listed => self.list(listed, scope, at),
        }
    }

    /// Rows of values, by column.
    pub(super) fn rows(
        &mut self,
        rows: &[Vec<Expr>],
        scope: &Scope<'_>,
        at: &At<'_>,
    ) -> Vec<Vec<Typed>> {
        let mut columns = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let cells = self.list(row, scope, &at.item(index));
            columns.resize(columns.len().max(cells.len()), Vec::new());
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell);
            }
        }
        columns
    }

    fn column(&self, column: &Column, scope: &Scope<'_>) -> Gives {
        let lookup = match &column.table {
            Some(table) => scope.qualified(table, &column.name),
            None => scope.column(&column.name),
        };
        match lookup {
            Lookup::Found { field, .. } => Gives(field.kind, field.nullable),
            _ => Gives::UNKNOWN,
        }
    }

    #[inline(never)]
    fn operation(&mut self, op: &Op, args: &[Expr], scope: &Scope<'_>, at: &At<'_>) -> Gives {
        let typed = match (op, args) {
            (Op::In | Op::NotIn, _) => return self.membership(args, scope, at),
            // `{"not": x}` is written without a list.
            (Op::Not, [one]) => vec![self.expr(one, scope, at)],
            _ => self.list(args, scope, at),
        };
        let nullable = any_nullable(&typed);
        let bool = Some(SqlKind::Bool);
        match op {
            Op::And | Op::Or | Op::Not => {
                self.meet(&typed, bool);
                Gives(bool, nullable)
            }
            Op::Is | Op::IsNot => {
                let met = match args.get(1) {
                    Some(Expr::Null) => typed.first().and_then(|one| one.kind),
                    _ => bool,
                };
                self.meet(&typed, met);
                Gives(bool, false)
            }
            Op::Eq | Op::Neq | Op::Lt | Op::Gt | Op::Lte | Op::Gte => {
                self.compare(&typed);
                let kind = self.common(&typed);
                self.meet(&typed, kind);
                Gives(bool, nullable)
            }
            Op::Like | Op::Ilike => {
                self.compare(&typed);
                self.meet(&typed, Some(SqlKind::Text));
                Gives(bool, nullable)
            }
            Op::Concat => {
                self.meet(&typed, Some(SqlKind::Text));
                Gives(Some(SqlKind::Text), nullable)
            }
            Op::Coalesce => {
                let kind = self.common(&typed);
                self.meet(&typed, kind);
                Gives(kind, typed.iter().all(|one| one.nullable))
            }
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod => {
                let kind = calculated(op, &typed);
                // Beside a number a text is one; beside a time it is none.
                let met = self.common(&typed).filter(|kind| kind.is_number());
                self.meet(&typed, met);
                Gives(kind, nullable)
            }
            Op::In | Op::NotIn | Op::Other(_) => Gives::UNKNOWN,
        }
    }

    /// Types a membership test: the first operand meets each value, including those
    /// of a VALUES list.
    fn membership(&mut self, args: &[Expr], scope: &Scope<'_>, at: &At<'_>) -> Gives {
        let mut cells = Vec::new();
        let mut typed = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let at = &at.item(index);
            typed.push(match arg {
                Expr::Values(rows) => self.noted(arg, at, |typer| {
                    let columns = typer.rows(rows, scope, &at.member("values"));
                    cells.extend(columns.into_iter().flatten());
                    Gives(typer.common(&cells), any_nullable(&cells))
                }),
                other => self.expr(other, scope, at),
            });
        }
        // The cells of a VALUES list, each for itself and not the list as one.
        let first = typed.first().copied();
        let listed = args.iter().zip(&typed).skip(1);
        let others = listed
            .filter(|(arg, _)| !matches!(arg, Expr::Values(_)))
            .map(|(_, typed)| *typed);
        let compared: Vec<_> = first
            .into_iter()
            .chain(others)
            .chain(cells.clone())
            .collect();
        self.compare(&compared);
        let kind = self.common(&typed);
        self.meet(&typed, kind);
        self.meet(&cells, kind);
        Gives(Some(SqlKind::Bool), any_nullable(&typed))
    }
}

/// The smallest type that holds a number, as for an SQL literal.
fn literal(number: &Number) -> SqlKind {
    match number.as_i64() {
        Some(value) if i32::try_from(value).is_ok() => SqlKind::Int,
        Some(_) => SqlKind::BigInt,
        None => SqlKind::Numeric,
    }
}

/// Returns the type of a calculation (PostgreSQL's documentation, 9.3 and 9.9).
fn calculated(op: &Op, typed: &[Typed]) -> Option<SqlKind> {
    use SqlKind::{BigInt, Date, Inet, Int, Interval, Time, Timestamp, TimestampTz};
    let mut kinds = typed.iter().map(|one| one.kind);
    let first = kinds.next()?;
    kinds.fold(first, |left, right| match (left, op, right) {
        (Some(left), _, Some(right)) if left.is_number() && right.is_number() => {
            Some(left.wider(right))
        }
        (Some(number), _, None) | (None, _, Some(number)) if number.is_number() => Some(number),
        (Some(Timestamp | TimestampTz), Op::Sub, Some(Timestamp | TimestampTz)) => Some(Interval),
        (Some(Time), Op::Sub, Some(Time)) => Some(Interval),
        (Some(Date), Op::Sub, Some(Date)) => Some(Int),
        (Some(Date), Op::Add | Op::Sub, Some(Interval)) => Some(Timestamp),
        (Some(Interval), Op::Add, Some(Date)) => Some(Timestamp),
        (
            Some(kind @ (Timestamp | TimestampTz | Time | Interval)),
            Op::Add | Op::Sub,
            Some(Interval),
        ) => Some(kind),
        (Some(Interval), Op::Add, Some(kind @ (Timestamp | TimestampTz | Time))) => Some(kind),
        (Some(Interval), Op::Mul | Op::Div, Some(number)) if number.is_number() => Some(Interval),
        (Some(number), Op::Mul, Some(Interval)) if number.is_number() => Some(Interval),
        (Some(Date), Op::Add | Op::Sub, Some(SqlKind::SmallInt | Int)) => Some(Date),
        (Some(Inet), Op::Sub, Some(Inet)) => Some(BigInt),
        (Some(Inet), Op::Add | Op::Sub, Some(number)) if number.is_number() => Some(Inet),
        _ => None,
    })
}
