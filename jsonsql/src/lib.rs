//! Typed queries for JSONSQL, the SQL-as-JSON protocol of IPTVPORTAL.

pub mod ast;
mod dialect;
pub mod expr;
pub mod query;
pub mod resolve;
pub mod row;
pub mod schema;
pub mod sql;
mod types;

pub use dialect::{Descending, Dialect};
pub use expr::{Expr, NotNull, Null, Nullability};
#[cfg(feature = "derive")]
pub use jsonsql_derive::{Changeset, Insertable, Row, SqlType, Table};
pub use query::{Delete, Error, Insert, Params, Query, Rel, Select, Statement, Update};
pub use schema::{Change, Changeset, Insertable, Table};
pub use types::{MacAddr, ParseMacError, SqlType, TextType};

/// Of the query `'q`, and about values of type `T`.
pub(crate) type Brand<'q, T> = std::marker::PhantomData<(&'q (), fn() -> T)>;

/// What a program that builds queries imports.
pub mod prelude {
    pub use crate::expr::{
        Expr, NotNull, Null, all, any, avg, coalesce, concat, count, count_distinct, count_rows,
        function, literal, max, min, raw, regexp_replace, sum,
    };
    pub use crate::query::{
        Delete, Insert, Query, Rel, Select, Statement, Update, insert, insert_from, insert_many,
        select, values,
    };
    pub use crate::schema::{Change, Changeset, Insertable, Table};
    pub use crate::types::{MacAddr, SqlType};
    #[cfg(feature = "derive")]
    pub use jsonsql_derive::{Changeset, Insertable, Row, SqlType, Table};
}
