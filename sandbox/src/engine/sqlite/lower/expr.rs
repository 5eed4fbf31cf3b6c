//! Expressions.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Column, Expr, Number, Op};
use jsonsql::resolve::{Lookup, Scope};

use super::call::is_constant;
use super::typed::{Typed, call, unified};
use super::{Done, Lowering};
use crate::engine::Fault;
use crate::engine::sqlite::coerce;

impl Lowering<'_> {
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope<'_>) -> Done<Typed> {
        match expr {
            Expr::Column(column) => self.column(column, scope),
            Expr::Text(_) | Expr::Null => Ok(Typed::unknown(expr.clone())),
            Expr::Bool(_) => Ok(Typed::known(expr.clone(), SqlKind::Bool)),
            Expr::Number(value) => number(value),
            Expr::Op(op, args) => self.operation(op, args, scope),
            Expr::Call { function, args } => self.call(function, args, scope),
            Expr::Select(select) => self.scalar(select, scope),
            Expr::Values(rows) => self.scalar(&super::subselect::of_values(rows.clone()), scope),
            Expr::Bare(_) | Expr::Star | Expr::TooDeep => Err(Fault::statement(
                "\"*\" stands for columns or rows, not for a value",
            )),
        }
    }

    pub(super) fn exprs(&mut self, exprs: &[Expr], scope: &Scope<'_>) -> Done<Vec<Typed>> {
        exprs.iter().map(|expr| self.expr(expr, scope)).collect()
    }

    fn column(&mut self, column: &Column, scope: &Scope<'_>) -> Done<Typed> {
        let lookup = match &column.table {
            Some(table) => scope.qualified(table, &column.name),
            None => scope.column(&column.name),
        };
        let Lookup::Found {
            depth,
            relation,
            field,
        } = lookup
        else {
            let name = &column.name;
            return Err(Fault::Statement(format!(
                "column \"{name}\" does not exist"
            )));
        };
        // Always qualified, so that SQLite looks nowhere else; except that it
        // does not know the table's name in RETURNING.
        let bare = self.returning && depth == 0;
        let table = relation.name.clone().filter(|_| !bare);
        let name = field.name.clone();
        Ok(Typed::known(
            Expr::Column(Column { table, name }),
            super::kind_of(field),
        ))
    }

    /// The operands of COALESCE. What stands after a constant is never
    /// calculated, so it does not matter what comes of it.
    pub(super) fn until_settled(&mut self, args: &[Expr], scope: &Scope<'_>) -> Done<Vec<Typed>> {
        let mut settled = false;
        let mut operands = Vec::new();
        for arg in args {
            let noted = self.constants.len();
            let operand = self.expr(arg, scope)?;
            if settled {
                self.constants.truncate(noted);
            }
            settled |= operand.expr != Expr::Null && is_constant(&operand.expr);
            operands.push(operand);
        }
        Ok(operands)
    }

    pub(super) fn note_constant(&mut self, typed: &Typed) {
        if is_constant(&typed.expr) {
            self.constants.push(typed.expr.clone());
        }
    }

    fn operation(&mut self, op: &Op, args: &[Expr], scope: &Scope<'_>) -> Done<Typed> {
        match op {
            Op::In | Op::NotIn => return self.membership(op, args, scope),
            Op::Is | Op::IsNot => return self.is(op, args, scope),
            Op::Coalesce => return coalesce(self.until_settled(args, scope)?),
            _ => {}
        }
        let operands = self.exprs(args, scope)?;
        match op {
            Op::And => logic(op, operands, "AND"),
            Op::Or => logic(op, operands, "OR"),
            Op::Not => logic(op, operands, "NOT"),
            Op::Eq | Op::Neq | Op::Lt | Op::Gt | Op::Lte | Op::Gte => {
                fold(operands, |a, b| super::compare::compare(op, a, b))
            }
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod => {
                let calculated = fold(operands, |a, b| super::arithmetic::calculate(op, a, b))?;
                self.note_constant(&calculated);
                Ok(calculated)
            }
            Op::Like | Op::Ilike => fold(operands, |a, b| super::text::like(op, a, b)),
            Op::Concat => fold(operands, super::text::concat),
            other => Err(Fault::Statement(format!(
                "unknown operator \"{}\"",
                other.name()
            ))),
        }
    }

    /// IS NULL takes anything, IS TRUE and IS FALSE a boolean.
    fn is(&mut self, op: &Op, args: &[Expr], scope: &Scope<'_>) -> Done<Typed> {
        let [operand, what] = args else {
            return Err(Fault::statement("\"is\" takes two operands"));
        };
        let operand = self.expr(operand, scope)?;
        let clause = match (op, what) {
            (_, Expr::Null) => None,
            (Op::Is, Expr::Bool(true)) => Some("IS TRUE"),
            (Op::Is, _) => Some("IS FALSE"),
            (_, Expr::Bool(true)) => Some("IS NOT TRUE"),
            (_, _) => Some("IS NOT FALSE"),
        };
        let operand = match clause {
            Some(clause) => operand.boolean(clause)?,
            None => operand.expr,
        };
        let expr = Expr::Op(op.clone(), vec![operand, what.clone()]);
        Ok(Typed::known(expr, SqlKind::Bool))
    }
}

fn logic(op: &Op, operands: Vec<Typed>, name: &str) -> Done<Typed> {
    let operands = operands
        .into_iter()
        .map(|operand| operand.boolean(name))
        .collect::<Done<Vec<_>>>()?;
    Ok(Typed::known(Expr::Op(op.clone(), operands), SqlKind::Bool))
}

pub(super) fn coalesce(operands: Vec<Typed>) -> Done<Typed> {
    let (operands, kind) = unified(operands, "COALESCE")?;
    let mut args: Vec<Expr> = operands.into_iter().map(|operand| operand.expr).collect();
    // SQLite's takes two or more.
    if args.len() == 1 {
        return Ok(Typed::known(args.remove(0), kind));
    }
    Ok(Typed::known(call("coalesce", args), kind))
}

/// Operators with more than two operands apply from left to right.
fn fold(operands: Vec<Typed>, apply: impl Fn(Typed, Typed) -> Done<Typed>) -> Done<Typed> {
    let mut operands = operands.into_iter();
    let Some(first) = operands.next() else {
        return Err(Fault::statement("an operator without operands"));
    };
    operands.try_fold(first, apply)
}

/// The smallest type that holds the number, as for an SQL literal.
fn number(value: &Number) -> Done<Typed> {
    if let Some(small) = value.as_i64() {
        let kind = if i32::try_from(small).is_ok() {
            SqlKind::Int
        } else {
            SqlKind::BigInt
        };
        return Ok(Typed::known(Expr::Number(value.clone()), kind));
    }
    let literal = coerce::literal(&value.to_string(), SqlKind::Numeric)?;
    Ok(Typed::known(literal, SqlKind::Numeric))
}
