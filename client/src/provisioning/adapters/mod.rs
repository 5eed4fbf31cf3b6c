//! The platforms' adapters.

mod ministra;

pub use ministra::{MARK, Ministra, MinistraLists, MinistraRows, MinistraWrite};
