//! Expressions that have been built, and how deep they nest.

use std::fmt;

use crate::ast::{self, MAX_DEPTH, Op};

/// An expression that has been built by an operator or function.
///
/// It counts its levels as a request's JSON has them at least: which dialect
/// writes it is not known yet. An expression of more than [`MAX_DEPTH`] levels
/// is dropped for [`ast::Expr::TooDeep`]: a loop of
/// `acc = acc - 1` then ends in an error when the statement is sent, and not
/// at the end of the stack.
#[derive(Clone)]
pub struct Built {
    expr: ast::Expr,
    depth: usize,
}

impl Built {
    /// A column, a literal, `*`.
    #[inline]
    pub(crate) fn leaf(expr: ast::Expr) -> Built {
        Built { expr, depth: 0 }
    }

    /// A tree that was built elsewhere.
    pub(crate) fn measured(expr: ast::Expr) -> Built {
        match expr.depth() {
            Some(depth) => Built { expr, depth },
            None => {
                expr.dismantle();
                Built::leaf(ast::Expr::TooDeep)
            }
        }
    }

    #[inline]
    fn bounded(expr: ast::Expr, depth: usize) -> Built {
        if depth > MAX_DEPTH {
            return Built::too_deep(expr);
        }
        Built { expr, depth }
    }

    #[cold]
    fn too_deep(dropped: ast::Expr) -> Built {
        // Its operands are not deeper than is allowed, so dropping is safe.
        drop(dropped);
        Built::leaf(ast::Expr::TooDeep)
    }

    /// An operator on one operand.
    pub(crate) fn unary(op: Op, operand: Built) -> Built {
        Built::bounded(ast::Expr::Op(op, vec![operand.expr]), operand.depth + 2)
    }

    /// An operator on two operands.
    // In line, the operands are built where they stay.
    #[inline(always)]
    pub(crate) fn binary(op: Op, left: Built, right: Built) -> Built {
        let depth = left.depth.max(right.depth) + 2;
        Built::bounded(ast::Expr::Op(op, vec![left.expr, right.expr]), depth)
    }

    /// A search for a value among others.
    pub(crate) fn among(op: Op, value: Built, others: impl Iterator<Item = Built>) -> Built {
        let Operands { args, deepest } = std::iter::once(value).chain(others).collect();
        let depth = deepest + 2;
        Built::bounded(ast::Expr::Op(op, args), depth)
    }

    /// A call of a function.
    pub(crate) fn call(function: &'static str, args: impl IntoIterator<Item = Built>) -> Built {
        let Operands { args, deepest } = args.into_iter().collect();
        let function = function.into();
        Built::bounded(ast::Expr::Call { function, args }, deepest + 2)
    }

    /// Rows of one value each.
    pub(crate) fn values(rows: impl IntoIterator<Item = Built>) -> Built {
        let Operands { args, deepest } = rows.into_iter().collect();
        let rows = args.into_iter().map(|cell| vec![cell]).collect();
        Built::bounded(ast::Expr::Values(rows), deepest + 3)
    }

    /// A chain of one associative operator, in one flat list: nested, it would
    /// run into the depth limits of parsers.
    pub(crate) fn chain(op: Op, operands: impl IntoIterator<Item = Built>) -> Built {
        let operands = operands.into_iter();
        let mut chain = Operands::default();
        for operand in operands {
            chain.join(&op, operand);
        }
        Built::bounded(ast::Expr::Op(op, chain.args), chain.deepest + 2)
    }

    /// The same of two operands.
    pub(crate) fn joined(op: Op, left: Built, right: Built) -> Built {
        Built::chain(op, [left, right])
    }

    #[inline]
    pub(crate) fn into_ast(self) -> ast::Expr {
        self.expr
    }
}

/// Prints the SQL, with `?` for literals.
impl fmt::Debug for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.expr, f)
    }
}

/// Operands, and how deep the deepest one nests.
#[derive(Default)]
struct Operands {
    args: Vec<ast::Expr>,
    deepest: usize,
}

impl FromIterator<Built> for Operands {
    fn from_iter<I: IntoIterator<Item = Built>>(operands: I) -> Self {
        let mut deepest = 0;
        let operands = operands.into_iter().map(|Built { expr, depth }| {
            deepest = deepest.max(depth);
            expr
        });
        let args = operands.collect();
        Operands { args, deepest }
    }
}

impl Operands {
    /// Adds an operand, or the operands of a chain of the same operator.
    fn join(&mut self, op: &Op, Built { expr, depth }: Built) {
        match expr {
            ast::Expr::Op(same, mut args) if same == *op => {
                self.deepest = self.deepest.max(depth.saturating_sub(2));
                if self.args.is_empty() {
                    self.args = args;
                } else {
                    self.args.append(&mut args);
                }
            }
            other => {
                self.deepest = self.deepest.max(depth);
                self.args.push(other);
            }
        }
    }
}
