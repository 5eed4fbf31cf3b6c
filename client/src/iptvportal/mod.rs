//! JSONSQL calls.

mod batch;
mod brake;
mod bulk;
mod call;
mod check;
mod discover;
pub(crate) mod exchange;
mod not_awaited;
mod pages;
mod probe;
mod raw;
pub(crate) mod rpc;
pub(crate) mod session;
mod shape;
mod slot;
mod trace;

pub use batch::Batch;
pub use bulk::Inserted;
pub use call::Call;
pub use check::SchemaMismatch;
pub use discover::{Discovered, DiscoveredColumn, JsonKind};
pub use pages::Pages;
pub use raw::Raw;
pub use shape::{All, One, Optional, Shape};
pub use slot::Statements;
