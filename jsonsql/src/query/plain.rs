//! Statements that need no closer look, which most are.

use crate::ast::{Expr, FromItem, InsertSource, Projection, Source, Statement, TableName};
use crate::resolve::{is_position, operand_compared_with_itself};
use crate::schema::TableInfo;

/// Operators and calls within each other up to which a statement is plain: far
/// from [`MAX_DEPTH`](crate::ast::MAX_DEPTH), so that nothing has to be counted.
const SHALLOW: usize = 16;

/// Returns `true` if no alias has to be settled and no [check](super::safety)
/// can find anything: one walk shows it of a statement over tables alone,
/// without nested queries and output names. Of other statements it is not known.
pub(super) fn is_plain(statement: &Statement) -> bool {
    let Some((target, from)) = tables(statement) else {
        return false;
    };
    let only_text = |text: &str| {
        let columns = |table: &TableInfo| table.has_column(text);
        text != "*"
            && !from.iter().any(|item| item.alias.as_deref() == Some(text))
            && !from.iter().filter_map(FromItem::info).any(columns)
            && !target.is_some_and(|table| **table == *text || table.info().is_some_and(columns))
    };
    let mut plain = true;
    statement.roots(&mut |clause, root| {
        plain = plain && !is_position(clause, root) && is_plain_in(root, &only_text, SHALLOW);
    });
    plain
}

fn is_plain_in(expr: &Expr, only_text: &impl Fn(&str) -> bool, left: usize) -> bool {
    let Some(inner) = left.checked_sub(1) else {
        return false;
    };
    match expr {
        Expr::Text(text) => only_text(text),
        Expr::Bare(_) | Expr::Select(_) | Expr::TooDeep => false,
        Expr::Op(op, args) => {
            operand_compared_with_itself(op, args, None).is_none()
                && all_plain_in(args, only_text, inner)
        }
        Expr::Call { args, .. } => all_plain_in(args, only_text, inner),
        Expr::Values(rows) => rows.iter().all(|row| all_plain_in(row, only_text, inner)),
        Expr::Column(_) | Expr::Star | Expr::Null | Expr::Bool(_) | Expr::Number(_) => true,
    }
}

/// Columns, which are most operands, are passed over without a call.
fn all_plain_in(exprs: &[Expr], only_text: &impl Fn(&str) -> bool, left: usize) -> bool {
    exprs
        .iter()
        .all(|expr| matches!(expr, Expr::Column(_)) || is_plain_in(expr, only_text, left))
}

/// The tables of a statement that nests no query outside its expressions, has
/// no output names and as a write joins nothing: the target and those in FROM.
fn tables(statement: &Statement) -> Option<(Option<&TableName>, &[FromItem])> {
    match statement {
        Statement::Select(select) => {
            let items = select.projection().map_or([].as_slice(), Projection::items);
            let named = items.iter().any(|item| item.alias.is_some());
            let derived = |item: &FromItem| matches!(item.source, Source::Select(_));
            (!named && !select.from.iter().any(derived)).then_some((None, &*select.from))
        }
        Statement::Insert(insert) => {
            let values = matches!(insert.source, InsertSource::Values(_));
            values.then_some((Some(&insert.into), &[]))
        }
        Statement::Update(update) => update.from.is_empty().then_some((Some(&update.table), &[])),
        Statement::Delete(delete) => delete.using.is_empty().then_some((Some(&delete.from), &[])),
    }
}
