//! Typed queries for JSONSQL, the SQL-as-JSON protocol of IPTVPORTAL.
//!
//! A struct becomes a table, handles come out of FROM, and a statement becomes
//! the JSON that a server takes. A name that is misspelt does not compile, and
//! a text that a server would read as a column is refused before it is sent.
//!
//! ```
//! use jsonsql::prelude::*;
//!
//! #[derive(Table)]
//! #[table(reserved("email", "phone"))]
//! struct Subscriber {
//!     #[column(key, generated)]
//!     id: i64,
//!     username: String,
//!     #[column(default)]
//!     disabled: bool,
//! }
//!
//! let debtors = Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.username);
//! assert_eq!(
//!     debtors.to_json()?,
//!     r#"{"data":[{"s":"username"}],"from":{"table":"subscriber","as":"s"},"where":{"eq":[{"s":"disabled"},true]}}"#
//! );
//! assert!(Subscriber::filter(|s| s.username.eq("email")).to_json().is_err());
//! # Ok::<(), jsonsql::Error>(())
//! ```
//!
//! [`query`] has the statements, [`expr`] what they are made of, [`schema`] what
//! the derives implement, [`row`] how answers are read, [`ast`] the grammar,
//! [`resolve`] the checks of hand-written requests, [`mod@sql`] the text for people.
//! The crate does no I/O: sending is the business of `jsonsql-client`.
//!
//! Columns are numbers, `bool`, `String`, [`MacAddr`], [`IpAddr`](std::net::IpAddr),
//! newtypes of these, and with a feature the types of another crate:
//!
//! | feature | columns |
//! |---|---|
//! | `derive` (default) | the derives, and [`sql!`], which takes statements in SQL |
//! | `jiff` | `Timestamp`, `civil::DateTime`, `civil::Date`, `civil::Time` |
//! | `chrono` | `DateTime<Utc>`, `DateTime<FixedOffset>`, `NaiveDateTime`, `NaiveDate`, `NaiveTime` |
//! | `rust_decimal` | `Decimal`, which keeps the digits of numbers in answers |
//! | `ipnet` | `IpNet` |
//! | `uuid` | `Uuid` |
//!
//! With the feature `sql` a statement is read from SQL text, see [`mod@sql`]; it
//! brings `sqlparser` along, which programs that build their queries do not need.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod ast;
mod dialect;
mod escapes;
pub mod expr;
pub mod query;
pub mod resolve;
pub mod row;
pub mod schema;
pub mod sql;
mod types;
pub mod typography;

pub use dialect::{
    Chain, Descending, Dialect, DistinctRows, GroupBy, Having, Joined, NotIn, NotOperand,
    TextColumns,
};
pub use expr::{Expr, NotNull, Null, Nullability};
#[cfg(feature = "derive")]
pub use jsonsql_derive::{Changeset, Insertable, Row, SqlType, Table, sql};
pub use query::{Delete, Error, Insert, Params, Query, Select, Statement, TableRef, Update};
pub use schema::{Change, Changeset, Insertable, Table};
pub use types::{MacAddr, Numeric, Ordered, ParseMacError, SqlType, TextType};

/// Of the query `'q`, and about values of type `T`.
pub(crate) type Brand<'q, T> = std::marker::PhantomData<(&'q (), fn() -> T)>;

/// The imports of a program that builds queries.
pub mod prelude {
    pub use crate::expr::{
        Expr, NotNull, Null, all, any, avg, coalesce, concat, count, count_distinct, count_rows,
        function, literal, max, min, null, raw, regexp_replace, sum,
    };
    pub use crate::query::{
        Delete, Insert, Query, Select, Statement, TableRef, Update, insert, insert_from,
        insert_many, select, values,
    };
    pub use crate::schema::{Change, Changeset, Insertable, Table};
    pub use crate::types::{MacAddr, SqlType};
    #[cfg(feature = "derive")]
    pub use jsonsql_derive::{Changeset, Insertable, Row, SqlType, Table, sql};
}

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
