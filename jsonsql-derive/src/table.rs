//! `#[derive(Table)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Ident, Type, Visibility};

use crate::attributes::{ColumnAttributes, TableAttributes};
use crate::fields::{docs, inside_option, named, not_generic, suffixed};
use crate::names::{Case, initials, plain};

/// A field, as a column.
struct Column<'a> {
    ident: &'a Ident,
    visibility: &'a Visibility,
    docs: Vec<Attribute>,
    /// The type inside `Option`, if it is nullable.
    ty: &'a Type,
    nullable: bool,
    name: String,
    attributes: ColumnAttributes,
}

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    not_generic(input, "a table")?;
    let table = TableAttributes::parse(&input.attrs)?;
    let columns = columns(input, &table)?;
    let struct_name = &input.ident;
    let visibility = &input.vis;
    let columns_name = suffixed(struct_name, "Columns");
    let name = table
        .name
        .as_ref()
        .map_or_else(|| Case::Snake.of(&plain(struct_name)), syn::LitStr::value);
    let const_docs = format!("The table `{name}`, as a value: `q.from({struct_name})`.");
    let columns_docs = format!("The columns of one occurrence of `{name}`.");

    let handles = columns.iter().map(|column| {
        let Column {
            ident,
            visibility,
            docs,
            ty,
            ..
        } = column;
        let null = column.nullability();
        quote!(#(#docs)* #visibility #ident: ::jsonsql::expr::Col<'q, #ty, #null>)
    });
    let made = columns.iter().enumerate().map(|(index, column)| {
        let ident = column.ident;
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        quote!(#ident: ::jsonsql::schema::column(Self::INFO, qualifier, #index))
    });
    let infos = columns.iter().map(Column::info);
    let key = key(&columns);
    let initials = initials(&name);
    let reserved = &table.reserved;
    let row = row(struct_name, &columns);
    let functions = functions(struct_name, visibility);

    Ok(quote! {
        #[allow(non_upper_case_globals)]
        #[doc = #const_docs]
        #visibility const #struct_name: ::jsonsql::schema::TableOf<#struct_name> =
            ::jsonsql::schema::TableOf::new();

        #[doc = #columns_docs]
        #[allow(dead_code)]
        #[derive(Clone, Copy)]
        #visibility struct #columns_name<'q, N: ::jsonsql::Nullability = ::jsonsql::NotNull> {
            #(#handles,)*
            #[doc(hidden)]
            __marker: ::core::marker::PhantomData<(&'q (), N)>,
        }

        impl ::jsonsql::Table for #struct_name {
            const INFO: &'static ::jsonsql::schema::TableInfo = &::jsonsql::schema::TableInfo {
                name: #name,
                initials: #initials,
                columns: &[#(#infos),*],
                reserved: &[#(#reserved),*],
            };

            type Columns<'q, N: ::jsonsql::Nullability> = #columns_name<'q, N>;
            type Key = #key;

            fn columns<'q, N: ::jsonsql::Nullability>(
                qualifier: ::jsonsql::expr::Qualifier,
            ) -> #columns_name<'q, N> {
                #columns_name {
                    #(#made,)*
                    __marker: ::core::marker::PhantomData,
                }
            }
        }

        #row
        #functions
    })
}

