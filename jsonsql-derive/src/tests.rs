//! Tests of refused attributes, and of what is passed on to the generated code.

use syn::{DeriveInput, parse_quote};

use crate::{row, sql_type, table};

#[track_caller]
fn refused(expanded: syn::Result<proc_macro2::TokenStream>, message: &str) {
    assert_eq!(expanded.unwrap_err().to_string(), message);
}

#[test]
fn what_is_said_twice_is_refused() {
    let key: DeriveInput = parse_quote! {
        struct Note {
            #[column(key, key)]
            id: i64,
        }
    };
    refused(table::expand(&key), "`key` stands twice");
    let name: DeriveInput = parse_quote! {
        #[table(name = "a")]
        #[table(name = "b")]
        struct Note {
            #[column(key)]
            id: i64,
        }
    };
    refused(table::expand(&name), "`name` stands twice");
    let skip: DeriveInput = parse_quote! {
        struct Brief {
            #[row(skip)]
            #[row(default, skip)]
            id: i64,
        }
    };
    refused(row::expand(&skip), "`skip` stands twice");
    let text: DeriveInput = parse_quote! {
        enum State {
            #[sql(rename = "on")]
            Active,
            #[sql(rename = "on")]
            On,
        }
    };
    refused(
        sql_type::expand(&text),
        "\"on\" already stands for another variant",
    );
}

#[test]
fn a_row_borrows_from_one_answer() {
    let two: DeriveInput = parse_quote! {
        struct Brief<'a, 'b> {
            name: &'a str,
            path: &'b str,
        }
    };
    refused(
        row::expand(&two),
        "a row borrows from one answer: it has one lifetime",
    );
}

/// A handle says what the field says of itself.
#[test]
fn the_handle_of_a_deprecated_column_is_deprecated() {
    let table: DeriveInput = parse_quote! {
        struct Note {
            #[column(key)]
            id: i64,
            /// The old name.
            #[deprecated(note = "see `name`")]
            title: String,
        }
    };
    let code = table::expand(&table).unwrap().to_string();
    assert_eq!(code.matches("deprecated").count(), 1, "{code}");
    assert_eq!(code.matches("The old name.").count(), 1, "{code}");
}
