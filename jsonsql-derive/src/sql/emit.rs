//! The calls that a statement expands to.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use super::tree::{Column, Statement};
use crate::hygiene::{at, placed};
use crate::names::plain;

/// The state while a statement is emitted.
pub(super) struct Emitter<'a> {
    krate: &'a TokenStream,
    /// The bindings of the Rust expressions.
    pub(super) holes: Vec<Ident>,
    /// The queries around the place, the innermost last.
    pub(super) levels: Vec<Level>,
    queries: usize,
    /// The aliases around a query in FROM, which does not see them.
    unseen: Vec<String>,
    /// A write's own condition is of one table, without a `q`. That something
    /// in it needs one is found out on the way.
    pub(super) needs_query: bool,
}

/// The tables of one query, or the target of a write.
#[derive(Default)]
pub(super) struct Level {
    pub(super) tables: Vec<Bound>,
    /// The comma item that is being read: `on` sees no table of another one.
    pub(super) item: usize,
    pub(super) place: Place,
    /// Nested queries, which are built before the clause that uses them.
    hoisted: TokenStream,
    /// The query stands in FROM, where its columns go by their places.
    pub(super) derived: bool,
}

impl Level {
    pub(super) fn at(place: Place) -> Level {
        Level {
            place,
            ..Level::default()
        }
    }
}

#[derive(Default, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// In a clause of a query.
    #[default]
    Clause,
    /// In a join's condition, where the query is in use.
    On,
    /// In a closure that has the table alone.
    Closed,
    /// In RETURNING.
    Returning,
}

/// A table of FROM, or a query there.
pub(super) struct Bound {
    pub(super) alias: String,
    handle: Handle,
    item: usize,
}

/// The bindings through which a table's columns are reached.
#[derive(Clone)]
pub(super) enum Handle {
    /// The binding of a table: its columns are fields.
    Table(String),
    /// The names of a query's columns, and the binding of each.
    Query(Vec<(String, String)>),
}

