//! `#[derive(Insertable)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use crate::attributes::target_table;
use crate::fields::named;
use crate::names::plain;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let table = target_table(&input.attrs, "insertable", &input.ident)?;
    let fields = named(input, "insertable")?;
    let struct_name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let names: Vec<_> = fields.iter().map(|field| plain(field.ident)).collect();
    // The column is looked up at the field's name and its type checked at the
    // field's type, so that the messages point there.
    let values = fields.iter().map(|field| {
        let ident = field.ident;
        let column = quote_spanned!(ident.span()=> |columns| columns.#ident);
        let value = quote_spanned!(field.field.ty.span()=> &self.#ident);
        quote!(::jsonsql::schema::value_for::<#table, _, _>(#column, #value))
    });
    let complete = quote_spanned! {struct_name.span()=>
        const _: () = ::jsonsql::schema::assert_complete(
            <#table as ::jsonsql::Table>::INFO.columns,
            &[#(#names),*],
        );
    };
    Ok(quote! {
        impl #impl_generics ::jsonsql::Insertable for #struct_name #type_generics #where_clause {
            type Table = #table;

            const COLUMNS: &'static [&'static str] = &[
                #(::jsonsql::schema::name_of(<#table as ::jsonsql::Table>::INFO.columns, #names)),*
            ];

            fn values(&self) -> ::std::vec::Vec<::jsonsql::ast::Expr> {
                ::std::vec![#(#values),*]
            }
        }

        #complete
    })
}
