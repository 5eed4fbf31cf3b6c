//! The nesting depth of a statement, in levels of its JSON.
//!
//! Nothing here recurses deeper than it is allowed to: a tree that is too deep
//! is found out, and taken apart, with a bounded stack.

use super::{Body, Distinct, Expr, FromItem, Insert, InsertSource, Join, MAX_DEPTH, Order};
use super::{Op, Projection, Select, Source, StatementRef};

#[cfg(test)]
mod tests;

/// Levels that remain; `None` when they do not suffice.
type Left = Option<usize>;

/// The levels that a nested select has around it as an operand, `{"select": …}`.
const SELECT: usize = 1;
/// An operator or function and the place of an operand: `{"eq": [a, b]}`.
const OPERAND: usize = 2;
/// A cell of a list of rows: `{"values": [[a]]}`.
const CELL: usize = 3;

impl Expr {
    /// Its levels, if there are at most [`MAX_DEPTH`].
    pub(crate) fn depth(&self) -> Option<usize> {
        let left = self.descend(Some(MAX_DEPTH))?;
        Some(MAX_DEPTH - left)
    }

    /// The levels that its deepest part leaves of `left`.
    fn descend(&self, left: Left) -> Left {
        match self {
            // A dialect may write it as two operators.
            Expr::Op(Op::NotIn, args) => deepest(args, left?.checked_sub(2 * OPERAND)),
            Expr::Op(_, args) | Expr::Call { args, .. } => {
                deepest(args, left?.checked_sub(OPERAND))
            }
            Expr::Values(rows) => cells(rows, left?.checked_sub(CELL)),
            Expr::Select(select) => select.descend(left?.checked_sub(SELECT)),
            Expr::TooDeep => None,
            Expr::Bare(_) | Expr::Column(_) | Expr::Star | Expr::Text(_) => left,
            Expr::Null | Expr::Bool(_) | Expr::Number(_) => left,
        }
    }

    /// Frees a tree of any depth without recursion.
    pub(crate) fn dismantle(self) {
        let mut exprs = vec![self];
        let mut selects = Vec::new();
        loop {
            while let Some(expr) = exprs.pop() {
                match expr {
                    Expr::Op(_, args) | Expr::Call { args, .. } => exprs.extend(args),
                    Expr::Values(rows) => exprs.extend(rows.into_iter().flatten()),
                    Expr::Select(select) => selects.push(*select),
                    _ => {}
                }
            }
            let Some(select) = selects.pop() else { return };
            select.scatter(&mut exprs, &mut selects);
        }
    }
}

impl Select {
    /// Returns `true` if it nests at most [`MAX_DEPTH`] levels.
    pub(crate) fn is_bounded(&self) -> bool {
        self.descend(Some(MAX_DEPTH)).is_some()
    }

    fn descend(&self, left: Left) -> Left {
        let Select {
            distinct,
            body,
            from,
            filter,
            group_by,
            having,
            order_by,
            limit: _,
            offset: _,
        } = self;
        let body = match body {
            // A dialect may write `distinct` as a call around the first of them.
            Body::Data(projection) if distinct.is_some() => {
                items(projection, left?.checked_sub(OPERAND))
            }
            Body::Data(projection) => items(projection, left),
            Body::Values(rows) => cells(rows, left?.checked_sub(CELL)),
        };
        let distinct = match distinct {
            Some(Distinct::On(on)) => deepest(on, left?.checked_sub(2)),
            Some(Distinct::Rows) | None => left,
        };
        let order = order_by.iter().map(|term| &term.expr);
        [
            body,
            distinct,
            joined(from, left),
            deepest(filter, left?.checked_sub(1)),
            deepest(group_by, left?.checked_sub(2)),
            // In a list of one, in some dialects.
            deepest(having, left?.checked_sub(2)),
            // A pair in a list.
            deepest(order, left?.checked_sub(3)),
        ]
        .into_iter()
        .min()
        .flatten()
    }

    /// Moves its expressions and selects out, so that dropping what is left of
    /// it does not recurse.
    fn scatter(self, exprs: &mut Vec<Expr>, selects: &mut Vec<Select>) {
        if let Some(Distinct::On(on)) = self.distinct {
            exprs.extend(on);
        }
        match self.body {
            Body::Data(Projection::Single(item)) => exprs.push(item.expr),
            Body::Data(Projection::List(items)) => {
                exprs.extend(items.into_iter().map(|item| item.expr));
            }
            Body::Values(rows) => exprs.extend(rows.into_iter().flatten()),
        }
        for item in self.from {
            if let Source::Select(select) = item.source {
                selects.push(*select);
            }
            exprs.extend(item.join.and_then(|Join { on, .. }| on));
        }
        exprs.extend(self.filter);
        exprs.extend(self.group_by);
        exprs.extend(self.having);
        exprs.extend(self.order_by.into_iter().map(|Order { expr, .. }| expr));
    }
}

impl StatementRef<'_> {
    /// Returns `true` if it nests at most [`MAX_DEPTH`] levels.
    pub(crate) fn is_bounded(&self) -> bool {
        let left = Some(MAX_DEPTH);
        let one = || Some(MAX_DEPTH - 1);
        let (body, returning) = match self {
            StatementRef::Select(select) => return select.is_bounded(),
            StatementRef::Insert(Insert {
                source, returning, ..
            }) => match source {
                InsertSource::Values(rows) => {
                    // One row is written as an object keyed by column.
                    let around = if rows.len() == 1 { CELL - 1 } else { CELL };
                    (cells(rows, Some(MAX_DEPTH - around)), returning)
                }
                InsertSource::Select(select) => (select.descend(one()), returning),
            },
            StatementRef::Update(update) => {
                let values = update.set.iter().map(|(_, value)| value);
                let set = deepest(values, Some(MAX_DEPTH - 2));
                let rest = joined(&update.from, left).min(deepest(&update.filter, one()));
                (set.min(rest), &update.returning)
            }
            StatementRef::Delete(delete) => {
                let rest = joined(&delete.using, left).min(deepest(&delete.filter, one()));
                (rest, &delete.returning)
            }
        };
        let returning = returning.as_ref().map_or(left, |one| items(one, left));
        body.min(returning).is_some()
    }
}

/// Returns the levels that the deepest of these leaves.
fn deepest<'a>(exprs: impl IntoIterator<Item = &'a Expr>, left: Left) -> Left {
    let left = left?;
    let mut least = left;
    for expr in exprs {
        least = least.min(expr.descend(Some(left))?);
    }
    Some(least)
}

fn cells(rows: &[Vec<Expr>], left: Left) -> Left {
    deepest(rows.iter().flatten(), left)
}

fn items(projection: &Projection, left: Left) -> Left {
    let exprs = projection.items().iter().map(|item| &item.expr);
    deepest(exprs, left?.checked_sub(2))
}

fn joined(items: &[FromItem], left: Left) -> Left {
    let mut least = left?;
    for item in items {
        if let Source::Select(select) = &item.source {
            // `from`, its place, `join`, `select`.
            least = least.min(select.descend(left?.checked_sub(4))?);
        }
        let on = item.join.iter().filter_map(|join| join.on.as_ref());
        least = least.min(deepest(on, left?.checked_sub(3))?);
    }
    Some(least)
}
