//! INSERT.

use std::marker::PhantomData;

use super::scope::{Query, Selected};
use super::statement::typed_statement;
use super::{Fits, Selection, TableRef};
use crate::ast::{self, InsertSource, Name, TableName};
use crate::expr::{Column, Expr, Nullability, Qualifier};
use crate::schema::{Insertable, Table, TableOf};

/// An INSERT into table `T` that answers with rows of type `R`: the new rows'
/// keys, unless [`returning`](Self::returning) says otherwise.
#[must_use = "a statement does nothing until it is sent"]
pub struct Insert<T, R> {
    node: ast::Insert,
    /// See [`is_plain`](super::fast_path::is_plain).
    plain: bool,
    marker: PhantomData<fn() -> (T, R)>,
}

typed_statement!([T, R] Insert<T, R>: Insert, R);

/// Inserts one row.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// #[derive(Insertable)]
/// #[insertable(table = Package)]
/// struct NewPackage<'a> {
///     name: &'a str,
///     paid: bool,
/// }
///
/// let statement = insert(&NewPackage { name: "movie", paid: true });
/// assert_eq!(
///     format!("{statement:#}"),
///     "INSERT INTO package (name, paid) VALUES ('movie', TRUE) RETURNING id"
/// );
/// ```
pub fn insert<I: Insertable>(row: &I) -> Insert<I::Table, <I::Table as Table>::Key> {
    insert_many([row])
}

/// Inserts several rows with one statement. Without rows there is nothing to
/// send, and sending it is refused.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Package { #[column(key, generated)] id: i64, name: String, paid: bool }
/// # #[derive(Insertable)] #[insertable(table = Package)] struct NewPackage<'a> { name: &'a str, paid: bool }
/// let packages = [
///     NewPackage { name: "movie", paid: true },
///     NewPackage { name: "sports", paid: true },
/// ];
/// assert_eq!(
///     format!("{:#}", insert_many(&packages)),
///     "INSERT INTO package (name, paid) VALUES ('movie', TRUE), ('sports', TRUE) RETURNING id"
/// );
/// ```
pub fn insert_many<'a, I: Insertable + 'a>(
    rows: impl IntoIterator<Item = &'a I>,
) -> Insert<I::Table, <I::Table as Table>::Key> {
    let columns = I::COLUMNS
        .iter()
        .map(|name| Name::Borrowed(*name))
        .collect();
    let rows = rows.into_iter().map(Insertable::values).collect();
    Insert::from_source(columns, InsertSource::Values(rows))
}

/// Inserts what a query selects: the columns to fill, then the query whose
/// expressions go there in the same order.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// let statement = insert_from(
///     Terminal,
///     |t| (t.subscriber_id, t.registered),
///     |mut q| {
///         let s = q.from(Subscriber);
///         q.filter(s.username.eq("123456"));
///         q.select((s.id, true))
///     },
/// );
/// assert_eq!(
///     format!("{statement:#}"),
///     "INSERT INTO terminal (subscriber_id, registered) SELECT s.id, TRUE \
///      FROM subscriber AS s WHERE s.username = '123456' RETURNING id"
/// );
/// ```
pub fn insert_from<T, C, R>(
    table: TableOf<T>,
    columns: impl FnOnce(TableRef<'static, T>) -> C,
    query: impl for<'q> FnOnce(Query<'q>) -> Selected<'q, R>,
) -> Insert<T, T::Key>
where
    T: Table,
    C: InsertColumns<R>,
{
    let _ = table;
    let names = columns(TableRef::new(Qualifier::BARE)).names();
    let selected = query(Query::new(Vec::new()));
    Insert::from_source(names, InsertSource::Select(Box::new(selected.select)))
}

impl<T: Table> Insert<T, T::Key> {
    fn from_source(columns: Vec<Name>, source: InsertSource) -> Self {
        Insert::new(ast::Insert {
            into: TableName::known(T::INFO),
            columns,
            source,
            returning: Some(super::key_of::<T>(Qualifier::BARE)),
        })
    }
}

impl<T: Table, R> Insert<T, R> {
    /// Answers with this of every new row, instead of its key.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Package { #[column(key, generated)] id: i64, name: String, paid: bool }
    /// # #[derive(Insertable)] #[insertable(table = Package)] struct NewPackage<'a> { name: &'a str, paid: bool }
    /// let new = NewPackage { name: "movie", paid: true };
    /// let statement = insert(&new).returning(|p| (p.id, p.name));
    /// assert!(statement.to_string().ends_with("RETURNING id, name"));
    /// ```
    pub fn returning<S: Selection<'static>>(
        self,
        selection: impl FnOnce(TableRef<'static, T>) -> S,
    ) -> Insert<T, S::Row> {
        let mut insert = self.node;
        insert.returning = Some(super::returning(Qualifier::BARE, selection));
        Insert::new(insert)
    }
}

/// Columns to fill with the rows `R` of a query: one column or a tuple, each
/// of the type of what is selected in its place.
#[diagnostic::on_unimplemented(
    message = "the selected `{R}` does not fit these columns",
    label = "columns and selection do not match",
    note = "select one expression for each column, of its type and in its order"
)]
pub trait InsertColumns<R> {
    #[doc(hidden)]
    fn names(self) -> Vec<Name>;
}

impl<T, N: Nullability, R: Fits<T, N>> InsertColumns<R> for Expr<'static, T, N, Column> {
    fn names(self) -> Vec<Name> {
        vec![self.place().name()]
    }
}

macro_rules! insert_columns {
    ($($($column:ident $null:ident $row:ident)+;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($column, $null: Nullability, $row: Fits<$column, $null>),+>
            InsertColumns<($($row,)+)> for ($(Expr<'static, $column, $null, Column>,)+)
        {
            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn names(self) -> Vec<Name> {
                let ($($column,)+) = self;
                vec![$($column.place().name()),+]
            }
        }
    )*};
}

insert_columns! {
    A NA RA;
    A NA RA B NB RB;
    A NA RA B NB RB C NC RC;
    A NA RA B NB RB C NC RC D ND RD;
    A NA RA B NB RB C NC RC D ND RD E NE RE;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ K NK RK;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ K NK RK L NL RL;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ K NK RK L NL RL M NM RM;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ K NK RK L NL RL M NM RM N NN RN;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ K NK RK L NL RL M NM RM N NN RN O NO RO;
    A NA RA B NB RB C NC RC D ND RD E NE RE F NF RF G NG RG H NH RH I NI RI J NJ RJ K NK RK L NL RL M NM RM N NN RN O NO RO P NP RP;
}
