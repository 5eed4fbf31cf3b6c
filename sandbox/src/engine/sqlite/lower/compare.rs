//! Comparisons and membership.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Expr, Op, Select};
use jsonsql::resolve::Scope;

use super::subselect::of_values;
use super::typed::{Typed, common};
use super::{Done, Lowering, Role};
use crate::engine::Fault;

/// `a op b`.
pub(super) fn compare(op: &Op, a: Typed, b: Typed) -> Done<Typed> {
    let (a, b) = matched(op, a, b)?;
    let numeric = [a.kind, b.kind].contains(&Some(SqlKind::Numeric));
    let keyed = needs_key(op, &a, &b);
    let [a, b] = match (keyed, numeric) {
        (true, true) => [a.number_key()?, b.number_key()?],
        (true, false) => [a.key()?, b.key()?],
        (false, _) => [a.expr, b.expr],
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
    let (a, b) = (a.meeting(kind)?, b.meeting(kind)?);
    Ok(match kind {
        SqlKind::Timestamp => (a.widened(kind), b.widened(kind)),
        _ => (a, b),
    })
}

/// Returns `true` if SQLite would compare the stored spellings wrongly: numerics
/// always (1.5 is 1.50, and numbers of another type are stored otherwise),
/// addresses and intervals when their order matters.
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

    /// As PostgreSQL does it: the constants are brought to one type together
    /// with the needle, everything with a column in it is compared on its own.
    fn in_list(
        &mut self,
        op: &Op,
        needle: Typed,
        listed: &[Expr],
        scope: &Scope<'_>,
    ) -> Done<Typed> {
        let (mut constants, mut alone) = (Vec::new(), Vec::new());
        for expr in listed {
            let item = self.expr(expr, scope)?;
            let side = if has_column(expr) {
                &mut alone
            } else {
                &mut constants
            };
            side.push(item);
        }
        let mut tests = Vec::new();
        let together = common_kind(&needle, &constants).filter(|_| constants.len() > 1);
        match together {
            Some(kind) => tests.push(among(op, needle.clone(), constants, kind)?),
            None => {
                constants.append(&mut alone);
                alone = constants;
            }
        }
        let equality = equality(op);
        for item in alone {
            tests.push(compare(&equality, needle.clone(), item)?.expr);
        }
        let one = match (op, tests.len()) {
            (_, 1) => tests.remove(0),
            (Op::NotIn, _) => Expr::Op(Op::And, tests),
            (_, _) => Expr::Op(Op::Or, tests),
        };
        Ok(Typed::known(one, SqlKind::Bool))
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

/// The type the needle and all constants can be seen as.
fn common_kind(needle: &Typed, constants: &[Typed]) -> Option<SqlKind> {
    let mut kinds = constants
        .iter()
        .chain([needle])
        .filter_map(|item| item.kind);
    let Some(first) = kinds.next() else {
        return Some(SqlKind::Text);
    };
    kinds.try_fold(first, common)
}

/// `needle op (constants)`, all of one type.
fn among(op: &Op, needle: Typed, constants: Vec<Typed>, kind: SqlKind) -> Done<Expr> {
    let operands = std::iter::once(needle).chain(constants).map(|operand| {
        let operand = operand.meeting(kind)?;
        match kind {
            SqlKind::Numeric => operand.number_key(),
            _ => Ok(operand.expr),
        }
    });
    let operands = operands.collect::<Done<Vec<_>>>()?;
    Ok(Expr::Op(op.clone(), operands))
}

fn has_column(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) => true,
        Expr::Op(_, args) | Expr::Call { args, .. } => args.iter().any(has_column),
        _ => false,
    }
}
