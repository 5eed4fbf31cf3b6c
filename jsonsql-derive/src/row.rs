//! `#[derive(Row)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, GenericParam, Ident, Lifetime, Path, Type, parse_quote};

use crate::attributes::{RowAttributes, RowFieldAttributes};
use crate::fields::{Named, determines, docs, inside_option, mentions, named, suffixed};
use crate::hygiene::{at, generated, placed};
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
            skipped.push(known);
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
    let krate = &attributes.krate();
    let decode = decode(krate, input, &reads, &skipped);
    let optional = optional(krate, input, &reads, &skipped)?;
    let selection = is_selectable(input, &reads).then(|| selection(krate, input, &reads));
    let of = match attributes.table {
        Some(table) => Some(of(krate, input, &reads, &table)?),
        None => None,
    };
    Ok(quote!(#decode #optional #selection #of))
}

/// Returns `true` if a query can have the struct as its row type. It outlives
/// every answer, so not if it borrows from one; and what the parameters of the
/// type are has to follow from what is selected.
fn is_selectable(input: &DeriveInput, reads: &[Read<'_>]) -> bool {
    input
        .generics
        .params
        .iter()
        .all(|parameter| match parameter {
            GenericParam::Type(parameter) => reads
                .iter()
                .any(|read| determines(read.ty, &parameter.ident)),
            GenericParam::Lifetime(_) | GenericParam::Const(_) => false,
        })
}

fn decode(
    krate: &Path,
    input: &DeriveInput,
    reads: &[Read<'_>],
    skipped: &[Named<'_>],
) -> TokenStream {
    let struct_name = &input.ident;
    let (_, type_generics, _) = input.generics.split_for_impl();
    let de = answer_lifetime(input);
    let generics = decoding_generics(krate, input, reads, skipped);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let impl_generics = generated(impl_generics);
    let widths = reads.iter().map(|read| {
        let ty = read.ty;
        quote_spanned!(at(ty.span())=> <#ty as #krate::row::Row<#de>>::WIDTH)
    });
    let skipped = skipped.iter().map(|field| generated(field.ident));
    let fields = reads.iter().map(
        |Read {
             ident,
             ty,
             name,
             attributes,
             ..
         }| {
            let ident = generated(ident);
            if attributes.default {
                quote_spanned!(at(ty.span())=>
                    #ident: __cells.named::<::core::option::Option<#ty>>(#name)?.unwrap_or_default()
                )
            } else {
                quote_spanned!(at(ty.span())=> #ident: __cells.named::<#ty>(#name)?)
            }
        },
    );
    quote! {
        impl #impl_generics #krate::row::Row<#de> for #struct_name #type_generics #where_clause {
            const WIDTH: ::core::primitive::usize = 0 #(+ #widths)*;

            fn decode(
                __cells: &mut #krate::row::Cells<#de>,
            ) -> ::core::result::Result<Self, #krate::row::RowError> {
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
    krate: &Path,
    input: &DeriveInput,
    reads: &[Read<'_>],
    skipped: &[Named<'_>],
) -> syn::Result<Option<TokenStream>> {
    let keys: Vec<_> = reads.iter().filter(|read| read.attributes.key).collect();
    if let Some(key) = keys.iter().find(|key| inside_option(key.ty).is_some()) {
        return Err(syn::Error::new(key.ty.span(), "a key cannot be NULL"));
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let struct_name = &input.ident;
    let (_, type_generics, _) = input.generics.split_for_impl();
    let de = answer_lifetime(input);
    let generics = decoding_generics(krate, input, reads, skipped);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let impl_generics = generated(impl_generics);
    let width = |read: &Read<'_>| {
        let ty = read.ty;
        quote!(<#ty as #krate::row::Row<#de>>::WIDTH)
    };
    let keys = reads.iter().enumerate();
    let keys = keys.filter(|(_, read)| read.attributes.key);
    let keys = keys.map(|(index, read)| {
        let before = reads[..index].iter().map(width);
        let width = width(read);
        quote!({
            let __place = 0 #(+ #before)*;
            __place..__place + #width
        })
    });
    Ok(Some(quote! {
        impl #impl_generics #krate::row::OptionalRow<#de>
            for #struct_name #type_generics #where_clause
        {
            fn decode_optional(
                __cells: &mut #krate::row::Cells<#de>,
            ) -> ::core::result::Result<::core::option::Option<Self>, #krate::row::RowError> {
                __cells.row_or_none(&[#(#keys),*])
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

/// The struct's generics, the lifetime of the answer if it is not one of them,
/// and what types that depend on them have to be for the fields to be `read`.
fn decoding_generics(
    krate: &Path,
    input: &DeriveInput,
    reads: &[Read<'_>],
    skipped: &[Named<'_>],
) -> syn::Generics {
    let mut generics = input.generics.clone();
    let de = answer_lifetime(input);
    if input.generics.lifetimes().next().is_none() {
        generics.params.insert(0, parse_quote!(#de));
    }
    let mut depends = |ty: &Type, on: TokenStream| {
        if mentions(ty, &input.generics) {
            let predicates = &mut generics.make_where_clause().predicates;
            predicates.push(parse_quote!(#on));
        }
    };
    for field in reads {
        let ty = field.ty;
        let row = read_type(field);
        depends(ty, quote!(#row: #krate::row::Row<#de>));
        if field.attributes.default {
            depends(ty, quote!(#ty: ::core::default::Default));
        }
    }
    for field in skipped {
        let ty = &field.field.ty;
        depends(ty, quote!(#ty: ::core::default::Default));
    }
    generics
}

/// Returns the type that a field is read as; NULL may stand for a default.
fn read_type(read: &Read<'_>) -> TokenStream {
    let ty = read.ty;
    if read.attributes.default {
        quote!(::core::option::Option<#ty>)
    } else {
        quote!(#ty)
    }
}

/// A struct of the same fields, each whatever is selected for it: selecting by
/// name, with the compiler's own words for a missing or misspelt field.
fn selection(krate: &Path, input: &DeriveInput, reads: &[Read<'_>]) -> TokenStream {
    let struct_name = &input.ident;
    let visibility = generated(&input.vis);
    let name = suffixed(struct_name, "Selection");
    let struct_docs = format!("What the fields of [`{struct_name}`] are read from, in a query.");
    let parameters: Vec<Ident> = (0..reads.len())
        .map(|index| format_ident!("__F{index}"))
        .collect();
    let idents: Vec<_> = reads.iter().map(|read| generated(read.ident)).collect();
    let fields = reads.iter().zip(&parameters).map(|(read, parameter)| {
        let visibility = generated(read.visibility);
        // As the user wrote it, so that a message about what is selected for it
        // points there.
        let Read { ident, docs, .. } = read;
        quote!(#(#docs)* #visibility #ident: #parameter)
    });
    let generic = !input.generics.params.is_empty();
    let bounds = reads.iter().zip(&parameters).map(|(read, parameter)| {
        let ty = read.ty;
        let row = if read.attributes.default {
            quote!(::core::option::Option<#ty>)
        } else {
            quote!(#ty)
        };
        if generic {
            // Only so do the struct's parameters follow from what is selected.
            quote_spanned!(at(ty.span())=> #parameter: #krate::query::Selection<'q, Row = #row>)
        } else {
            // As if the user had written it: the message shows what was selected.
            let here = placed(krate, ty.span());
            quote_spanned!(ty.span()=> #parameter: #here::query::SelectionOf<'q, #row>)
        }
    });
    let mut generics = input.generics.clone();
    generics.params.insert(0, parse_quote!('q));
    for parameter in &parameters {
        generics.params.push(parse_quote!(#parameter));
    }
    generics
        .make_where_clause()
        .predicates
        .extend(bounds.map(|bound| -> syn::WherePredicate { parse_quote!(#bound) }));
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let impl_generics = generated(impl_generics);
    let (_, type_generics, _) = input.generics.split_for_impl();
    quote! {
        #[doc = #struct_docs]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #visibility struct #name<#(#parameters),*> {
            #(#fields),*
        }

        impl #impl_generics #krate::query::Selection<'q> for #name<#(#parameters),*> #where_clause {
            type Row = #struct_name #type_generics;

            fn push_to(self, __items: &mut ::std::vec::Vec<#krate::ast::Item>) {
                #(#krate::query::Selection::push_to(self.#idents, __items);)*
            }

            fn count(&self) -> ::core::primitive::usize {
                0 #(+ #krate::query::Selection::count(&self.#idents))*
            }
        }
    }
}

/// `Brief::of(s)`: the columns of one table, by the names of the fields.
fn of(
    krate: &Path,
    input: &DeriveInput,
    reads: &[Read<'_>],
    table: &Path,
) -> syn::Result<TokenStream> {
    if let Some(parameter) = input.generics.params.first() {
        return Err(syn::Error::new_spanned(
            parameter,
            "with `table` the struct cannot have generic parameters: its fields are the columns of one table",
        ));
    }
    let struct_name = &input.ident;
    let visibility = generated(&input.vis);
    let name = suffixed(struct_name, "Selection");
    let docs = format!(
        "Selects the columns of one occurrence of `{}`.",
        quote!(#table)
    );
    let fields = reads.iter().map(|read| {
        let column = read.attributes.rename.as_ref().unwrap_or(read.ident);
        let ident = generated(read.ident);
        quote_spanned!(at(column.span())=> #ident: table.#column)
    });
    let of_optional = reads.iter().any(|read| read.attributes.key).then(|| {
        let docs = format!(
            "As [`of`](Self::of), of a `{}` that a left join may leave empty.",
            quote!(#table)
        );
        quote! {
            #[doc = #docs]
            #visibility fn of_optional<'q>(
                table: #krate::TableRef<'q, #table, #krate::Null>,
            ) -> impl #krate::query::Selection<
                'q,
                Row = ::core::option::Option<#struct_name>,
            > {
                table.selected_if_present(Self::of)
            }
        }
    });
    Ok(quote! {
        impl #struct_name {
            #[doc = #docs]
            #visibility fn of<'q>(
                table: #krate::TableRef<'q, #table>,
            ) -> impl #krate::query::Selection<'q, Row = #struct_name> {
                #name { #(#fields),* }
            }

            #of_optional
        }
    })
}
