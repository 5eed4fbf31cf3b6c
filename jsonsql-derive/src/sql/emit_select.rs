//! The calls of a query's clauses.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use super::emit::{Emitter, Handle, Level, Place, path, tuple};
use super::emit_call::{aggregate, free_column, has_aggregate, has_hole, is_repeatable};
use super::tree::{
    Call, Clause, Column, Distinct, Expr, From, FromSource, Item, ItemValue, Join, Order, Select,
    Table,
};
use crate::hygiene::at;
use crate::names::plain;

/// How many items a row may have that is no struct.
const MAX_ITEMS: usize = 16;

impl Emitter<'_> {
    /// The body of a query's closure.
    pub(super) fn query(&mut self, select: &Select) -> syn::Result<TokenStream> {
        self.query_at(Level::default(), select)
    }

    pub(super) fn query_at(&mut self, level: Level, select: &Select) -> syn::Result<TokenStream> {
        self.levels.push(level);
        let body = self.clauses(select);
        self.levels.pop();
        body
    }

    fn clauses(&mut self, select: &Select) -> syn::Result<TokenStream> {
        let Select {
            span,
            distinct,
            row,
            items,
            from,
            filter,
            group_by,
            having,
            order_by,
            limit,
            offset,
        } = select;
        let mut body = self.from(from)?;
        no_aggregate(filter.iter().map(|clause| &clause.value), "where")?;
        body.extend(self.condition(filter.as_ref(), "filter")?);
        if let Some(Clause { span, value }) = group_by {
            let value: Vec<&Expr> = value
                .iter()
                .map(|expr| numbered(expr, items))
                .collect::<syn::Result<_>>()?;
            no_aggregate(value.iter().copied(), "group by")?;
            let groups = self.each(&value, *span)?;
            let hoisted = self.hoisted();
            let method = Ident::new("group_by", at(*span));
            body.extend(quote_spanned!(at(*span)=> #hoisted __q.#method(#groups);));
        }
        for (clause, word) in [(filter, "where"), (having, "having")] {
            if let Some(Clause { span: _, value }) = clause {
                no_output(value, items, word)?;
            }
        }
        body.extend(self.condition(having.as_ref(), "having")?);
        if let Some(clause) = order_by {
            body.extend(self.order_by(clause, items)?);
        }
        for (clause, method) in [(limit, "limit"), (offset, "offset")] {
            if let Some(Clause { span, value }) = clause {
                let rows = self.operand(value)?;
                let method = Ident::new(method, at(*span));
                body.extend(quote_spanned!(at(*span)=> __q.#method(#rows);));
            }
        }
        if let Some(Distinct { span, on }) = distinct {
            if on.is_empty() {
                body.extend(quote_spanned!(at(*span)=> __q.distinct();));
            } else {
                let on: Vec<&Expr> = on
                    .iter()
                    .map(|expr| output(expr, *span, items))
                    .collect::<syn::Result<_>>()?;
                let on = self.each(&on, *span)?;
                let hoisted = self.hoisted();
                body.extend(quote_spanned!(at(*span)=> #hoisted __q.distinct_on(#on);));
            }
        }
        if group_by.is_none() {
            grouped(select)?;
        }
        let selection = self.selection(*span, row.as_deref(), items)?;
        let hoisted = self.hoisted();
        body.extend(quote_spanned!(at(*span)=> #hoisted __q.select(#selection)));
        Ok(body)
    }

    /// The tables of FROM.
    pub(super) fn from(&mut self, from: &[From]) -> syn::Result<TokenStream> {
        let mut body = TokenStream::new();
        for From { source, join } in from {
            if let Join::None = join {
                self.level().item += 1;
            }
            let Table { path: table, alias } = match source {
                FromSource::Table(table) => table,
                FromSource::Query { query, alias } => {
                    body.extend(self.derived(query, alias)?);
                    continue;
                }
            };
            let table = path(table);
            let binding = self.bind(alias)?;
            body.extend(match join {
                Join::None => quote_spanned!(at(alias.span())=> let #binding = __q.from(#table);),
                Join::On {
                    left,
                    span,
                    condition,
                } => {
                    no_aggregate([condition], "on")?;
                    let before = std::mem::replace(&mut self.level().place, Place::On);
                    let condition = self.operand(condition);
                    self.level().place = before;
                    let condition = condition?;
                    let method = Ident::new(if *left { "left_join" } else { "join" }, at(*span));
                    quote_spanned! {at(*span)=>
                        let #binding = __q.#method(#table, |#binding| #condition);
                    }
                }
            });
        }
        Ok(body)
    }

    /// `q.filter(…)` or `q.having(…)`, if there is such a clause.
    pub(super) fn condition(
        &mut self,
        clause: Option<&Clause<Expr>>,
        method: &str,
    ) -> syn::Result<TokenStream> {
        let Some(Clause { span, value }) = clause else {
            return Ok(TokenStream::new());
        };
        let condition = self.operand(value)?;
        let hoisted = self.hoisted();
        let method = Ident::new(method, at(*span));
        Ok(quote_spanned!(at(*span)=> #hoisted __q.#method(#condition);))
    }

    fn order_by(
        &mut self,
        clause: &Clause<Vec<Order>>,
        items: &[Item],
    ) -> syn::Result<TokenStream> {
        let Clause { span, value } = clause;
        let mut terms = Vec::new();
        for Order {
            expr,
            descending,
            span,
        } in value
        {
            let expr = output(expr, *span, items)?;
            if matches!(
                expr,
                Expr::Hole { .. } | Expr::Bool { .. } | Expr::Literal { .. }
            ) {
                return Err(syn::Error::new(
                    *span,
                    "the same value orders nothing: order by a column",
                ));
            }
            let expr = self.receiver(expr)?;
            let method = Ident::new(if *descending { "desc" } else { "asc" }, at(*span));
            terms.push(quote_spanned!(at(*span)=> #expr.#method()));
        }
        let terms = tuple(&terms, *span, 8);
        let hoisted = self.hoisted();
        let method = Ident::new("order_by", at(*span));
        Ok(quote_spanned!(at(*span)=> #hoisted __q.#method(#terms);))
    }

    /// What is selected or returned.
    pub(super) fn selection(
        &mut self,
        span: Span,
        row: Option<&[TokenTree]>,
        items: &[Item],
    ) -> syn::Result<TokenStream> {
        if let Some(row) = row {
            return self.row(row, items);
        }
        let derived = self.level().derived;
        let mut all = Vec::new();
        for Item { value, name } in items {
            match (value, name) {
                (ItemValue::Expr(expr), name) => {
                    let name = name.as_ref().filter(|_| !derived);
                    all.push(self.selected(expr, name)?);
                }
                (ItemValue::All { table, span }, None) => {
                    all.extend(self.all_of(table.as_ref(), *span)?);
                }
                (ItemValue::All { table: _, span: _ }, Some(name)) => {
                    return Err(syn::Error::new(
                        name.span(),
                        "a table's columns have no common name, unless for a field: `select as Row t.* as owner`",
                    ));
                }
            }
        }
        if all.len() > MAX_ITEMS {
            let message = format!(
                "a row of more than {MAX_ITEMS} items is a struct: `select as OwnedRow …` with `#[derive(Row)]`"
            );
            return Err(syn::Error::new(span, message));
        }
        Ok(tuple(&all, span, MAX_ITEMS))
    }

    /// `OwnedRowSelection { … }`.
    fn row(&mut self, row: &[TokenTree], items: &[Item]) -> syn::Result<TokenStream> {
        let Some((TokenTree::Ident(last), before)) = row.split_last() else {
            let place = row.first().map_or_else(Span::call_site, TokenTree::span);
            return Err(syn::Error::new(place, "expected the name of a struct"));
        };
        let mut fields: Vec<(Ident, TokenStream)> = Vec::new();
        for Item { value, name } in items {
            let field = match (name, value) {
                (Some(name), _) => name,
                (None, ItemValue::Expr(Expr::Column(column))) => &column.name,
                (None, ItemValue::All { table: _, span }) => {
                    return Err(syn::Error::new(
                        *span,
                        "name the field of these columns: `t.* as owner`",
                    ));
                }
                (None, ItemValue::Expr(_)) => {
                    return Err(syn::Error::new(
                        last.span(),
                        "each item needs a field of the struct: `count(*) as boxes`",
                    ));
                }
            };
            let field = super::emit::field(field)?;
            if fields.iter().any(|(known, _)| *known == field) {
                return Err(syn::Error::new(
                    field.span(),
                    format!("`{field}` is there already"),
                ));
            }
            let value = match value {
                ItemValue::Expr(expr) => self.operand(expr)?,
                ItemValue::All { table, span } => {
                    match self.all_of(table.as_ref(), *span)?.as_slice() {
                        [one] => one.clone(),
                        _ => {
                            return Err(syn::Error::new(
                                *span,
                                "the columns of a query in FROM are no struct: name them one by one",
                            ));
                        }
                    }
                }
            };
            fields.push((field, value));
        }
        let name = Ident::new(&format!("{}Selection", plain(last)), last.span());
        let before = before.iter();
        let name = path(&quote!(#(#before)* #name));
        let fields = fields.iter().map(|(field, value)| quote!(#field: #value));
        Ok(quote_spanned!(at(last.span())=> #name { #(#fields),* }))
    }

    /// All columns of a table, or of the only one: one handle for a struct, and
    /// one for each column of a query.
    fn all_of(&mut self, table: Option<&Ident>, span: Span) -> syn::Result<Vec<TokenStream>> {
        let tables = &self.level().tables;
        let alias = match (table, tables.as_slice()) {
            (Some(table), _) => table.clone(),
            (None, [one]) => Ident::new(&one.alias, span),
            (None, []) => {
                return Err(syn::Error::new(
                    span,
                    "`*` of which table? `from` is missing",
                ));
            }
            (None, several) => {
                let choices: Vec<String> = several
                    .iter()
                    .map(|bound| format!("{}.*", bound.alias))
                    .collect();
                let message = format!("`*` of which table? Write `{}`", choices.join(", "));
                return Err(syn::Error::new(span, message));
            }
        };
        let here = at(alias.span());
        Ok(match self.handle(&alias)? {
            Handle::Table(binding) => vec![Ident::new(&binding, here).into_token_stream()],
            Handle::Query(columns) => columns
                .iter()
                .map(|(_, binding)| Ident::new(binding, here).into_token_stream())
                .collect(),
        })
    }
}

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

/// What stands in ORDER BY: an output name or the number of an item is what is
/// selected there.
fn output<'e>(expr: &'e Expr, span: Span, items: &'e [Item]) -> syn::Result<&'e Expr> {
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
fn no_output(expr: &Expr, items: &[Item], clause: &str) -> syn::Result<()> {
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
    super::emit_call::parts(expr)
        .into_iter()
        .try_for_each(|part| no_output(part, items, clause))
}

/// What stands in GROUP BY: the number of an item is what is selected there.
fn numbered<'e>(expr: &'e Expr, items: &'e [Item]) -> syn::Result<&'e Expr> {
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

/// What is selected, as a term of another clause too.
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
fn grouped(select: &Select) -> syn::Result<()> {
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
