//! JSONSQL calls.

mod batch;
mod batch_item;
mod brake;
mod bulk;
mod call;
mod cardinality;
mod check;
mod client;
mod discover;
pub(crate) mod executor;
mod not_awaited;
mod pages;
mod probe;
mod raw;
pub(crate) mod rpc;
pub(crate) mod session;
mod trace;

pub use batch::Batch;
pub use batch_item::Statements;
pub use bulk::Inserted;
pub use call::Call;
pub use cardinality::{All, Cardinality, One, Optional};
pub use check::SchemaMismatch;
pub use client::Client;
pub use discover::{Discovered, DiscoveredColumn, JsonKind};
pub use pages::Pages;
pub use raw::Raw;
