//! `#[derive(Table)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Ident, Path, Type, Visibility};

use crate::attributes::{ColumnAttributes, TableAttributes};
use crate::fields::{docs, inside_option, named, not_generic, suffixed};
use crate::hygiene::{at, generated, unused_name};
use crate::names::{Case, plain};

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
    let krate = &table.krate();
    let struct_name = &input.ident;
    let const_name = generated(struct_name);
    let visibility = generated(&input.vis);
    let columns_name = suffixed(struct_name, "Columns");
    let name = table
        .name
        .as_ref()
        .map_or_else(|| Case::Snake.of(&plain(struct_name)), syn::LitStr::value);
    let const_docs = format!("The table `{name}`, as a value: `q.from({struct_name})`.");
    let columns_docs = format!("The columns of one occurrence of `{name}`.");

    let handles = columns.iter().map(|column| {
        let Column { docs, ty, .. } = column;
        let null = column.nullability(krate);
        let (ident, visibility) = (generated(column.ident), generated(column.visibility));
        quote!(#(#docs)* #visibility #ident: #krate::expr::Col<'q, #ty, #null>)
    });
    let made = (0u32..).zip(&columns).map(|(index, column)| {
        let ident = generated(column.ident);
        quote!(#ident: #krate::schema::column(Self::INFO, __qualifier, #index))
    });
    let marker = unused_name("__marker", |name| {
        columns.iter().any(|column| column.ident == name)
    });
    let infos = columns.iter().map(|column| column.info(krate));
    let key = key(&columns);
    let reserved = &table.reserved;
    let row = row(krate, struct_name, &columns);
    let functions = functions(krate, struct_name, &visibility);

    Ok(quote! {
        #[doc = #const_docs]
        #visibility const #const_name: #krate::schema::TableOf<#struct_name> =
            #krate::schema::TableOf::new();

        #[doc = #columns_docs]
        #[derive(::core::clone::Clone, ::core::marker::Copy)]
        #visibility struct #columns_name<'q, __N: #krate::Nullability = #krate::NotNull> {
            #(#handles,)*
            #[doc(hidden)]
            #marker: ::core::marker::PhantomData<(&'q (), __N)>,
        }

        impl #krate::Table for #struct_name {
            const INFO: &'static #krate::ast::TableInfo = {
                const INITIALS: &#krate::ast::Initials = &#krate::ast::Initials::new(#name);
                &#krate::ast::TableInfo::new(
                    #name,
                    INITIALS,
                    &[#(#infos),*],
                    &[#(#reserved),*],
                )
            };

            type Columns<'q, N: #krate::Nullability> = #columns_name<'q, N>;
            type Key = #key;

            fn columns<'q, N: #krate::Nullability>(
                __qualifier: #krate::expr::Qualifier,
            ) -> #columns_name<'q, N> {
                #columns_name {
                    #(#made,)*
                    #marker: ::core::marker::PhantomData,
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
    for name in &table.reserved {
        if let Some(column) = columns.iter().find(|column| column.name == name.value()) {
            let message = format!("`{}` is already the field `{}`", column.name, column.ident);
            return Err(syn::Error::new(name.span(), message));
        }
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
    fn nullability(&self, krate: &Path) -> TokenStream {
        if self.nullable {
            quote!(#krate::Null)
        } else {
            quote!(__N)
        }
    }

    fn info(&self, krate: &Path) -> TokenStream {
        let (field, name) = (plain(self.ident), &self.name);
        let ColumnAttributes {
            key,
            generated,
            default,
            ..
        } = self.attributes;
        let (ty, nullable) = (self.ty, self.nullable);
        let optional = default || nullable;
        quote!(#krate::ast::ColumnInfo {
            field: #field,
            name: #name,
            kind: <#ty as #krate::SqlType>::KIND,
            nullable: #nullable,
            check: #krate::schema::check::<#ty>,
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

/// Reading the struct from a row, which a left join may have left empty.
fn row(krate: &Path, struct_name: &Ident, columns: &[Column<'_>]) -> TokenStream {
    let width = columns.len();
    // The kind is named so that of a type which is none the compiler says one
    // thing here and where the columns are described, and says it once.
    let kinds = columns.iter().map(
        |Column { ty, .. }| quote_spanned!(at(ty.span())=> let _ = <#ty as #krate::SqlType>::KIND;),
    );
    let fields = columns.iter().map(|column| {
        let Column { name, ty, .. } = column;
        let ident = generated(column.ident);
        let read = match column.nullable {
            true => quote!(optional),
            false => quote!(required),
        };
        quote_spanned!(at(ty.span())=> #ident: __cells.#read::<#ty>(#name)?)
    });
    let keys = columns.iter().enumerate();
    let keys = keys.filter(|(_, column)| column.attributes.key);
    let keys = keys.map(|(place, _)| quote!(#place..#place + 1));
    quote! {
        impl<'de> #krate::row::Row<'de> for #struct_name {
            const WIDTH: ::core::primitive::usize = #width;

            fn decode(
                __cells: &mut #krate::row::Cells<'de>,
            ) -> ::core::result::Result<Self, #krate::row::RowError> {
                #(#kinds)*
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }

        impl<'de> #krate::row::OptionalRow<'de> for #struct_name {
            fn decode_optional(
                __cells: &mut #krate::row::Cells<'de>,
            ) -> ::core::result::Result<::core::option::Option<Self>, #krate::row::RowError> {
                __cells.row_or_none(&[#(#keys),*])
            }
        }
    }
}

/// The entry points, as inherent functions: no trait to import.
fn functions(krate: &Path, struct_name: &Ident, visibility: &TokenStream) -> TokenStream {
    let condition = quote! {
        impl for<'q> ::core::ops::FnOnce(
            #krate::TableRef<'q, Self>,
        ) -> #krate::Expr<'q, ::core::primitive::bool, N, K>
    };
    let bare = quote! {
        ::core::option::Option::Some(#krate::query::predicate(condition))
    };
    quote! {
        impl #struct_name {
            /// Selects every row.
            #visibility fn all() -> #krate::Select<Self> {
                #krate::Select::of_table()
            }

            /// Selects the rows for which the condition is true.
            #visibility fn filter<N: #krate::Nullability, K: #krate::expr::Node>(
                condition: #condition,
            ) -> #krate::Select<Self> {
                #krate::Select::of_table().filter(condition)
            }

            /// Updates the rows for which the condition is true; say what with `.set(…)`.
            #visibility fn update<N: #krate::Nullability, K: #krate::expr::Node>(
                condition: #condition,
            ) -> #krate::query::Unset<Self> {
                #krate::query::Unset::of_table(#bare)
            }

            /// Updates every row of the table.
            #visibility fn update_all() -> #krate::query::Unset<Self> {
                #krate::query::Unset::of_table(::core::option::Option::None)
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
                    &mut #krate::Query<'q>,
                    #krate::TableRef<'q, Self>,
                ) -> ::std::vec::Vec<#krate::expr::Assignment<'q>>,
            ) -> #krate::Update<Self, <Self as #krate::Table>::Key> {
                #krate::Update::of_joined(build)
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
                    &mut #krate::Query<'q>,
                    #krate::TableRef<'q, Self>,
                ),
            ) -> #krate::Delete<Self, <Self as #krate::Table>::Key> {
                #krate::Delete::of_joined(build)
            }

            /// Deletes the rows for which the condition is true.
            #visibility fn delete<N: #krate::Nullability, K: #krate::expr::Node>(
                condition: #condition,
            ) -> #krate::Delete<Self, <Self as #krate::Table>::Key> {
                #krate::Delete::of_table(#bare)
            }

            /// Deletes every row of the table.
            #visibility fn delete_all() -> #krate::Delete<Self, <Self as #krate::Table>::Key> {
                #krate::Delete::of_table(::core::option::Option::None)
            }
        }
    }
}
