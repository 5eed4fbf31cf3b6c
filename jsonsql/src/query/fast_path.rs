//! Statements that need no closer look, which most are.

use super::safety::SYSTEM_COLUMNS;
use super::sql_name::SqlName;
use super::writable::{is_null_condition, is_suspect_qualifier};
use crate::ast::{
    Clause, Expr, FromItem, InsertSource, Projection, Source, StatementRef, TableName,
};
use crate::ast::{NameLengths, TableInfo};
use crate::resolve::{is_position, operand_compared_with_itself};

/// Operators and calls within each other up to which a statement is plain: far
/// from [`MAX_DEPTH`](crate::ast::MAX_DEPTH), so that nothing has to be counted.
const SHALLOW: usize = 16;

/// Returns `true` if no alias has to be settled and no [check](super::safety)
/// can find anything: one walk shows it of a statement over tables alone,
/// without nested queries and output names. Of other statements it is not known.
pub(super) fn is_plain(statement: StatementRef<'_>) -> bool {
    let Some(is_plain_root) = check_of_roots(statement) else {
        return false;
    };
    let mut plain = true;
    statement.roots(&mut |clause, root| plain = plain && is_plain_root(clause, root));
    plain
}

/// Returns `true` if a plain statement is one with this part too, so that what was
/// looked at before is not looked at again for each further part.
pub(super) fn stays_plain(statement: StatementRef<'_>, clause: Clause, part: &Expr) -> bool {
    check_of_roots(statement).is_some_and(|is_plain_root| is_plain_root(clause, part))
}

/// Returns the check of each part; `None` if the statement is not over tables alone.
fn check_of_roots(statement: StatementRef<'_>) -> Option<impl Fn(Clause, &Expr) -> bool> {
    let (target, from) = tables(statement)?;
    let lengths = name_lengths(target, from);
    let only_text = move |text: &str| {
        let SqlName { name, .. } = SqlName::new(text);
        if !name.may_be_of(lengths) {
            return true;
        }
        let is = |known: &str| name.is(known);
        let table = |info: &TableInfo| {
            is(info.name)
                || info.columns.iter().any(|column| is(column.name))
                || info.reserved.iter().any(|column| is(column))
        };
        !is("*")
            && !SYSTEM_COLUMNS.iter().any(|column| is(column))
            && !from
                .iter()
                .any(|item| item.alias.as_deref().is_some_and(is) || item.info().is_some_and(table))
            && !target.is_some_and(|known| is(known) || known.info().is_some_and(table))
    };
    Some(move |clause, root: &Expr| {
        !is_position(clause, root)
            && !is_null_condition(clause, root)
            && (is_leaf(root)
                || is_plain_in(root, target.map(|table| &**table), &only_text, SHALLOW))
    })
}

fn is_plain_in(
    expr: &Expr,
    target: Option<&str>,
    only_text: &impl Fn(&str) -> bool,
    left: usize,
) -> bool {
    let Some(inner) = left.checked_sub(1) else {
        return false;
    };
    match expr {
        Expr::Text(text) => only_text(text),
        Expr::Bare(_) | Expr::Select(_) | Expr::TooDeep => false,
        Expr::Op(op, args) => {
            operand_compared_with_itself(op, args, target).is_none()
                && all_plain_in(args, target, only_text, inner)
        }
        Expr::Call { args, .. } => all_plain_in(args, target, only_text, inner),
        Expr::Values(rows) => rows
            .iter()
            .all(|row| all_plain_in(row, target, only_text, inner)),
        leaf => is_leaf(leaf),
    }
}

#[inline(always)]
fn is_leaf(expr: &Expr) -> bool {
    match expr {
        Expr::Column(column) => !column.table.as_deref().is_some_and(is_suspect_qualifier),
        Expr::Star | Expr::Null | Expr::Bool(_) | Expr::Number(_) => true,
        _ => false,
    }
}

/// Columns and numbers, which are most operands, are passed over without a call.
fn all_plain_in(
    exprs: &[Expr],
    target: Option<&str>,
    only_text: &impl Fn(&str) -> bool,
    left: usize,
) -> bool {
    exprs
        .iter()
        .all(|expr| is_leaf(expr) || is_plain_in(expr, target, only_text, left))
}

/// The tables of a statement that nests no query outside its expressions, has
/// no output names and as a write joins nothing: the target and those in FROM.
fn tables(statement: StatementRef<'_>) -> Option<(Option<&TableName>, &[FromItem])> {
    match statement {
        StatementRef::Select(select) => {
            let derived = |item: &FromItem| matches!(item.source, Source::Select(_));
            (unnamed(select.projection()) && !select.from.iter().any(derived))
                .then_some((None, &*select.from))
        }
        StatementRef::Insert(insert) => {
            let values = matches!(insert.source, InsertSource::Values(_));
            (values && unnamed(insert.returning.as_ref())).then_some((Some(&insert.into), &[]))
        }
        StatementRef::Update(update) => (update.from.is_empty()
            && unnamed(update.returning.as_ref()))
        .then_some((Some(&update.table), &[])),
        StatementRef::Delete(delete) => (delete.using.is_empty()
            && unnamed(delete.returning.as_ref()))
        .then_some((Some(&delete.from), &[])),
    }
}

/// The lengths of all names that a text could be read as.
fn name_lengths(target: Option<&TableName>, from: &[FromItem]) -> NameLengths {
    const OF_ALL: NameLengths = {
        let mut lengths = NameLengths::NONE.with("*");
        let mut names: &[&str] = &SYSTEM_COLUMNS;
        while let [name, rest @ ..] = names {
            lengths = lengths.with(name);
            names = rest;
        }
        lengths
    };
    let with_table = |lengths: NameLengths, info: Option<&TableInfo>| {
        info.map_or(lengths, |info| lengths.union(info.name_lengths()))
    };
    let with_target = target.map_or(OF_ALL, |table| with_table(OF_ALL.with(table), table.info()));
    from.iter().fold(with_target, |lengths, item| {
        let alias = item.alias.as_deref();
        with_table(
            alias.map_or(lengths, |alias| lengths.with(alias)),
            item.info(),
        )
    })
}

/// Returns `true` if nothing that is answered with has an output name.
fn unnamed(projection: Option<&Projection>) -> bool {
    let items = projection.map_or([].as_slice(), Projection::items);
    items.iter().all(|item| item.alias.is_none())
}
