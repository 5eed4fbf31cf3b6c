//! `#[derive(Row)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, GenericParam, Ident, Lifetime, Type, parse_quote};

use crate::attributes::{RowAttributes, RowFieldAttributes};
use crate::fields::{docs, inside_option, named, suffixed};
use crate::names::plain;

/// A field that is read from the answer.
struct Read<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    name: String,
    visibility: &'a syn::Visibility,
    docs: Vec<syn::Attribute>,
    attributes: RowFieldAttributes,
}

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let attributes = RowAttributes::parse(&input.attrs)?;
    if let Some(second) = input.generics.lifetimes().nth(1) {
        return Err(syn::Error::new_spanned(
            second,
            "a row borrows from one answer: it has one lifetime",
        ));
    }
    let mut reads = Vec::new();
    let mut skipped = Vec::new();
    for known in named(input, "a row")? {
        let on_field = RowFieldAttributes::parse(&known.field.attrs)?;
        if on_field.skip {
            skipped.push(known.ident);
            continue;
        }
        reads.push(Read {
            ident: known.ident,
            ty: &known.field.ty,
            name: plain(known.ident),
            visibility: &known.field.vis,
            docs: docs(
                &known.field.attrs,
                &format!("What `{}` is read from.", known.ident),
            ),
            attributes: on_field,
        });
    }
    let decode = decode(input, &reads, &skipped);
    let optional = optional(input, &reads, &skipped)?;
    // A struct that borrows from the answer cannot be the row type of a query,
    // which outlives every answer.
    let selection = match input.generics.lifetimes().next() {
        Some(_) => None,
        None => Some(selection(input, &reads)),
    };
    let of = attributes.table.map(|table| of(input, &reads, &table));
    Ok(quote!(#decode #optional #selection #of))
}

fn decode(input: &DeriveInput, reads: &[Read<'_>], skipped: &[&Ident]) -> TokenStream {
    let struct_name = &input.ident;
    let (_, type_generics, where_clause) = input.generics.split_for_impl();
    let de = answer_lifetime(input);
    let impl_generics = decoding_generics(input);
    let (impl_generics, ..) = impl_generics.split_for_impl();
    let widths = reads.iter().map(|read| {
        let ty = read.ty;
        quote_spanned!(ty.span()=> <#ty as ::jsonsql::row::Row<#de>>::WIDTH)
    });
    let fields = reads.iter().map(
        |Read {
             ident,
             ty,
             name,
             attributes,
             ..
         }| {
            if attributes.default {
                quote_spanned!(ty.span()=>
                    #ident: cells.named::<::core::option::Option<#ty>>(#name)?.unwrap_or_default()
                )
            } else {
                quote_spanned!(ty.span()=> #ident: cells.named::<#ty>(#name)?)
            }
        },
    );
    quote! {
        impl #impl_generics ::jsonsql::row::Row<#de> for #struct_name #type_generics #where_clause {
            const WIDTH: usize = 0 #(+ #widths)*;

            fn decode<A__: ::jsonsql::row::SeqAccess<#de>>(
                cells: &mut ::jsonsql::row::Cells<'_, A__>,
            ) -> ::core::result::Result<Self, A__::Error> {
                ::core::result::Result::Ok(Self {
                    #(#fields,)*
                    #(#skipped: ::core::default::Default::default(),)*
                })
            }
        }
    }
}

/// With a key the row can be missing, as after a left join.
fn optional(
    input: &DeriveInput,
    reads: &[Read<'_>],
    skipped: &[&Ident],
) -> syn::Result<Option<TokenStream>> {
    let keys: Vec<_> = reads.iter().filter(|read| read.attributes.key).collect();
    if let Some(key) = keys.iter().find(|key| inside_option(key.ty).is_some()) {
        return Err(syn::Error::new(key.ty.span(), "a key cannot be NULL"));
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let keys = keys.iter().map(|key| key.ident);
    let struct_name = &input.ident;
    let (_, type_generics, where_clause) = input.generics.split_for_impl();
    let de = answer_lifetime(input);
    let impl_generics = decoding_generics(input);
    let (impl_generics, ..) = impl_generics.split_for_impl();
    let fields = reads.iter().map(
        |Read {
             ident, ty, name, ..
         }| {
            let ty = inside_option(ty).unwrap_or(ty);
            quote_spanned!(ty.span()=>
                let #ident = cells.named::<::core::option::Option<#ty>>(#name)?;
            )
        },
    );
    let present = reads.iter().map(
        |Read {
             ident,
             ty,
             name,
             attributes,
             ..
         }| {
            if inside_option(ty).is_some() {
                quote!(#ident)
            } else if attributes.default {
                quote!(#ident: #ident.unwrap_or_default())
            } else {
                quote!(#ident: cells.present(#ident, #name, 0)?)
            }
        },
    );
    Ok(Some(quote! {
        impl #impl_generics ::jsonsql::row::OptionalRow<#de>
            for #struct_name #type_generics #where_clause
        {
            fn decode_optional<A__: ::jsonsql::row::SeqAccess<#de>>(
                cells: &mut ::jsonsql::row::Cells<'_, A__>,
            ) -> ::core::result::Result<::core::option::Option<Self>, A__::Error> {
                #(#fields)*
                if #(#keys.is_none())&&* {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                }
                ::core::result::Result::Ok(::core::option::Option::Some(Self {
                    #(#present,)*
                    #(#skipped: ::core::default::Default::default(),)*
                }))
            }
        }
    }))
}

/// The lifetime of the answer: the struct's own, if it borrows from it.
fn answer_lifetime(input: &DeriveInput) -> Lifetime {
    input.generics.lifetimes().next().map_or_else(
        || Lifetime::new("'de", Span::call_site()),
        |parameter| parameter.lifetime.clone(),
    )
}

/// The struct's generics, and the lifetime of the answer if it is not one of them.
fn decoding_generics(input: &DeriveInput) -> syn::Generics {
    let mut generics = input.generics.clone();
    let de = answer_lifetime(input);
    if input.generics.lifetimes().next().is_none() {
        generics.params.insert(0, parse_quote!(#de));
    }
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter {
            parameter
                .bounds
                .push(parse_quote!(::jsonsql::row::Row<#de>));
        }
    }
    generics
}

/// A struct of the same fields, each whatever is selected for it: selecting by
/// name, with the compiler's own words for a missing or misspelt field.
fn selection(input: &DeriveInput, reads: &[Read<'_>]) -> TokenStream {
    let struct_name = &input.ident;
    let visibility = &input.vis;
    let name = suffixed(struct_name, "Selection");
    let struct_docs = format!("What the fields of [`{struct_name}`] are read from, in a query.");
    let parameters: Vec<_> = (0..reads.len())
        .map(|index| format_ident!("F{index}__"))
        .collect();
    let idents: Vec<_> = reads.iter().map(|read| read.ident).collect();
    let fields = reads.iter().zip(&parameters).map(|(read, parameter)| {
        let Read {
            ident,
            docs,
            visibility,
            ..
        } = read;
        quote!(#(#docs)* #visibility #ident: #parameter)
    });
    let bounds = reads.iter().zip(&parameters).map(|(read, parameter)| {
        let ty = read.ty;
        let row = if read.attributes.default {
            quote!(::core::option::Option<#ty>)
        } else {
            quote!(#ty)
        };
        quote_spanned!(ty.span()=> #parameter: ::jsonsql::query::SelectionOf<'q, #row>)
    });
    let (_, type_generics, _) = input.generics.split_for_impl();
    let own: Vec<_> = input.generics.params.iter().collect();
    if !own.is_empty() {
        // Its row type would not follow from what is selected.
        return quote!();
    }
    quote! {
        #[doc = #struct_docs]
        #[derive(Debug, Clone, Copy)]
        #visibility struct #name<#(#parameters),*> {
            #(#fields),*
        }

        impl<'q, #(#parameters),*> ::jsonsql::query::Selection<'q> for #name<#(#parameters),*>
        where
            #(#bounds),*
        {
            type Row = #struct_name #type_generics;

            fn push_to(self, items: &mut ::std::vec::Vec<::jsonsql::ast::Item>) {
                #(self.#idents.push_to(items);)*
            }

            fn count(&self) -> usize {
                0 #(+ self.#idents.count())*
            }
        }
    }
}

/// `Brief::of(s)`: the columns of one table, by the names of the fields.
fn of(input: &DeriveInput, reads: &[Read<'_>], table: &syn::Path) -> TokenStream {
    let struct_name = &input.ident;
    let visibility = &input.vis;
    let name = suffixed(struct_name, "Selection");
    let docs = format!(
        "Selects the columns of one occurrence of `{}`.",
        quote!(#table)
    );
    let fields = reads.iter().map(|read| {
        let ident = read.ident;
        let column = read.attributes.rename.as_ref().unwrap_or(ident);
        quote_spanned!(column.span()=> #ident: table.#column)
    });
    let of_optional = reads.iter().any(|read| read.attributes.key).then(|| {
        let docs = format!(
            "As [`of`](Self::of), of a `{}` that a left join may leave empty.",
            quote!(#table)
        );
        quote! {
            #[doc = #docs]
            #[allow(dead_code, reason = "a program may need only one of the two")]
            #visibility fn of_optional<'q>(
                table: ::jsonsql::Rel<'q, #table, ::jsonsql::Null>,
            ) -> impl ::jsonsql::query::Selection<
                'q,
                Row = ::core::option::Option<#struct_name>,
            > {
                table.selected_if_present(Self::of)
            }
        }
    });
    quote! {
        impl #struct_name {
            #[doc = #docs]
            #[allow(dead_code, reason = "a program may need only one of the two")]
            #visibility fn of<'q>(
                table: ::jsonsql::Rel<'q, #table>,
            ) -> impl ::jsonsql::query::Selection<'q, Row = #struct_name> {
                #name { #(#fields),* }
            }

            #of_optional
        }
    }
}
