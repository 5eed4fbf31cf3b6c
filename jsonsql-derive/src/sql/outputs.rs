//! The outputs of a query, as other clauses name them, and the places where
//! aggregates may stand.

use proc_macro2::Span;

use super::emit_call::{aggregate, free_column, has_aggregate, has_hole, is_repeatable, parts};
use super::emit_select::MAX_ITEMS;
use super::tree::{Call, Column, Expr, Item, ItemValue, Select};
use crate::names::plain;

/// The names of what a query in FROM selects.
pub(super) fn output_names(query: &Select) -> syn::Result<Vec<String>> {
    if let Some(token) = query.row.as_ref().and_then(|row| row.first()) {
        return Err(syn::Error::new(
            token.span(),
            "a query in FROM selects columns, not a struct: leave `as …` out",
        ));
    }
    if query.items.len() > MAX_ITEMS {
        let message = format!("a query in FROM selects {MAX_ITEMS} columns at the most here");
        return Err(syn::Error::new(query.span, message));
    }
    let mut names: Vec<String> = Vec::new();
    for Item { value, name } in &query.items {
        let name = match (value, name) {
            (_, Some(name)) => name,
            (ItemValue::Expr(Expr::Column(Column { table: _, name })), None) => name,
            (ItemValue::Expr(Expr::Call(Call { name, .. })), None) => name,
            (ItemValue::All { table: _, span }, None) => {
                return Err(syn::Error::new(
                    *span,
                    "name the columns of a query in FROM: `select s.id, s.username`",
                ));
            }
            (ItemValue::Expr(_), None) => {
                return Err(syn::Error::new(
                    query.span,
                    "each column of a query in FROM has a name: `select s.id + 1 as next`",
                ));
            }
        };
        let text = plain(name);
        if names.contains(&text) {
            return Err(syn::Error::new(
                name.span(),
                format!("two columns of this query are called `{text}`: name one with `as`"),
            ));
        }
        names.push(text);
    }
    Ok(names)
}

/// Refuses a query that is no value, nor a list of values.
pub(super) fn one_column(query: &Select) -> syn::Result<()> {
    let message = "a query that is compared with a value selects one column";
    if let Some(token) = query.row.as_ref().and_then(|row| row.first()) {
        return Err(syn::Error::new(token.span(), message));
    }
    match query.items.as_slice() {
        [
            Item {
                value: ItemValue::Expr(_),
                name: _,
            },
        ] => Ok(()),
        [
            Item {
                value: ItemValue::All { table: _, span },
                name: _,
            },
        ] => Err(syn::Error::new(*span, message)),
        _ => Err(syn::Error::new(query.span, message)),
    }
}

/// Returns the meaning of a term of ORDER BY: an output name or the number of an
/// item stands for what is selected there.
pub(super) fn output<'e>(expr: &'e Expr, span: Span, items: &'e [Item]) -> syn::Result<&'e Expr> {
    let Expr::Column(Column { table: None, name }) = expr else {
        return numbered(expr, items);
    };
    let mut named = items.iter().filter(|item| item.name.as_ref() == Some(name));
    match (named.next(), named.next()) {
        (None, _) => Ok(expr),
        (Some(item), None) => again(item, span),
        (Some(_), Some(_)) => Err(syn::Error::new(
            span,
            format!("two things are selected as `{name}`"),
        )),
    }
}

/// Refuses the name of an aggregate in a clause that does not see it. The name
/// of another item may be that of a column too, which is meant then.
pub(super) fn no_output(expr: &Expr, items: &[Item], clause: &str) -> syn::Result<()> {
    if let Expr::Column(Column { table: None, name }) = expr {
        let aggregated = |item: &&Item| {
            item.name.as_ref() == Some(name)
                && matches!(&item.value, ItemValue::Expr(expr) if has_aggregate(expr))
        };
        if items.iter().any(|item| aggregated(&item)) {
            return Err(syn::Error::new(
                name.span(),
                format!(
                    "`{name}` is the name of what is selected, which `{clause}` does not see: \
                     write the expression itself"
                ),
            ));
        }
    }
    parts(expr)
        .into_iter()
        .try_for_each(|part| no_output(part, items, clause))
}

