//! JSONSQL calls.

mod batch;
mod bulk;
mod call;
mod pages;
mod probe;
mod shape;
mod slot;
mod trace;

pub use batch::Batch;
pub use bulk::Inserted;
pub use call::Call;
pub use pages::Pages;
pub use shape::{All, One, Optional, Shape};
pub use slot::Statements;
