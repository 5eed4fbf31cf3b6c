//! Statements built from tables: select, insert, update, delete.

mod alias;
mod brake;
mod delete;
mod derived;
mod group;
mod insert;
mod order;
mod plain;
mod rel;
mod returning;
mod safety;
mod scope;
mod select;
mod selection;
mod statement;
mod target;
mod unqualified;
mod update;

pub use brake::AtMost;
#[doc(hidden)]
pub use brake::Brake;
pub use delete::Delete;
pub use derived::DerivedRow;
pub use group::Groups;
pub use insert::{Insert, InsertColumns, insert, insert_from, insert_many};
pub use order::{Order, Orders};
pub use rel::Rel;
#[doc(hidden)]
pub use returning::predicate;
use returning::{key_of, qualifier, returning};
pub use safety::ReadsAs;
pub use scope::{Nested, Query, Selected, Subquery};
pub use select::{Select, select, values};
pub(crate) use selection::selectable;
pub use selection::{Fits, Selection, SelectionOf};
pub use statement::{Error, Params, Statement};
pub use update::{Assignment, Assignments, Unset, Update};
