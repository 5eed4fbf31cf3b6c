//! Expressions that have been built, and how deep they nest.

use crate::ast::{self, MAX_DEPTH, Op};

/// An expression that has been built by an operator or function.
///
/// It counts its levels as a request's JSON has them. An expression of more
/// than [`MAX_DEPTH`] levels is dropped for [`ast::Expr::TooDeep`]: a loop of
/// `acc = acc - 1` then ends in an error when the statement is sent, and not
/// at the end of the stack.
#[derive(Debug, Clone)]
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

    fn bounded(expr: ast::Expr, depth: usize) -> Built {
        if depth > MAX_DEPTH {
            // No operand is deeper than is allowed, so dropping is safe.
            return Built::leaf(ast::Expr::TooDeep);
        }
        Built { expr, depth }
    }

    /// An operator on these operands.
    #[inline]
    pub(crate) fn op(op: Op, operands: impl IntoIterator<Item = Built>) -> Built {
        let Operands { args, deepest } = operands.into_iter().collect();
        // `{"op": […]}`; a dialect may write `not_in` as two operators.
        let depth = deepest + 2 + usize::from(op == Op::NotIn);
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

    #[inline]
    pub(crate) fn into_ast(self) -> ast::Expr {
        self.expr
    }
}

/// Operands, and how deep the deepest one nests.
#[derive(Default)]
struct Operands {
    args: Vec<ast::Expr>,
    deepest: usize,
}

impl FromIterator<Built> for Operands {
    #[inline]
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