fn columns<'a>(input: &'a DeriveInput, table: &TableAttributes) -> syn::Result<Vec<Column<'a>>> {
    let mut columns: Vec<Column<'a>> = Vec::new();
    for known in named(input, "a table")? {
        let attributes = ColumnAttributes::parse(&known.field.attrs)?;
        let name = match (&attributes.name, table.rename_all) {
            (Some(name), _) => name.value(),
            (None, Some(case)) => case.of(&plain(known.ident)),
            (None, None) => plain(known.ident),
        };
        if let Some(first) = columns.iter().find(|column| column.name == name) {
            return Err(syn::Error::new(
                known.ident.span(),
                format!("column `{name}` is already the field `{}`", first.ident),
            ));
        }
        let inner = inside_option(&known.field.ty);
        if attributes.key && inner.is_some() {
            return Err(syn::Error::new(
                known.field.ty.span(),
                "a key cannot be NULL: an optional row is told from a missing one by its key",
            ));
        }
        columns.push(Column {
            ident: known.ident,
            visibility: &known.field.vis,
            docs: docs(&known.field.attrs, &format!("The column `{name}`.")),
            ty: inner.unwrap_or(&known.field.ty),
            nullable: inner.is_some(),
            name,
            attributes,
        });
    }
    if !columns.iter().any(|column| column.attributes.key) {
        return Err(syn::Error::new(
            input.ident.span(),
            format!(
                "`{}` has no key: mark its fields with `#[column(key)]`",
                input.ident
            ),
        ));
    }
    Ok(columns)
}

impl Column<'_> {
    fn nullability(&self) -> TokenStream {
        if self.nullable {
            quote!(::jsonsql::Null)
        } else {
            quote!(N)
        }
    }

    fn info(&self) -> TokenStream {
        let (field, name) = (plain(self.ident), &self.name);
        let ColumnAttributes {
            key,
            generated,
            default,
            ..
        } = self.attributes;
        let (ty, nullable) = (self.ty, self.nullable);
        let optional = default || nullable;
        quote!(::jsonsql::schema::ColumnInfo {
            field: #field,
            name: #name,
            kind: <#ty as ::jsonsql::SqlType>::KIND,
            nullable: #nullable,
            check: ::jsonsql::schema::check::<#ty>,
            key: #key,
            generated: #generated,
            optional: #optional,
        })
    }
}

