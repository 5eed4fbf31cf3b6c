//! Comparisons and membership.

use jsonsql::ast::{Expr, Op, Select};
use jsonsql::resolve::{Scope, SqlKind};

use super::subselect::of_values;
use super::typed::{Typed, common};
use super::{Done, Lowering, Role};
use crate::engine::Fault;

/// `a op b`.
pub(super) fn compare(op: &Op, a: Typed, b: Typed) -> Done<Typed> {
    let (a, b) = matched(op, a, b)?;
    let keyed = needs_key(op, &a, &b);
    let [a, b] = if keyed {
        [a.key()?, b.key()?]
    } else {
        [a.expr, b.expr]
    };
    Ok(Typed::known(
        Expr::Op(op.clone(), vec![a, b]),
        SqlKind::Bool,
    ))
}

/// Both as types that compare with each other.
fn matched(op: &Op, a: Typed, b: Typed) -> Done<(Typed, Typed)> {
    let kind = match (a.kind, b.kind) {
        (Some(left), Some(right)) => common(left, right).ok_or_else(|| missing(op, &a, &b))?,
        (Some(kind), None) | (None, Some(kind)) => kind,
        (None, None) => SqlKind::Text,
    };
    Ok((a.meeting(kind)?, b.meeting(kind)?))
}

/// Whether SQLite would compare the stored spellings wrongly: numerics always
/// (1.5 is 1.50, and numbers of another type are stored otherwise), addresses
/// when it is about their order.
fn needs_key(op: &Op, a: &Typed, b: &Typed) -> bool {
    match (a.kind, b.kind) {
        (Some(SqlKind::Numeric), _) | (_, Some(SqlKind::Numeric)) => true,
        (Some(SqlKind::Inet | SqlKind::Interval), _) => !matches!(op, Op::Eq | Op::Neq),
        _ => false,
    }
}

fn missing(op: &Op, a: &Typed, b: &Typed) -> Fault {
    Fault::Statement(format!(
        "operator does not exist: {} {} {}",
        a.kind_name(),
        symbol(op),
        b.kind_name()
    ))
}

fn symbol(op: &Op) -> &'static str {
    match op {
        Op::Neq => "<>",
        Op::Lt => "<",
        Op::Gt => ">",
        Op::Lte => "<=",
        Op::Gte => ">=",
        _ => "=",
    }
}

impl Typed {
    /// As an operand of a comparison with numerics.
    fn number_key(self) -> Done<Expr> {
        Typed {
            kind: Some(SqlKind::Numeric),
            ..self
        }
        .key()
    }
}

impl Lowering<'_> {
    pub(super) fn membership(&mut self, op: &Op, args: &[Expr], scope: &Scope<'_>) -> Done<Typed> {
        let Some((needle, hay)) = args.split_first() else {
            return Err(Fault::statement("\"in\" takes at least two operands"));
        };
        let needle = self.expr(needle, scope)?;
        match hay {
            [Expr::Select(select)] => self.in_select(op, needle, select, scope),
            [Expr::Values(rows)] => self.in_select(op, needle, &of_values(rows.clone()), scope),
            listed => self.in_list(op, needle, listed, scope),
        }
    }

    fn in_list(
        &mut self,
        op: &Op,
        needle: Typed,
        listed: &[Expr],
        scope: &Scope<'_>,
    ) -> Done<Typed> {
        let comparison = equality(op);
        let mut kind = needle.kind;
        let mut items = Vec::new();
        for expr in listed {
            let item = self.expr(expr, scope)?;
            kind = match (kind, item.kind) {
                (None, found) | (found, None) => found,
                (Some(a), Some(b)) => match common(a, b) {
                    Some(common) => Some(common),
                    None => return Err(missing(&comparison, &needle, &item)),
                },
            };
            items.push(item);
        }
        let kind = kind.unwrap_or(SqlKind::Text);
        let mut operands = vec![needle];
        operands.extend(items);
        let operands = operands
            .into_iter()
            .map(|operand| {
                let operand = operand.meeting(kind)?;
                match kind {
                    SqlKind::Numeric => operand.number_key(),
                    _ => Ok(operand.expr),
                }
            })
            .collect::<Done<Vec<_>>>()?;
        Ok(Typed::known(Expr::Op(op.clone(), operands), SqlKind::Bool))
    }

    fn in_select(
        &mut self,
        op: &Op,
        needle: Typed,
        select: &Select,
        scope: &Scope<'_>,
    ) -> Done<Typed> {
        let (select, fields) = self.select(select, Some(scope), Role::Part)?;
        let [field] = fields.as_slice() else {
            return Err(Fault::statement("subquery has too many columns"));
        };
        let found = Typed::known(Expr::Null, super::kind_of(field));
        let (needle, found) = matched(&Op::Eq, needle, found)?;
        let operands = if needs_key(&Op::Eq, &needle, &found) {
            // Keys on both sides, those of the sub-select from around it.
            let keys = self.around(select, &fields, |column| {
                Typed {
                    kind: Some(SqlKind::Numeric),
                    ..column
                }
                .key()
            })?;
            vec![needle.number_key()?, Expr::Select(Box::new(keys))]
        } else {
            vec![needle.expr, Expr::Select(Box::new(select))]
        };
        Ok(Typed::known(Expr::Op(op.clone(), operands), SqlKind::Bool))
    }
}

/// The comparison `in` stands for, as PostgreSQL's messages name it.
fn equality(op: &Op) -> Op {
    match op {
        Op::NotIn => Op::Neq,
        _ => Op::Eq,
    }
}