impl<'a> Emitter<'a> {
    pub(super) fn new(krate: &'a TokenStream, spans: &[Span]) -> Self {
        let hole =
            |(index, span): (usize, &Span)| Ident::new(&format!("__value{index}"), at(*span));
        Emitter {
            krate,
            holes: spans.iter().enumerate().map(hole).collect(),
            levels: Vec::new(),
            queries: 0,
            unseen: Vec::new(),
            needs_query: false,
        }
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> syn::Result<TokenStream> {
        match statement {
            Statement::Select(select) => {
                let body = self.query(select)?;
                Ok(self.closed(select.span, &body))
            }
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
        }
    }

    /// The crate, at this place.
    pub(super) fn krate(&self, span: Span) -> TokenStream {
        placed(self.krate, at(span))
    }

    /// `select(|mut q| …)`.
    pub(super) fn closed(&self, span: Span, body: &TokenStream) -> TokenStream {
        let krate = self.krate(span);
        quote_spanned!(at(span)=> #krate::query::select(|mut __q| { #body }))
    }

    /// Makes a table's alias known, and its binding.
    pub(super) fn bind(&mut self, alias: &Ident) -> syn::Result<Ident> {
        let binding = format!("__{}", plain(alias));
        let ident = Ident::new(&binding, at(alias.span()));
        self.bind_to(alias, Handle::Table(binding))?;
        Ok(ident)
    }

    fn bind_to(&mut self, alias: &Ident, handle: Handle) -> syn::Result<()> {
        let level = self.level();
        let name = plain(alias);
        if level.tables.iter().any(|bound| bound.alias == name) {
            let message = format!("the alias `{name}` is given to two tables of this query");
            return Err(syn::Error::new(alias.span(), message));
        }
        let item = level.item;
        level.tables.push(Bound {
            alias: name,
            handle,
            item,
        });
        Ok(())
    }

    /// `let (a, b) = q.from_select(…);`: a query in FROM, whose columns are
    /// bindings.
    pub(super) fn derived(
        &mut self,
        query: &super::tree::Select,
        alias: &Ident,
    ) -> syn::Result<TokenStream> {
        let names = super::outputs::output_names(query)?;
        let outside = std::mem::take(&mut self.levels);
        let tables = outside.iter().flat_map(|level| &level.tables);
        let aliases = tables.map(|bound| bound.alias.clone()).collect();
        let unseen = std::mem::replace(&mut self.unseen, aliases);
        let level = Level {
            derived: true,
            ..Level::default()
        };
        let body = self.query_at(level, query);
        self.unseen = unseen;
        self.levels = outside;
        let body = body?;
        let number = self.queries;
        self.queries += 1;
        let (span, name) = (at(alias.span()), plain(alias));
        let columns: Vec<(String, String)> = names
            .into_iter()
            .map(|column| {
                let binding = format!("__query{number}_{name}_{column}");
                (column, binding)
            })
            .collect();
        let bindings: Vec<_> = columns
            .iter()
            .map(|(_, binding)| Ident::new(binding, span).into_token_stream())
            .collect();
        let bindings = tuple(&bindings, alias.span(), bindings.len());
        self.bind_to(alias, Handle::Query(columns))?;
        let span = at(query.span);
        Ok(quote_spanned!(span=> let #bindings = __q.from_select(|mut __q| { #body });))
    }

    pub(super) fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// Takes the code that has to stand before the clause.
    pub(super) fn hoisted(&mut self) -> TokenStream {
        std::mem::take(&mut self.level().hoisted)
    }

    /// A nested query as a value of this place.
    pub(super) fn nested(&mut self, select: &super::tree::Select) -> syn::Result<TokenStream> {
        let place = self.level().place;
        match place {
            Place::On => {
                return Err(syn::Error::new(
                    select.span,
                    "a join's `on` takes no query: put the condition into `where`",
                ));
            }
            Place::Returning => {
                return Err(syn::Error::new(
                    select.span,
                    "`returning` takes no query: send a select of its own",
                ));
            }
            Place::Closed => {
                let body = self.query(select)?;
                return Ok(self.closed(select.span, &body));
            }
            Place::Clause => {}
        }
        let body = self.query(select)?;
        let span = at(select.span);
        let query = Ident::new(&format!("__query{}", self.queries), span);
        self.queries += 1;
        let build = quote_spanned!(span=> let #query = __q.subquery(|mut __q| { #body }););
        self.level().hoisted.extend(build);
        Ok(query.into_token_stream())
    }

    /// `t.mac_addr`.
    pub(super) fn column(&mut self, column: &Column) -> syn::Result<TokenStream> {
        let Column { table, name } = column;
        let (place, handle) = match table {
            Some(table) => (table, self.handle(table)?),
            None => (name, self.only_table(name)?),
        };
        match handle {
            Handle::Table(binding) => {
                let (binding, field) = (Ident::new(&binding, at(place.span())), field(name)?);
                Ok(quote_spanned!(at(name.span())=> #binding.#field))
            }
            Handle::Query(columns) => {
                let wanted = plain(name);
                if let Some((_, binding)) = columns.iter().find(|(column, _)| *column == wanted) {
                    return Ok(Ident::new(binding, at(name.span())).into_token_stream());
                }
                let known: Vec<String> = columns
                    .iter()
                    .map(|(column, _)| format!("`{column}`"))
                    .collect();
                Err(syn::Error::new(
                    name.span(),
                    format!(
                        "no column `{wanted}` in what this query selects: there is {}",
                        known.join(", ")
                    ),
                ))
            }
        }
    }

    /// The binding of a table, by its alias.
    pub(super) fn table(&mut self, alias: &Ident) -> syn::Result<Ident> {
        match self.handle(alias)? {
            Handle::Table(binding) => Ok(Ident::new(&binding, at(alias.span()))),
            Handle::Query(_) => Err(syn::Error::new(
                alias.span(),
                "the columns of a query in FROM are no struct: name them one by one",
            )),
        }
    }

    /// Returns the handle of a table's columns, by the table's alias.
    pub(super) fn handle(&mut self, alias: &Ident) -> syn::Result<Handle> {
        let name = plain(alias);
        let innermost = self.levels.len().saturating_sub(1);
        for (depth, level) in self.levels.iter().enumerate().rev() {
            let Some(bound) = level.tables.iter().find(|bound| bound.alias == name) else {
                continue;
            };
            if level.place == Place::On && bound.item != level.item {
                let message = format!(
                    "`{name}` is not visible in this `on`: it stands before a comma or `cross join`; \
                     put the condition into `where`"
                );
                return Err(syn::Error::new(alias.span(), message));
            }
            if level.place == Place::Closed && depth < innermost {
                self.needs_query = true;
            }
            return Ok(bound.handle.clone());
        }
        if self.unseen.contains(&name) {
            return Err(syn::Error::new(
                alias.span(),
                format!(
                    "a query in FROM does not see the tables beside it: \
                     select what is compared with `{name}`, and compare it in the outer `where`"
                ),
            ));
        }
        let known: Vec<String> = self
            .levels
            .iter()
            .rev()
            .flat_map(|level| &level.tables)
            .map(|bound| format!("`{}`", bound.alias))
            .collect();
        let there = match known.as_slice() {
            [] => "there is none, because `from` is missing".to_owned(),
            [one] => format!("there is {one}"),
            several => format!("there are {}", several.join(", ")),
        };
        Err(syn::Error::new(
            alias.span(),
            format!("no table `{name}` in this query: {there}"),
        ))
    }

    /// The one table whose column stands without a table.
    fn only_table(&mut self, column: &Ident) -> syn::Result<Handle> {
        let name = plain(column);
        let level = self.level();
        match level.tables.as_slice() {
            [one] => Ok(one.handle.clone()),
            [] => Err(syn::Error::new(
                column.span(),
                format!("which table has `{name}`? `from` is missing"),
            )),
            several => {
                let choices: Vec<String> = several
                    .iter()
                    .map(|bound| format!("`{}.{name}`", bound.alias))
                    .collect();
                let message = format!("which table has `{name}`? Write {}", choices.join(" or "));
                Err(syn::Error::new(column.span(), message))
            }
        }
    }
}

/// Stops the compiler at a text that is also the name of a column. One constant
/// for all of them: each one takes time.
pub(super) fn assert_no_columns(
    krate: &TokenStream,
    texts: &[proc_macro2::Literal],
    tables: &[TokenStream],
) -> TokenStream {
    let tables = tables.iter().map(path);
    let checks = texts.iter().map(|text| {
        let span = at(text.span());
        let (krate, text) = (placed(krate, span), super::emit_expr::value(text, None));
        quote_spanned!(span=> #krate::schema::assert_no_column(#text, __tables);)
    });
    quote! {
        const _: () = {
            let __tables = &[#(#krate::schema::info_of(#tables)),*];
            #(#checks)*
        };
    }
}

/// The field of a column: `type` is `r#type`.
pub(super) fn field(name: &Ident) -> syn::Result<Ident> {
    let text = plain(name);
    let span = at(name.span());
    if ["self", "Self", "super", "crate", "_"].contains(&text.as_str()) {
        return Err(syn::Error::new(
            name.span(),
            format!("`{text}` is no column"),
        ));
    }
    if syn::parse_str::<Ident>(&text).is_ok() {
        Ok(Ident::new(&text, span))
    } else {
        Ok(Ident::new_raw(&text, span))
    }
}

/// A path as part of the expansion, so that it joins with what is around it.
/// One that names its crate by `$crate` keeps where it comes from.
pub(super) fn path(tokens: &TokenStream) -> TokenStream {
    let own_crate =
        |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if *ident == "$crate");
    if tokens.clone().into_iter().any(|token| own_crate(&token)) {
        tokens.clone()
    } else {
        crate::hygiene::generated(tokens)
    }
}

/// One of these as it is, several as a tuple; more than a tuple may have as
/// tuples of tuples.
pub(super) fn tuple(items: &[TokenStream], span: Span, most: usize) -> TokenStream {
    let tokens = match items {
        [one] => return one.clone(),
        items if items.len() <= most => quote!(#(#items),*),
        items => {
            let parts = items.chunks(most).map(|chunk| {
                let mut group = Group::new(Delimiter::Parenthesis, quote!(#(#chunk,)*));
                group.set_span(at(span));
                group
            });
            quote!(#(#parts),*)
        }
    };
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(at(span));
    group.into_token_stream()
}
