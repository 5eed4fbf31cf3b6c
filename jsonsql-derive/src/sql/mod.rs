//! `sql!`: a statement read from tokens, as calls of the typed language.

mod cursor;
mod emit;
mod emit_call;
mod emit_expr;
mod emit_select;
mod emit_write;
mod expr;
mod outputs;
mod primary;
mod select;
#[cfg(test)]
mod tests;
mod tree;
mod words;
mod write;

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

use cursor::Cursor;
use emit::Emitter;
use tree::Statement;

/// The parts that are collected while tokens are read.
#[derive(Default)]
struct Reader {
    /// The Rust expressions, from left to right.
    holes: Vec<TokenStream>,
    /// The spans that messages about them point to.
    spans: Vec<Span>,
    /// The texts that could be the name of a column.
    texts: Vec<Literal>,
    /// The tables, by their paths.
    tables: Vec<TokenStream>,
}

pub(crate) fn expand(tokens: TokenStream) -> syn::Result<TokenStream> {
    // What is missing at the end is missing behind the last word.
    let last = tokens.clone().into_iter().last();
    let end = last.map_or_else(Span::call_site, |token| token.span());
    let mut cursor = Cursor::new(tokens, end);
    let krate = krate(&mut cursor)?;
    let mut reader = Reader::default();
    let statement = reader.statement(&mut cursor)?;
    let Reader {
        holes,
        spans,
        texts,
        tables,
    } = reader;
    let mut emitter = Emitter::new(&krate, &spans);
    let mut statement = emitter.statement(&statement)?;
    if !tables.is_empty() && !texts.is_empty() {
        let checks = emit::assert_no_columns(&krate, &texts, &tables);
        statement = quote!({ #checks #statement });
    }
    if holes.is_empty() {
        return Ok(statement);
    }
    // Each expression is evaluated once, from left to right and outside of the
    // closures, so that `?` and `.await` work in it and handles are not seen.
    let names = &emitter.holes;
    let holes = holes.into_iter().map(one_expression);
    Ok(quote!(match (#(#holes,)*) { (#(#names,)*) => #statement }))
}

impl Reader {
    fn statement(&mut self, cursor: &mut Cursor) -> syn::Result<Statement> {
        let statement = if cursor.is_word("select") {
            Statement::Select(Box::new(self.select(cursor)?))
        } else if cursor.is_word("insert") {
            Statement::Insert(self.insert(cursor)?)
        } else if cursor.is_word("update") {
            Statement::Update(self.update(cursor)?)
        } else if cursor.is_word("delete") {
            Statement::Delete(self.delete(cursor)?)
        } else {
            return Err(cursor.unexpected("`select`, `insert`, `update` or `delete`"));
        };
        cursor.finish(&match &statement {
            Statement::Select(select) => select.may_go_on_with("the end"),
            Statement::Insert(_) => "`returning` or the end".to_owned(),
            Statement::Update(_) => {
                "`,`, `from`, `where`, `returning`, an operator or the end".to_owned()
            }
            Statement::Delete(_) => {
                "`using`, `where`, `returning`, an operator or the end".to_owned()
            }
        })?;
        Ok(statement)
    }
}

/// `crate = my::jsonsql;` before the statement, as the derives have it.
fn krate(cursor: &mut Cursor) -> syn::Result<TokenStream> {
    if !cursor.is_word("crate") {
        return Ok(quote!(::jsonsql));
    }
    cursor.advance();
    cursor.expect_sign("=")?;
    let mut path = TokenStream::new();
    while cursor.sign(";").is_none() {
        match cursor.advance() {
            Some(token) => path.extend([token]),
            None => return Err(cursor.unexpected("`;` behind the crate's path")),
        }
    }
    syn::parse2::<syn::Path>(path.clone())?;
    Ok(path)
}

/// The tokens as one expression: a block, where a comma or semicolon could end it.
fn one_expression(tokens: TokenStream) -> TokenStream {
    let ends = |token: proc_macro2::TokenTree| matches!(token, proc_macro2::TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';'));
    if tokens.clone().into_iter().any(ends) {
        quote!({ #tokens })
    } else {
        tokens
    }
}
