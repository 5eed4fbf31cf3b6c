//! The platforms' adapters.

mod iptvportal;
#[cfg(feature = "ministra")]
mod ministra;
#[cfg(feature = "tvip")]
mod tvip;

pub use iptvportal::{IptvPortal, IptvPortalRows, IptvPortalWrite, ReferenceColumn};
#[cfg(feature = "ministra")]
pub use ministra::{MARK, Ministra, MinistraLists, MinistraRows, MinistraWrite};
#[cfg(feature = "tvip")]
pub use tvip::{Tvip, TvipLists, TvipRows, TvipWrite};
