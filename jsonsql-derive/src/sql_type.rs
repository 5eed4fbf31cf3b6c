//! `#[derive(SqlType)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, Path, Type};

use crate::attributes::SqlAttributes;
use crate::fields::not_generic;
use crate::hygiene::generated;
use crate::names::plain;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    not_generic(input, "a column type")?;
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let krate = newtype_crate(input)?;
                Ok(newtype(&krate, &input.ident, &fields.unnamed[0].ty))
            }
            _ => Err(refuse(input)),
        },
        Data::Enum(data) => texts(input, data),
        Data::Union(_) => Err(refuse(input)),
    }
}

fn newtype_crate(input: &DeriveInput) -> syn::Result<Path> {
    let attributes = SqlAttributes::parse(&input.attrs)?;
    if attributes.rename.is_some() || attributes.rename_all.is_some() {
        return Err(syn::Error::new(
            input.ident.span(),
            "`rename` and `rename_all` belong on an enum: a newtype is read and written as what it wraps",
        ));
    }
    Ok(attributes.krate())
}

fn refuse(input: &DeriveInput) -> syn::Error {
    let message = format!(
        "`{}` is neither a newtype, `struct {0}(…);`, nor an enum without data",
        input.ident
    );
    syn::Error::new(input.ident.span(), message)
}

/// A value can be selected as it is.
fn selection(krate: &Path, name: &Ident) -> TokenStream {
    quote! {
        impl #krate::query::Selection<'_> for #name {
            type Row = #name;

            fn push_to(self, __items: &mut ::std::vec::Vec<#krate::ast::Item>) {
                __items.push(::core::convert::From::from(#krate::SqlType::into_literal(self)));
            }

            fn count(&self) -> ::core::primitive::usize {
                1
            }
        }
    }
}

fn newtype(krate: &Path, name: &Ident, inner: &Type) -> TokenStream {
    let selection = selection(krate, name);
    quote! {
        #selection

        impl #krate::SqlType for #name {
            const KIND: #krate::ast::SqlKind = <#inner as #krate::SqlType>::KIND;

            fn literal(&self) -> #krate::ast::Expr {
                #krate::SqlType::literal(&self.0)
            }

            fn into_literal(self) -> #krate::ast::Expr {
                #krate::SqlType::into_literal(self.0)
            }
        }

        impl<'de> #krate::row::Decode<'de> for #name {
            const EXPECTED: &'static ::core::primitive::str = <#inner as #krate::row::Decode<'de>>::EXPECTED;

            fn decode(
                __scalar: #krate::row::Scalar<'de>,
            ) -> ::core::result::Result<Self, #krate::row::Mismatch> {
                ::core::result::Result::map(
                    <#inner as #krate::row::Decode<'de>>::decode(__scalar),
                    Self,
                )
            }
        }

        // What it wraps decides; the binder keeps a bound that does not hold
        // from being an error.
        impl #krate::TextType for #name where for<'a> #inner: #krate::TextType {}
        impl #krate::Ordered for #name where for<'a> #inner: #krate::Ordered {}
    }
}

fn texts(input: &DeriveInput, data: &DataEnum) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let on_enum = SqlAttributes::parse(&input.attrs)?;
    let krate = on_enum.krate();
    if let Some(rename) = on_enum.rename {
        return Err(syn::Error::new(
            rename.span(),
            "`rename` belongs on a variant",
        ));
    }
    let mut idents: Vec<TokenStream> = Vec::new();
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
        // A deprecated variant is still read and written.
        idents.push(generated(&variant.ident));
        texts.push(text);
    }
    if idents.is_empty() {
        return Err(refuse(input));
    }
    let expected = format!("one of \"{}\"", texts.join("\", \""));
    let selection = selection(&krate, name);
    Ok(quote! {
        #selection

        impl #krate::SqlType for #name {
            const KIND: #krate::ast::SqlKind = #krate::ast::SqlKind::Text;

            fn literal(&self) -> #krate::ast::Expr {
                #krate::ast::Expr::text(match self {
                    #(Self::#idents => #texts,)*
                })
            }
        }

        impl #krate::Ordered for #name {}

        impl<'de> #krate::row::Decode<'de> for #name {
            const EXPECTED: &'static ::core::primitive::str = #expected;

            fn decode(
                __scalar: #krate::row::Scalar<'de>,
            ) -> ::core::result::Result<Self, #krate::row::Mismatch> {
                if let #krate::row::Scalar::Text(__text) = &__scalar {
                    match &**__text {
                        #(#texts => return ::core::result::Result::Ok(Self::#idents),)*
                        _ => {}
                    }
                }
                ::core::result::Result::Err(#krate::row::Mismatch::new::<Self>(&__scalar))
            }
        }
    })
}
