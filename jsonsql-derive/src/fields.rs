//! The fields of a struct.

use proc_macro2::Span;
use syn::{Attribute, Data, DeriveInput, Field, Fields, GenericArgument, Ident};
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

/// `T` of `Option<T>`, by how the type is written.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match (last.ident == "Option", arguments.args.first()) {
        (true, Some(GenericArgument::Type(inner))) => Some(inner),
        _ => None,
    }
}

/// The doc comment, or else one that says the column's name: the generated
/// column is documented either way.
pub(crate) fn docs(attributes: &[Attribute], otherwise: &str) -> Vec<Attribute> {
    let docs: Vec<Attribute> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .cloned()
        .collect();
    if docs.is_empty() {
        vec![syn::parse_quote!(#[doc = #otherwise])]
    } else {
        docs
    }
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
    Ident::new(&format!("{ident}{suffix}"), Span::call_site())
}
