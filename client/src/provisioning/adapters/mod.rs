//! The platforms' adapters.

mod iptvportal;
mod ministra;

pub use iptvportal::{IptvPortal, IptvPortalRows, IptvPortalWrite};
pub use ministra::{MARK, Ministra, MinistraLists, MinistraRows, MinistraWrite};
