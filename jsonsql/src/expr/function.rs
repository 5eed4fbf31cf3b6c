//! Functions over expressions.

use super::{Built, Expr, Node, NotNull, Null, Nullability, Operand, OperandList};
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
    Expr::new(match args.len() {
        0 => Built::leaf(ast::Expr::text("")),
        _ => Built::chain(Op::Concat, args),
    })
}

/// `first`, or `fallback` where that is NULL.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let limits = Subscriber::all().column(|s| coalesce(s.max_terminal, 1));
/// assert_eq!(
///     format!("{limits:#}"),
///     "SELECT COALESCE(s.max_terminal, 1) FROM subscriber AS s"
/// );
/// ```
pub fn coalesce<'q, T, N, K, R>(
    first: Expr<'q, T, N, K>,
    fallback: R,
) -> Expr<'q, T, N::And<R::Null>>
where
    N: Nullability,
    K: Node,
    R: Operand<'q, T>,
{
    let operands = [first.into_built(), fallback.into_built()];
    Expr::new(Built::chain(Op::Coalesce, operands))
}

/// Any function by its name: `function::<String>("lower", (s.username,))`.
///
/// The name is sent as it is; which functions a server lets through is not
/// documented. `T` is what you know it to answer with.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let lengths = Subscriber::all().column(|s| function::<i32>("length", (s.username,)));
/// assert_eq!(lengths.to_string(), "SELECT length(s.username) FROM subscriber AS s");
/// ```
pub fn function<'q, T>(name: &'static str, args: impl OperandList<'q>) -> Expr<'q, T, Null> {
    let mut list = Vec::new();
    args.push_to(&mut list);
    Expr::new(Built::call(name, list))
}

/// `regexp_replace(text, pattern, replacement)`: the first match replaced.
/// Seen in a report from production (evidence grade B).
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let digits = Subscriber::all().column(|s| regexp_replace(s.username, "[^0-9]", ""));
/// assert_eq!(
///     format!("{digits:#}"),
///     "SELECT regexp_replace(s.username, '[^0-9]', '') FROM subscriber AS s"
/// );
/// ```
pub fn regexp_replace<'q, T: TextType, N: Nullability, K: Node>(
    text: Expr<'q, T, N, K>,
    pattern: &str,
    replacement: &str,
) -> Expr<'q, String, N> {
    let texts = [pattern, replacement].map(|text| Built::leaf(ast::Expr::text(text.to_owned())));
    let args = std::iter::once(text.into_built()).chain(texts);
    Expr::new(Built::call("regexp_replace", args))
}

/// A value as an expression: `literal(0).eq(…)`, or to select a value of an
/// own type.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let marked = select(|mut q| {
///     let s = q.from(Subscriber);
///     q.select((s.id, literal("billing".to_owned())))
/// });
/// assert_eq!(format!("{marked:#}"), "SELECT s.id, 'billing' FROM subscriber AS s");
/// ```
pub fn literal<'q, T: SqlType>(value: T) -> Expr<'q, T> {
    Expr::new(Built::leaf(value.into_literal()))
}

/// An expression from the grammar itself, for what the typed language does not
/// say. That it is of type `T` is your word; its texts are checked like all
/// others, and a bare string in it is refused.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// use jsonsql::ast::{Expr as Node, Op};
///
/// // What the typed language has no method for, such as an operator of a server's own.
/// let half = Subscriber::all().column(|_| {
///     let id = Node::column("s", "id");
///     raw::<i64>(Node::Op(Op::Mod, vec![id, Node::Number(2.into())]))
/// });
/// assert_eq!(format!("{half:#}"), "SELECT s.id % 2 FROM subscriber AS s");
/// ```
pub fn raw<'q, T>(expr: ast::Expr) -> Expr<'q, T, Null> {
    Expr::new(Built::measured(expr))
}

/// TRUE if every condition is: TRUE of none.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let wanted = [Some("12%"), None];
/// let query = Subscriber::filter(|s| {
///     all(wanted.iter().flatten().map(|pattern| s.username.like(*pattern)))
/// })
/// .column(|s| s.id);
/// assert_eq!(
///     format!("{query:#}"),
///     "SELECT s.id FROM subscriber AS s WHERE s.username LIKE '12%'"
/// );
/// ```
pub fn all<'q, C: Operand<'q, bool>>(
    conditions: impl IntoIterator<Item = C>,
) -> Expr<'q, bool, <NotNull as Nullability>::Or<C::Null>> {
    Expr::new(fold(Op::And, true, conditions))
}

/// TRUE if one condition is: FALSE of none.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let prefixes = ["12", "office-"];
/// let query = Subscriber::filter(|s| any(prefixes.map(|prefix| s.username.starts_with(prefix))))
///     .column(|s| s.id);
/// assert_eq!(
///     format!("{query:#}"),
///     "SELECT s.id FROM subscriber AS s \
///      WHERE s.username LIKE '12%' OR s.username LIKE 'office-%'"
/// );
/// ```
pub fn any<'q, C: Operand<'q, bool>>(
    conditions: impl IntoIterator<Item = C>,
) -> Expr<'q, bool, <NotNull as Nullability>::Or<C::Null>> {
    Expr::new(fold(Op::Or, false, conditions))
}

fn fold<'q, C: Operand<'q, bool>>(
    op: Op,
    of_none: bool,
    conditions: impl IntoIterator<Item = C>,
) -> Built {
    let mut conditions = conditions.into_iter().map(Operand::into_built);
    match (conditions.next(), conditions.next()) {
        (None, _) => Built::leaf(ast::Expr::Bool(of_none)),
        (Some(one), None) => one,
        (Some(first), Some(second)) => {
            Built::chain(op, [first, second].into_iter().chain(conditions))
        }
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
