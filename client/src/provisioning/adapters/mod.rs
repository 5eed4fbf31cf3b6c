//! The platforms' adapters.

mod iptvportal;
mod ministra;
mod tvip;

pub use iptvportal::{IptvPortal, IptvPortalRows, IptvPortalWrite, ReferenceColumn};
pub use ministra::{MARK, Ministra, MinistraLists, MinistraRows, MinistraWrite};
pub use tvip::{Tvip, TvipRows, TvipWrite};
