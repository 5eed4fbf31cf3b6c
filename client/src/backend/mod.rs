//! The raw REST clients of Ministra and TVIP, and what platforms can do.

mod capability;
#[doc(hidden)]
pub mod ministra;
mod records;
pub mod tvip;

pub use capability::{Capabilities, Capability, matrix};
pub use records::Records;
