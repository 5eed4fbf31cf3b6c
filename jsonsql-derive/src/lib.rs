//! The derives and the macro `sql!` of [`jsonsql`](https://docs.rs/jsonsql),
//! which re-exports and documents them.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attributes;
mod changeset;
mod fields;
mod hygiene;
mod insertable;
mod names;
mod row;
mod sql;
mod sql_type;
mod table;
#[cfg(test)]
mod tests;

/// Maps a struct to a table: one field per column.
///
/// Makes a constant of the struct's name, to be passed as a value
/// (`q.from(Subscriber)`), the columns as typed handles, and the associated
/// functions `all`, `filter`, `update`, `update_all`, `update_from`, `delete`,
/// `delete_all`, `delete_using`.
/// A field of type `Option<T>` is a nullable column. It has to be written so,
/// as `Option<…>` or with its path in `std` or `core`: an `Option` behind a type
/// alias is not seen, and refused.
///
/// The columns are the fields of a struct called `SubscriberColumns` for a
/// `Subscriber`. That name and those of the functions are taken in the program.
///
/// | on the struct | |
/// | --- | --- |
/// | `#[table(name = "subscriber")]` | the table's name; by default the struct's in snake case |
/// | `#[table(rename_all = "camelCase")]` | how field names become column names; by default as they are |
/// | `#[table(reserved("email", "phone"))]` | columns that the server's table has beside these: no text may read as one of them |
/// | `#[table(crate = my::jsonsql)]` | where the crate `jsonsql` is, for a program that knows it by another name |
///
/// | on a field | |
/// | --- | --- |
/// | `#[column(key)]` | part of the key; every table has at least one such field |
/// | `#[column(generated)]` | the server makes the value: an insert may not give one |
/// | `#[column(default)]` | an insert may leave it out |
/// | `#[column(name = "login")]` | the column's name, if it is not the field's |
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), table::expand)
}

/// Makes a struct insertable: each field is a column of the table named in
/// `#[insertable(table = Package)]`.
///
/// That every field is a column of the right type, that no required column is
/// missing, and that no generated one is given, is checked by the compiler. The
/// struct may be generic: `S: Value<String, NotNull>` is what a text column takes.
///
/// `#[insertable(table = Package, crate = my::jsonsql)]` is for a program that
/// knows the crate by another name.
#[proc_macro_derive(Insertable, attributes(insertable))]
pub fn derive_insertable(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), insertable::expand)
}

/// Makes a struct a set of changes to a row of the table named in
/// `#[changeset(table = Subscriber)]`: a field is `Option<T>` for a NOT NULL
/// column and `Change<T>` for a nullable one.
///
/// `#[changeset(table = Subscriber, crate = my::jsonsql)]` is for a program that
/// knows the crate by another name.
#[proc_macro_derive(Changeset, attributes(changeset))]
pub fn derive_changeset(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), changeset::expand)
}

/// Reads a struct from a row, field by field, and makes a struct of the same
/// fields to select them by name: for `struct Owned` it is `OwnedSelection`.
///
/// A field is a column type, an `Option` of one, or another row. An `Option` of
/// a row is what a left join may leave empty.
///
/// The struct may have type parameters. It may have one lifetime, and then
/// borrows from the answer; as the row type of a query would outlive that, there
/// is no selection of it, nor of a struct with a constant parameter or a type
/// parameter that no field read is of.
///
/// | on the struct | |
/// | --- | --- |
/// | `#[row(table = Subscriber)]` | every field is a column of this table: `Brief::of(s)` selects them, and with a key `Brief::of_optional(s)` those of a left-joined one |
/// | `#[row(crate = my::jsonsql)]` | where the crate `jsonsql` is, for a program that knows it by another name |
///
/// | on a field | |
/// | --- | --- |
/// | `#[row(key)]` | tells a row that is there from a missing one, so that `Option` of the struct can be read |
/// | `#[row(default)]` | NULL is read as the type's default |
/// | `#[row(skip)]` | not read from the answer but the type's default |
/// | `#[row(rename = "username")]` | the field of the table it is, if it is not called like it |
#[proc_macro_derive(Row, attributes(row))]
pub fn derive_row(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), row::expand)
}