fn key(columns: &[Column<'_>]) -> TokenStream {
    let keys = columns.iter().filter(|column| column.attributes.key);
    let types: Vec<_> = keys.map(|column| column.ty).collect();
    match types.as_slice() {
        [one] => quote!(#one),
        several => quote!((#(#several,)*)),
    }
}

/// Reading the struct from a row, which a left join may have left empty. One
/// body for both: a field of a type that cannot be read is one error, not two.
fn row(struct_name: &Ident, columns: &[Column<'_>]) -> TokenStream {
    let width = columns.len();
    let reads = columns.iter().map(|column| {
        let Column {
            ident, name, ty, ..
        } = column;
        // The kind is named so that of a type which is none the compiler says
        // one thing here and where the columns are described, and says it once.
        quote_spanned! {ty.span()=>
            let _ = <#ty as ::jsonsql::SqlType>::KIND;
            let #ident = cells.optional::<#ty>(#name)?;
        }
    });
    let keys: Vec<_> = columns
        .iter()
        .filter(|column| column.attributes.key)
        .collect();
    let key_idents = keys.iter().map(|key| key.ident);
    let key_name = &keys[0].name;
    let fields = columns.iter().enumerate().map(|(index, column)| {
        let Column { ident, name, .. } = column;
        let after = width - index - 1;
        if column.nullable {
            quote!(#ident)
        } else {
            quote!(#ident: cells.present(#ident, #name, #after)?)
        }
    });
    let after_key = columns
        .iter()
        .rev()
        .take_while(|column| column.name != *key_name)
        .count();
    quote! {
        impl<'de> ::jsonsql::row::Row<'de> for #struct_name {
            const WIDTH: usize = #width;

            fn decode<A: ::jsonsql::row::SeqAccess<'de>>(
                cells: &mut ::jsonsql::row::Cells<'_, A>,
            ) -> ::core::result::Result<Self, A::Error> {
                let row = <Self as ::jsonsql::row::OptionalRow<'de>>::decode_optional(cells)?;
                match row {
                    ::core::option::Option::Some(row) => ::core::result::Result::Ok(row),
                    ::core::option::Option::None => {
                        ::core::result::Result::Err(cells.null(#key_name, #after_key))
                    }
                }
            }
        }

        impl<'de> ::jsonsql::row::OptionalRow<'de> for #struct_name {
            fn decode_optional<A: ::jsonsql::row::SeqAccess<'de>>(
                cells: &mut ::jsonsql::row::Cells<'_, A>,
            ) -> ::core::result::Result<::core::option::Option<Self>, A::Error> {
                #(#reads)*
                if #(#key_idents.is_none())&&* {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                }
                ::core::result::Result::Ok(::core::option::Option::Some(Self { #(#fields),* }))
            }
        }
    }
}

/// The entry points, as inherent functions: no trait to import.
fn functions(struct_name: &Ident, visibility: &Visibility) -> TokenStream {
    let condition = quote! {
        impl for<'q> ::core::ops::FnOnce(
            ::jsonsql::Rel<'q, Self>,
        ) -> ::jsonsql::Expr<'q, bool, N, K>
    };
    let bare = quote! {
        ::core::option::Option::Some(::jsonsql::query::predicate(condition))
    };
    quote! {
        #[allow(dead_code)]
        impl #struct_name {
            /// Selects every row.
            #visibility fn all() -> ::jsonsql::Select<Self> {
                ::jsonsql::Select::of_table()
            }

            /// Selects the rows for which the condition is true.
            #visibility fn filter<N: ::jsonsql::Nullability, K: ::jsonsql::expr::Node>(
                condition: #condition,
            ) -> ::jsonsql::Select<Self> {
                ::jsonsql::Select::of_table().filter(condition)
            }

            /// Updates the rows for which the condition is true; say what with `.set(…)`.
            #visibility fn update<N: ::jsonsql::Nullability, K: ::jsonsql::expr::Node>(
                condition: #condition,
            ) -> ::jsonsql::query::Unset<Self> {
                ::jsonsql::query::Unset::of_table(#bare)
            }

            /// Updates every row of the table.
            #visibility fn update_all() -> ::jsonsql::query::Unset<Self> {
                ::jsonsql::query::Unset::of_table(::core::option::Option::None)
            }

            /// Updates rows by rows of other tables: join them with `q.from(…)`
            /// and `q.filter(…)`, and return a `Vec` of what to set. The
            /// table's own columns can be used in a filter, not in a join's
            /// condition.
            ///
            /// The document names update's `from` without a form; that of a
            /// select's `from` is sent, and the table's own columns are
            /// qualified with its name.
            #visibility fn update_from(
                build: impl for<'q> ::core::ops::FnOnce(
                    &mut ::jsonsql::Query<'q>,
                    ::jsonsql::Rel<'q, Self>,
                ) -> ::std::vec::Vec<::jsonsql::query::Assignment<'q>>,
            ) -> ::jsonsql::Update<Self, <Self as ::jsonsql::Table>::Key> {
                ::jsonsql::Update::of_joined(build)
            }

            /// Deletes rows by rows of other tables: join them with `q.from(…)`
            /// and `q.filter(…)`. The table's own columns can be used in a
            /// filter, not in a join's condition.
            ///
            /// The document names `using` without a form; that of a select's
            /// `from` is sent, and the table's own columns are qualified with
            /// its name.
            #visibility fn delete_using(
                build: impl for<'q> ::core::ops::FnOnce(
                    &mut ::jsonsql::Query<'q>,
                    ::jsonsql::Rel<'q, Self>,
                ),
            ) -> ::jsonsql::Delete<Self, <Self as ::jsonsql::Table>::Key> {
                ::jsonsql::Delete::of_joined(build)
            }

            /// Deletes the rows for which the condition is true.
            #visibility fn delete<N: ::jsonsql::Nullability, K: ::jsonsql::expr::Node>(
                condition: #condition,
            ) -> ::jsonsql::Delete<Self, <Self as ::jsonsql::Table>::Key> {
                ::jsonsql::Delete::of_table(#bare)
            }

            /// Deletes every row of the table.
            #visibility fn delete_all() -> ::jsonsql::Delete<Self, <Self as ::jsonsql::Table>::Key> {
                ::jsonsql::Delete::of_table(::core::option::Option::None)
            }
        }
    }
}
