//! `#[derive(SqlType)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, Type};

use crate::attributes::SqlAttributes;
use crate::fields::not_generic;
use crate::names::plain;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    not_generic(input, "a column type")?;
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                Ok(newtype(&input.ident, &fields.unnamed[0].ty))
            }
            _ => Err(refuse(input)),
        },
        Data::Enum(data) => texts(input, data),
        Data::Union(_) => Err(refuse(input)),
    }
}

fn refuse(input: &DeriveInput) -> syn::Error {
    let message = format!(
        "`{}` is neither a newtype, `struct {0}(…);`, nor an enum without data",
        input.ident
    );
    syn::Error::new(input.ident.span(), message)
}

/// A value can be selected as it is.
fn selection(name: &Ident) -> TokenStream {
    quote! {
        impl ::jsonsql::query::Selection<'_> for #name {
            type Row = #name;

            fn push_to(self, items: &mut ::std::vec::Vec<::jsonsql::ast::Item>) {
                items.push(::jsonsql::SqlType::into_literal(self).into());
            }

            fn count(&self) -> usize {
                1
            }
        }
    }
}

fn newtype(name: &Ident, inner: &Type) -> TokenStream {
    let selection = selection(name);
    quote! {
        #selection

        impl ::jsonsql::SqlType for #name {
            const KIND: ::jsonsql::resolve::SqlKind = <#inner as ::jsonsql::SqlType>::KIND;

            fn literal(&self) -> ::jsonsql::ast::Expr {
                ::jsonsql::SqlType::literal(&self.0)
            }

            fn into_literal(self) -> ::jsonsql::ast::Expr {
                ::jsonsql::SqlType::into_literal(self.0)
            }
        }

        impl<'de> ::jsonsql::row::Decode<'de> for #name {
            const EXPECTED: &'static str = <#inner as ::jsonsql::row::Decode<'de>>::EXPECTED;

            fn decode(
                scalar: ::jsonsql::row::Scalar<'de>,
            ) -> ::core::result::Result<Self, ::jsonsql::row::Mismatch> {
                ::jsonsql::row::Decode::decode(scalar).map(#name)
            }
        }

        // What it wraps decides; the binder keeps a bound that does not hold
        // from being an error.
        impl ::jsonsql::TextType for #name where for<'a> #inner: ::jsonsql::TextType {}
        impl ::jsonsql::Ordered for #name where for<'a> #inner: ::jsonsql::Ordered {}
    }
}

fn texts(input: &DeriveInput, data: &DataEnum) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let on_enum = SqlAttributes::parse(&input.attrs)?;
    if let Some(rename) = on_enum.rename {
        return Err(syn::Error::new(
            rename.span(),
            "`rename` belongs on a variant",
        ));
    }
    let mut idents = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(syn::Error::new_spanned(
                &variant.fields,
                "a column has no place for a variant's data",
            ));
        }
        let on_variant = SqlAttributes::parse(&variant.attrs)?;
        let text = match (&on_variant.rename, on_enum.rename_all) {
            (Some(rename), _) => rename.value(),
            (None, Some(case)) => case.of(&plain(&variant.ident)),
            (None, None) => plain(&variant.ident),
        };
        if texts.contains(&text) {
            return Err(syn::Error::new(
                variant.ident.span(),
                format!("\"{text}\" already stands for another variant"),
            ));
        }
        idents.push(&variant.ident);
        texts.push(text);
    }
    if idents.is_empty() {
        return Err(refuse(input));
    }
    let expected = format!("one of \"{}\"", texts.join("\", \""));
    let selection = selection(name);
    Ok(quote! {
        #selection

        impl ::jsonsql::SqlType for #name {
            const KIND: ::jsonsql::resolve::SqlKind = ::jsonsql::resolve::SqlKind::Text;

            fn literal(&self) -> ::jsonsql::ast::Expr {
                ::jsonsql::ast::Expr::text(match self {
                    #(Self::#idents => #texts,)*
                })
            }
        }

        impl ::jsonsql::Ordered for #name {}

        impl<'de> ::jsonsql::row::Decode<'de> for #name {
            const EXPECTED: &'static str = #expected;

            fn decode(
                scalar: ::jsonsql::row::Scalar<'de>,
            ) -> ::core::result::Result<Self, ::jsonsql::row::Mismatch> {
                if let ::jsonsql::row::Scalar::Text(text) = &scalar {
                    match text.as_ref() {
                        #(#texts => return ::core::result::Result::Ok(Self::#idents),)*
                        _ => {}
                    }
                }
                ::core::result::Result::Err(::jsonsql::row::Mismatch::new::<Self>(&scalar))
            }
        }
    })
}
