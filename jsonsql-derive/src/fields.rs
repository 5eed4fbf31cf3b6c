//! The fields of a struct.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Field, Fields, GenericArgument, Generics, Ident};
use syn::{PathArguments, Type};

/// A field with a name.
pub(crate) struct Named<'a> {
    pub(crate) field: &'a Field,
    pub(crate) ident: &'a Ident,
}

/// The fields of a struct whose fields have names; `what` is what such a
/// struct is called in a message.
pub(crate) fn named<'a>(input: &'a DeriveInput, what: &str) -> syn::Result<Vec<Named<'a>>> {
    let refuse = || {
        syn::Error::new(
            input.ident.span(),
            format!(
                "`{}` is not a struct with named fields, so it cannot be {what}",
                input.ident
            ),
        )
    };
    let Data::Struct(data) = &input.data else {
        return Err(refuse());
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(refuse());
    };
    fields
        .named
        .iter()
        .map(|field| {
            let ident = field.ident.as_ref().ok_or_else(refuse)?;
            Ok(Named { field, ident })
        })
        .collect()
}

/// The type without the invisible groups of `macro_rules` (`$type:ty`) and
/// without parentheses.
fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}

/// `T` of `Option<T>`, by how the type is written: `Option`, or by its path in
/// `std` or `core`. An alias of it cannot be seen through.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = bare(ty) else {
        return None;
    };
    let names: Vec<String> = path
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.unraw().to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_option = matches!(
        names.as_slice(),
        ["Option"] | ["option", "Option"] | ["std" | "core", "option", "Option"]
    );
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if is_option && path.qself.is_none() => {
            Some(bare(inner))
        }
        _ => None,
    }
}

/// Returns `true` if a type parameter of this name follows from the type: it
/// stands in it outside of associated types.
pub(crate) fn determines(ty: &Type, parameter: &Ident) -> bool {
    match bare(ty) {
        Type::Path(path) if path.qself.is_none() => {
            path.path.is_ident(parameter)
                || path.path.segments.last().is_some_and(|last| {
                    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                        return false;
                    };
                    arguments.args.iter().any(
                        |argument| matches!(argument, GenericArgument::Type(ty) if determines(ty, parameter)),
                    )
                })
        }
        Type::Tuple(tuple) => tuple.elems.iter().any(|ty| determines(ty, parameter)),
        _ => false,
    }
}

/// Returns `true` if one of the type parameters stands in the type.
pub(crate) fn mentions(ty: &Type, generics: &Generics) -> bool {
    fn any(tokens: TokenStream, generics: &Generics) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => generics
                .type_params()
                .any(|parameter| parameter.ident == ident),
            TokenTree::Group(group) => any(group.stream(), generics),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    any(ty.to_token_stream(), generics)
}

/// The attributes that hold for what is generated for a field too: its doc
/// comment, or else one that says `otherwise`, and its deprecation.
pub(crate) fn docs(attributes: &[Attribute], otherwise: &str) -> Vec<Attribute> {
    let mut kept: Vec<Attribute> = attributes
        .iter()
        .filter(|attribute| {
            let path = attribute.path();
            path.is_ident("doc") || path.is_ident("deprecated")
        })
        .cloned()
        .collect();
    if !kept
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"))
    {
        kept.push(syn::parse_quote!(#[doc = #otherwise]));
    }
    kept
}

/// Refuses generics, where they can have no meaning.
pub(crate) fn not_generic(input: &DeriveInput, what: &str) -> syn::Result<()> {
    match input.generics.params.first() {
        None => Ok(()),
        Some(parameter) => Err(syn::Error::new_spanned(
            parameter,
            format!("{what} cannot have generic parameters"),
        )),
    }
}

/// An identifier made of another one.
pub(crate) fn suffixed(ident: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("{}{suffix}", ident.unraw()), Span::call_site())
}
