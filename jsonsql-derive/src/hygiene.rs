//! Names and spans of what the derives generate.
//!
//! The code has to compile in every crate: with fields, types and constants of
//! any name, without the prelude, and where lints are forbidden, so that it
//! cannot `allow` any. Three rules see to it:
//!
//! - what it names of other crates is named by an absolute path;
//! - its own bindings and parameters begin with two underscores;
//! - identifiers of the user's that it defines or uses anew are
//!   [generated] anew: the compiler's lints do not speak about expansions.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// A span of the expansion that messages show as this place.
pub(crate) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// These tokens as part of the expansion, at the place where they were
/// written.
pub(crate) fn generated(tokens: impl ToTokens) -> TokenStream {
    tokens.to_token_stream().into_iter().map(respan).collect()
}

/// These tokens with this span, so that a longer piece of code has one.
pub(crate) fn placed(tokens: impl ToTokens, span: Span) -> TokenStream {
    let tokens = tokens.to_token_stream().into_iter();
    tokens.map(|token| set_span(token, span)).collect()
}

fn set_span(mut token: TokenTree, span: Span) -> TokenTree {
    token.set_span(span);
    token
}

fn respan(mut token: TokenTree) -> TokenTree {
    let span = at(token.span());
    if let TokenTree::Group(group) = &token {
        let mut group = Group::new(group.delimiter(), generated(group.stream()));
        group.set_span(span);
        return TokenTree::Group(group);
    }
    token.set_span(span);
    token
}

/// A name that none of these is: for a field beside the user's.
pub(crate) fn unused_name(wanted: &str, taken: impl Fn(&str) -> bool) -> syn::Ident {
    let mut name = wanted.to_owned();
    while taken(&name) {
        name.push('_');
    }
    syn::Ident::new(&name, Span::call_site())
}
