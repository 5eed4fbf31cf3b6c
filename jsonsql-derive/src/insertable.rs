//! `#[derive(Insertable)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::attributes::TargetAttributes;
use crate::fields::named;
use crate::hygiene::{at, generated, placed};
use crate::names::plain;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let TargetAttributes { table, krate } =
        TargetAttributes::parse(&input.attrs, "insertable", &input.ident)?;
    let fields = named(input, "insertable")?;
    let struct_name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let impl_generics = generated(impl_generics);
    let names: Vec<_> = fields.iter().map(|field| plain(field.ident)).collect();
    // The column is looked up at the field's name and its type checked at the
    // field's type, so that the messages point there.
    let values = fields.iter().map(|field| {
        let ident = field.ident;
        let own = generated(ident);
        let column = quote_spanned!(ident.span()=> |__columns| __columns.#ident);
        let value = quote_spanned!(at(field.field.ty.span())=> .value(&self.#own));
        quote!(#krate::schema::target::<#table, _, _>(#column) #value)
    });
    // All of it at one place: the message shows where the call begins and ends.
    let place = at(struct_name.span());
    let (here, target) = (placed(&krate, place), placed(&table, place));
    let complete = quote_spanned! {place=>
        const _: () = #here::schema::assert_complete(
            <#target as #here::Table>::INFO.columns,
            &[#(#names),*],
        );
    };
    Ok(quote! {
        impl #impl_generics #krate::Insertable for #struct_name #type_generics #where_clause {
            type Table = #table;

            const COLUMNS: &'static [&'static ::core::primitive::str] = &[
                #(#krate::schema::name_of(<#table as #krate::Table>::INFO.columns, #names)),*
            ];

            fn values(&self) -> ::std::vec::Vec<#krate::ast::Expr> {
                ::core::convert::From::from([#(#values),*])
            }
        }

        #complete
    })
}
