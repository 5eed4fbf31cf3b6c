//! `#[derive(Changeset)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::attributes::TargetAttributes;
use crate::fields::named;
use crate::hygiene::{at, generated};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let TargetAttributes { table, krate } =
        TargetAttributes::parse(&input.attrs, "changeset", &input.ident)?;
    let struct_name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let impl_generics = generated(impl_generics);
    let fields = named(input, "a changeset")?;
    // As in `Insertable`: the messages point at the field's name and its type.
    let changes = fields.iter().map(|field| {
        let ident = field.ident;
        let own = generated(ident);
        let column = quote_spanned!(ident.span()=> |__columns| __columns.#ident);
        let change = quote_spanned!(at(field.field.ty.span())=> .change(&self.#own));
        quote!(#krate::schema::target::<#table, _, _>(#column) #change)
    });
    Ok(quote! {
        impl #impl_generics #krate::Changeset for #struct_name #type_generics #where_clause {
            type Table = #table;

            fn assignments(&self) -> ::std::vec::Vec<#krate::expr::Assignment<'static>> {
                #krate::schema::assignments([#(#changes),*])
            }
        }
    })
}
