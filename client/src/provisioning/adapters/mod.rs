//! The platforms' adapters.

mod iptvportal;

pub use iptvportal::{IptvPortal, IptvPortalRows, IptvPortalWrite};
