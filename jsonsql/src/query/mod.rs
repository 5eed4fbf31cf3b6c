//! Statements built from tables: select, insert, update, delete.

mod alias;
mod brake;
mod delete;
mod derived;
mod fast_path;
mod group;
mod insert;
mod mistakes;
mod returning;
mod rows_of;
mod safety;
mod scope;
mod select;
mod selection;
mod snapshot;
mod sql_name;
mod statement;
mod subquery;
mod table_ref;
mod target;
mod unqualified;
mod update;
mod writable;

pub use brake::AtMost;
#[doc(hidden)]
pub use brake::Brake;
pub use delete::Delete;
pub use derived::DerivedRow;
pub use group::Groups;
pub use insert::{Insert, InsertColumns, insert, insert_from, insert_many};
#[doc(hidden)]
pub use returning::predicate;
use returning::{key_of, qualifier, returning};
pub use safety::ReadsAs;
pub use scope::{Nested, Query, Selected};
pub use select::{Select, select, values};
pub use selection::{Fits, Selection, SelectionOf};
pub use statement::{Error, Params, Statement};
pub use subquery::Subquery;
pub use table_ref::TableRef;
pub use update::{Assignments, Unset, Update};
