//! The calls of writes.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::emit::{Emitter, Level, Place, field, path, tuple};
use super::emit_expr::call;
use super::outputs::no_aggregate;
use super::tree::{
    Assignment, Clause, Delete, Expr, From, Insert, Returning, Source, Table, Update,
};
use crate::hygiene::{at, placed};
use crate::names::plain;

impl Emitter<'_> {
    pub(super) fn insert(&mut self, insert: &Insert) -> syn::Result<TokenStream> {
        let Insert {
            span,
            table,
            columns,
            source,
            returning,
        } = insert;
        let Table {
            path: target,
            alias,
        } = table;
        let target = path(target);
        let krate = self.krate(*span);
        let mut fields = Vec::new();
        for column in columns {
            fields.push(field(column)?);
        }
        let names: Vec<String> = columns.iter().map(plain).collect();
        // All of it at one place: the message shows where the call begins and ends.
        let place = at(columns.first().map_or(*span, Ident::span));
        let (here, placed_target) = (placed(&krate, place), placed(&target, place));
        let complete = quote_spanned! {place=>
            const _: () = #here::schema::assert_complete(
                <#placed_target as #here::Table>::INFO.columns,
                &[#(#names),*],
            );
        };
        let statement = match source {
            Source::Values(rows) => {
                let mut cells = Vec::new();
                for Clause { span, value } in rows {
                    let row = fields
                        .iter()
                        .zip(value)
                        .map(|(field, value)| self.cell(&target, field, value));
                    let row: Vec<_> = row.collect::<syn::Result<_>>()?;
                    cells.push(quote_spanned! {at(*span)=>
                        &__Row(::core::convert::From::from([#(#row),*]))
                    });
                }
                quote_spanned! {at(*span)=>
                    struct __Row(::std::vec::Vec<#krate::ast::Expr>);

                    impl #krate::Insertable for __Row {
                        type Table = #target;

                        const COLUMNS: &'static [&'static ::core::primitive::str] = &[
                            #(#krate::schema::name_of(<#target as #krate::Table>::INFO.columns, #names)),*
                        ];

                        fn values(&self) -> ::std::vec::Vec<#krate::ast::Expr> {
                            ::core::clone::Clone::clone(&self.0)
                        }
                    }

                    #krate::query::insert_many([#(#cells),*])
                }
            }
            Source::Select(select) => {
                let body = self.query(select)?;
                let binding = Ident::new("__target", at(alias.span()));
                let columns: Vec<_> = fields
                    .iter()
                    .map(|field| quote_spanned!(field.span()=> #binding.#field))
                    .collect();
                if columns.len() > 16 {
                    return Err(syn::Error::new(
                        *span,
                        "an insert from a query has 16 columns at the most here",
                    ));
                }
                let columns = tuple(&columns, *span, 16);
                quote_spanned! {at(*span)=>
                    #krate::query::insert_from(#target, |#binding| #columns, |mut __q| { #body })
                }
            }
        };
        let returning = self.returning(alias, returning.as_ref())?;
        Ok(quote_spanned!(at(*span)=> { #complete #statement #returning }))
    }

    /// One value of a row to insert.
    fn cell(
        &mut self,
        target: &TokenStream,
        field: &Ident,
        value: &Expr,
    ) -> syn::Result<TokenStream> {
        let place = field.span();
        let krate = self.krate(place);
        let (value, span) = match value {
            Expr::Null(span) => {
                let krate = self.krate(*span);
                (quote_spanned!(at(*span)=> #krate::expr::null()), *span)
            }
            Expr::Literal { literal, minus: _ } => (self.operand(value)?, literal.span()),
            Expr::Bool { value: _, span } | Expr::Hole { index: _, span } => {
                (self.operand(value)?, *span)
            }
            _ => {
                return Err(syn::Error::new(
                    place,
                    "a row has values only: compute this one in Rust and pass it in braces, or insert from a `select`",
                ));
            }
        };
        let column = quote_spanned! {place=>
            #krate::schema::target::<#target, _, _>(|__columns| __columns.#field)
        };
        Ok(quote_spanned!(at(span)=> #column.value(&#value)))
    }

    pub(super) fn update(&mut self, update: &Update) -> syn::Result<TokenStream> {
        let Update {
            span,
            table,
            set,
            from,
            filter,
            returning,
        } = update;
        let name = struct_name(table);
        let all = format!(
            "an update without `where` changes every row: say `where …`, or write `{name}::update_all()`"
        );
        let filter = limited(filter.as_ref(), *span, &all)?;
        no_aggregate(set.value.iter().map(|assignment| &assignment.value), "set")?;
        let target = path(&table.path);
        for (
            index,
            Assignment {
                table: qualifier,
                column,
                span: _,
                value: _,
            },
        ) in set.value.iter().enumerate()
        {
            if let Some(qualifier) = qualifier
                && plain(qualifier) != plain(&table.alias)
            {
                return Err(syn::Error::new(
                    qualifier.span(),
                    format!("only `{}` is updated here", plain(&table.alias)),
                ));
            }
            if set.value[..index]
                .iter()
                .any(|earlier| plain(&earlier.column) == plain(column))
            {
                return Err(syn::Error::new(
                    column.span(),
                    format!("`{column}` is set twice"),
                ));
            }
        }
        let mut statement = None;
        if from.is_empty() {
            statement = self.alone(&table.alias, |emitter, binding| {
                let condition = emitter.condition_of_one(filter)?;
                let assignments = emitter.assignments(&set.value, &table.alias)?;
                let assignments = tuple(&assignments, set.span, 12);
                Ok(quote_spanned! {at(*span)=>
                    #target::update(|#binding| #condition).set(|#binding| #assignments)
                })
            })?;
        }
        let statement = match statement {
            Some(statement) => statement,
            None => self.joined(&table.alias, from, filter, |emitter, binding, body| {
                let assignments = emitter.assignments(&set.value, &table.alias)?;
                let hoisted = emitter.hoisted();
                Ok(quote_spanned! {at(*span)=>
                    #target::update_from(|__q, #binding| {
                        #body
                        #hoisted
                        ::core::convert::From::from([#(#assignments),*])
                    })
                })
            })?,
        };
        let returning = self.returning(&table.alias, returning.as_ref())?;
        Ok(quote_spanned!(at(*span)=> #statement #returning))
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> syn::Result<TokenStream> {
        let Delete {
            span,
            table,
            using,
            filter,
            returning,
        } = delete;
        let name = struct_name(table);
        let all = format!(
            "a delete without `where` deletes every row: say `where …`, or write `{name}::delete_all()`"
        );
        let filter = limited(filter.as_ref(), *span, &all)?;
        let target = path(&table.path);
        let mut statement = None;
        if using.is_empty() {
            statement = self.alone(&table.alias, |emitter, binding| {
                let condition = emitter.condition_of_one(filter)?;
                Ok(quote_spanned!(at(*span)=> #target::delete(|#binding| #condition)))
            })?;
        }
        let statement = match statement {
            Some(statement) => statement,
            None => self.joined(&table.alias, using, filter, |_, binding, body| {
                Ok(quote_spanned!(at(*span)=> #target::delete_using(|__q, #binding| { #body })))
            })?,
        };
        let returning = self.returning(&table.alias, returning.as_ref())?;
        Ok(quote_spanned!(at(*span)=> #statement #returning))
    }

    /// A write of one table, or nothing if it needs a query to build others with.
    fn alone(
        &mut self,
        alias: &Ident,
        build: impl FnOnce(&mut Self, &Ident) -> syn::Result<TokenStream>,
    ) -> syn::Result<Option<TokenStream>> {
        self.levels.push(Level::at(Place::Closed));
        self.needs_query = false;
        let built = self.bind(alias).and_then(|binding| build(self, &binding));
        self.levels.pop();
        let built = built?;
        Ok((!self.needs_query).then_some(built))
    }

    /// A write with other tables or nested queries.
    fn joined(
        &mut self,
        alias: &Ident,
        from: &[From],
        filter: &Clause<Expr>,
        build: impl FnOnce(&mut Self, &Ident, &TokenStream) -> syn::Result<TokenStream>,
    ) -> syn::Result<TokenStream> {
        self.levels.push(Level::default());
        let built = self.bind(alias).and_then(|binding| {
            let mut body = self.from(from)?;
            body.extend(self.condition(Some(filter), "filter")?);
            build(self, &binding, &body)
        });
        self.levels.pop();
        built
    }

    fn condition_of_one(&mut self, filter: &Clause<Expr>) -> syn::Result<TokenStream> {
        // The closure answers with an expression, not with a value.
        self.receiver(&filter.value)
    }

    fn assignments(&mut self, set: &[Assignment], alias: &Ident) -> syn::Result<Vec<TokenStream>> {
        let mut assignments = Vec::new();
        for Assignment {
            table: _,
            column,
            span,
            value,
        } in set
        {
            let mut target = alias.clone();
            target.set_span(column.span());
            let binding = self.table(&target)?;
            let field = field(column)?;
            let value = match value {
                Expr::Null(span) => {
                    let krate = self.krate(*span);
                    quote_spanned!(at(*span)=> #krate::expr::null())
                }
                value => self.operand(value)?,
            };
            let column = quote_spanned!(at(column.span())=> #binding.#field);
            assignments.push(call(&column, "to", *span, &value));
        }
        Ok(assignments)
    }

    fn returning(
        &mut self,
        alias: &Ident,
        returning: Option<&Returning>,
    ) -> syn::Result<TokenStream> {
        let Some(Returning { span, row, items }) = returning else {
            return Ok(TokenStream::new());
        };
        self.levels.push(Level::at(Place::Returning));
        let selection = self.bind(alias).and_then(|binding| {
            let selection = self.selection(*span, row.as_deref(), items)?;
            Ok(quote_spanned!(at(*span)=> .returning(|#binding| #selection)))
        });
        self.levels.pop();
        selection
    }
}

/// The struct's name without its path: what `update_all` is called on.
fn struct_name(table: &Table) -> String {
    let name = |token: TokenTree| match token {
        TokenTree::Ident(name) => Some(plain(&name)),
        _ => None,
    };
    let names = table.path.clone().into_iter().filter_map(name);
    names.last().unwrap_or_else(|| plain(&table.alias))
}

/// The condition of a write, which has to say something.
fn limited<'a>(
    filter: Option<&'a Clause<Expr>>,
    place: Span,
    message: &str,
) -> syn::Result<&'a Clause<Expr>> {
    match filter {
        None => Err(syn::Error::new(place, message)),
        Some(Clause {
            span: _,
            value: Expr::Bool { value: true, span },
        }) => Err(syn::Error::new(*span, message)),
        Some(filter) => {
            no_aggregate([&filter.value], "the `where` of a write")?;
            Ok(filter)
        }
    }
}