/// Returns the meaning of a term of GROUP BY: the number of an item stands for what
/// is selected there.
pub(super) fn numbered<'e>(expr: &'e Expr, items: &'e [Item]) -> syn::Result<&'e Expr> {
    let Expr::Literal {
        literal,
        minus: None,
    } = expr
    else {
        return Ok(expr);
    };
    let span = literal.span();
    let Ok(number) = literal.to_string().parse::<usize>() else {
        return Err(syn::Error::new(
            span,
            "the same value orders and groups nothing: name a column",
        ));
    };
    let star = |item: &Item| matches!(item.value, ItemValue::All { .. });
    if items.iter().any(star) {
        return Err(syn::Error::new(
            span,
            "which column this is cannot be known beside `*`: name it",
        ));
    }
    match number.checked_sub(1).and_then(|index| items.get(index)) {
        Some(item) => again(item, span),
        None => Err(syn::Error::new(
            span,
            "nothing is selected at this position",
        )),
    }
}

/// Returns a selected expression, for use as a term of another clause too.
fn again(item: &Item, span: Span) -> syn::Result<&Expr> {
    match &item.value {
        ItemValue::Expr(expr) if is_repeatable(expr) && !has_hole(expr) => Ok(expr),
        ItemValue::Expr(_) => Err(syn::Error::new(
            span,
            "what is selected here is no column and would be computed twice: write the expression itself",
        )),
        ItemValue::All { table: _, span } => Err(syn::Error::new(
            *span,
            "these are several columns: name the one that is meant",
        )),
    }
}

/// Refuses an aggregate in a clause that is read before rows are grouped.
pub(super) fn no_aggregate<'e>(
    exprs: impl IntoIterator<Item = &'e Expr>,
    clause: &str,
) -> syn::Result<()> {
    match exprs.into_iter().find_map(aggregate) {
        Some(call) => {
            let name = plain(&call.name);
            let message = match clause {
                "where" => format!(
                    "`{name}(…)` is of several rows, and `where` sees one: write it in `having`"
                ),
                clause => format!("`{name}(…)` is of several rows, and `{clause}` sees one"),
            };
            Err(syn::Error::new(call.name.span(), message))
        }
        None => Ok(()),
    }
}

/// Refuses a column beside an aggregate of all rows.
pub(super) fn grouped(select: &Select) -> syn::Result<()> {
    let items = select.items.iter().filter_map(|item| match &item.value {
        ItemValue::Expr(expr) => Some(expr),
        ItemValue::All { table: _, span: _ } => None,
    });
    let having = select.having.iter().map(|clause| &clause.value);
    let orders = select.order_by.iter().flat_map(|clause| &clause.value);
    let orders = orders.map(|order| &order.expr);
    let is_name = |expr: &Expr| match expr {
        Expr::Column(Column { table: None, name }) => {
            let mut names = select.items.iter().filter_map(|item| item.name.as_ref());
            names.any(|known| known == name)
        }
        _ => false,
    };
    let exprs: Vec<&Expr> = items
        .chain(having)
        .chain(orders.filter(|expr| !is_name(expr)))
        .collect();
    if select.having.is_none() && !exprs.iter().any(|expr| has_aggregate(expr)) {
        return Ok(());
    }
    match exprs.into_iter().find_map(free_column) {
        Some(Column { table, name }) => {
            let table = table
                .as_ref()
                .map(|table| format!("{table}."))
                .unwrap_or_default();
            let message =
                format!("`{table}{name}` stands beside an aggregate: add `group by {table}{name}`");
            Err(syn::Error::new(name.span(), message))
        }
        None => Ok(()),
    }
}
