//! Functions over expressions.

use super::{Expr, Node, NotNull, Null, Nullability, Operand, OperandList};
use crate::ast::{self, Op};
use crate::types::{SqlType, TextType};

/// The texts one after another, SQL `||`: NULL if one of them is.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// let channels = select(|mut q| {
///     let m = q.from(Media);
///     let port = coalesce(concat((":", m.port)), "");
///     q.select((m.name, concat((m.protocol, "://", m.inet_addr, port))))
/// });
/// assert_eq!(
///     format!("{channels:#}"),
///     "SELECT m.name, m.protocol || '://' || m.inet_addr || COALESCE(':' || m.port, '') \
///      FROM media AS m"
/// );
/// ```
pub fn concat<'q, L: OperandList<'q>>(parts: L) -> Expr<'q, String, L::Null> {
    let mut args = Vec::new();
    parts.push_to(&mut args);
    match args.len() {
        0 => Expr::from_ast(ast::Expr::text("")),
        _ => Expr::from_ast(ast::Expr::Op(Op::Concat, args)),
    }
}

/// `first`, or `fallback` where that is NULL.
pub fn coalesce<'q, T, N, K, R>(
    first: Expr<'q, T, N, K>,
    fallback: R,
) -> Expr<'q, T, N::And<R::Null>>
where
    N: Nullability,
    K: Node,
    R: Operand<'q, T>,
{
    let args = vec![first.into_ast(), fallback.into_ast()];
    Expr::from_ast(ast::Expr::Op(Op::Coalesce, args))
}

/// Any function by its name: `function::<String>("lower", (s.username,))`.
///
/// The name is sent as it is; which functions a server lets through is not
/// documented. `T` is what you know it to answer with.
pub fn function<'q, T>(name: &'static str, args: impl OperandList<'q>) -> Expr<'q, T, Null> {
    let mut list = Vec::new();
    args.push_to(&mut list);
    Expr::from_ast(ast::Expr::Call {
        function: name.into(),
        args: list,
    })
}

/// `regexp_replace(text, pattern, replacement)`: the first match replaced.
/// Seen in a report from production (evidence grade B).
pub fn regexp_replace<'q, T: TextType, N: Nullability, K: Node>(
    text: Expr<'q, T, N, K>,
    pattern: &str,
    replacement: &str,
) -> Expr<'q, String, N> {
    Expr::from_ast(ast::Expr::Call {
        function: "regexp_replace".into(),
        args: vec![
            text.into_ast(),
            ast::Expr::text(pattern.to_owned()),
            ast::Expr::text(replacement.to_owned()),
        ],
    })
}

/// A value as an expression: `literal(0).eq(…)`, or to select a value of an
/// own type.
pub fn literal<'q, T: SqlType>(value: T) -> Expr<'q, T> {
    Expr::from_ast(value.into_literal())
}

/// An expression from the grammar itself, for what the typed language does not
/// say. That it is of type `T` is your word; its texts are checked like all
/// others, and a bare string in it is refused.
pub fn raw<'q, T>(expr: ast::Expr) -> Expr<'q, T, Null> {
    Expr::from_ast(expr)
}

/// TRUE if every condition is: TRUE of none.
pub fn all<'q, C: Operand<'q, bool>>(
    conditions: impl IntoIterator<Item = C>,
) -> Expr<'q, bool, <NotNull as Nullability>::Or<C::Null>> {
    Expr::from_ast(fold(Op::And, true, conditions))
}

/// TRUE if one condition is: FALSE of none.
pub fn any<'q, C: Operand<'q, bool>>(
    conditions: impl IntoIterator<Item = C>,
) -> Expr<'q, bool, <NotNull as Nullability>::Or<C::Null>> {
    Expr::from_ast(fold(Op::Or, false, conditions))
}

fn fold<'q, C: Operand<'q, bool>>(
    op: Op,
    of_none: bool,
    conditions: impl IntoIterator<Item = C>,
) -> ast::Expr {
    let mut args: Vec<_> = conditions.into_iter().map(Operand::into_ast).collect();
    match args.len() {
        0 => ast::Expr::Bool(of_none),
        1 => args.remove(0),
        _ => ast::Expr::Op(op, args),
    }
}

/// `a AND b`, `a OR b`, `a + b`, `a * b`, in one flat list however long the
/// chain, as the document prints them: nesting would run into the depth limits
/// of parsers.
pub(crate) fn joined(op: Op, left: ast::Expr, right: ast::Expr) -> ast::Expr {
    match left {
        ast::Expr::Op(known, mut args) if known == op => {
            args.push(right);
            ast::Expr::Op(op, args)
        }
        left => ast::Expr::Op(op, vec![left, right]),
    }
}

/// A text as a LIKE pattern that matches just it.
pub(crate) fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