/// Makes a column type of a newtype or of an enum without data.
///
/// A newtype is what it wraps, as a type of its own, so that ids of different
/// tables do not compare. An enum is a text: each variant's name, or what
/// `#[sql(rename = "BILL")]` on the variant or `#[sql(rename_all = "…")]` on
/// the enum says. Its discriminants play no part.
///
/// `#[sql(crate = my::jsonsql)]` is for a program that knows the crate by
/// another name.
#[proc_macro_derive(SqlType, attributes(sql))]
pub fn derive_sql_type(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), sql_type::expand)
}

/// Writes a statement in SQL, whose names and types the compiler checks.
///
/// It is read by the compiler and expands to the calls of the typed language:
/// no server and no database is needed, and what the builder refuses is refused
/// here, at the word that is wrong. Its types are those of the builder:
/// `Select`, `Insert`, `Update`, `Delete`.
///
/// ```text
/// let boxes: Select<(MacAddr, Option<String>)> = sql! {
///     select t.mac_addr, s.username
///     from Terminal as t
///     left join Subscriber as s on t.subscriber_id = s.id
///     where s.disabled = {disabled} and t.mac_addr in {macs}
///     order by t.id desc limit {n}
/// };
/// ```
///
/// is this, but for the names of the bindings:
///
/// ```text
/// let boxes: Select<(MacAddr, Option<String>)> = match (disabled, macs, n) {
///     (value0, value1, value2) => select(|mut q| {
///         let t = q.from(Terminal);
///         let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
///         q.filter(s.disabled.eq(value0).and(t.mac_addr.is_in(value1)));
///         q.order_by(t.id.desc());
///         q.limit(value2);
///         q.select((t.mac_addr, s.username))
///     }),
/// };
/// ```
///
/// | in SQL | here |
/// | --- | --- |
/// | a table, a column | the struct's name and the field's: `Terminal as t`, `t.mac_addr`; a column without a table where there is one table only |
/// | a value | a number, a text in **double** quotes, `true`, `false`, or a Rust expression in braces: `{login}`; `?` and `.await` work in it |
/// | a list | `in (1, 2)`, or an iterator or a `Select` in braces: `in {macs}`, `in {query}` |
/// | rows | a value, a tuple of up to 16, `t.*` for the struct; `select as OwnedRow t.mac_addr as mac, …` for a struct with `#[derive(Row)]`, whose `OwnedRowSelection` has to be in scope |
/// | functions | aggregates, `coalesce`, `regexp_replace`, `lower`, `upper`, `trim`, `md5`, `length` and a few more; any other with the type of its answer: `name::<String>(…)` |
/// | queries within | `in (select …)`, `exists (select …)`, `(select …)` as a value; in FROM behind a comma: `from Subscriber as s, (select …) as q` |
/// | `is distinct from` | of a column, and another one, a value or an `Option` in braces |
/// | `order by n`, `order by 1`, `group by 1` | the expression that is selected; not where it has a Rust expression in it |
/// | `nulls first`, `nulls last` | where NULLs come so anyway: last, with `desc` first |
/// | INSERT | `insert into Package (name, paid) values ({name}, true), …`, or a `select` in place of `values`; no required column is missing |
/// | UPDATE, DELETE | with `from` and `using`; without `where` they are refused |
/// | comments | `// …` |
///
/// Keywords are in any letter case, names as they are. A `"text"` is a text here
/// and a name in SQL text, because Rust has no texts in single quotes; texts in
/// single quotes and names in backticks are refused by the compiler before the
/// macro sees them. Precedence is PostgreSQL's. The aliases of the statement that
/// is sent are the builder's.
///
/// A text in the statement that is also a column of one of its tables does not
/// compile, because a server would compare the columns. One that is meant stands
/// in braces, with `.split_ambiguous_text()` behind the statement; what a text in
/// braces would be read as is looked for when the statement is sent.
///
/// What the typed language does not have (`right join`, `union`, `with`, `case`,
/// casts, window functions, `on conflict`) is an error that says what to write
/// instead. Two restrictions are the macro's own: an `and` in `set` stands in
/// parentheses, because `set a = 1 and b = 2` changes one column; and `between` of
/// a function whose answers may differ is written as two comparisons.
///
/// A program that knows the crate by another name says so first:
/// `sql! { crate = my::jsonsql; select … }`.
#[proc_macro]
pub fn sql(tokens: TokenStream) -> TokenStream {
    sql::expand(tokens.into())
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

fn expand(
    input: DeriveInput,
    by: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    by(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
