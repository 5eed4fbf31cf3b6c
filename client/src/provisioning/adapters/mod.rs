//! The platforms' adapters.

mod tvip;

pub use tvip::{Tvip, TvipRows, TvipWrite};
