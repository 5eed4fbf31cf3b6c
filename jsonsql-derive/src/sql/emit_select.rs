//! The calls of a query's clauses.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use super::emit::{Emitter, Handle, Level, Place, path, tuple};
use super::outputs::{grouped, no_aggregate, no_output, numbered, output};
use super::tree::{
    Clause, Distinct, Expr, From, FromSource, Item, ItemValue, Join, Order, Select, Table,
};
use crate::hygiene::at;
use crate::names::plain;

/// The maximum number of items of a row that is not a struct.
pub(super) const MAX_ITEMS: usize = 16;

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

    /// Emits the items of the selection or of RETURNING.
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
