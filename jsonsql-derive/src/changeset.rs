//! `#[derive(Changeset)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::attributes::target_table;
use crate::fields::named;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let table = target_table(&input.attrs, "changeset", &input.ident)?;
    let struct_name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let fields = named(input, "a changeset")?;
    // As in `Insertable`: the messages point at the field's name and its type.
    let changes = fields.iter().map(|field| {
        let ident = field.ident;
        let column = quote_spanned!(ident.span()=> |columns| columns.#ident);
        let change = quote_spanned!(field.field.ty.span()=> &self.#ident);
        quote!(::jsonsql::schema::change_for::<#table, _, _>(#column, #change))
    });
    Ok(quote! {
        impl #impl_generics ::jsonsql::Changeset for #struct_name #type_generics #where_clause {
            type Table = #table;

            fn assignments(&self) -> ::std::vec::Vec<::jsonsql::query::Assignment<'static>> {
                [#(#changes),*].into_iter().flatten().collect()
            }
        }
    })
}
