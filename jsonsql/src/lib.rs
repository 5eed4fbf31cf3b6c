//! Typed queries for JSONSQL, the SQL-as-JSON protocol of IPTVPORTAL.
pub mod ast;
mod dialect;
pub mod resolve;
pub mod sql;
pub use dialect::{Descending, Dialect};
