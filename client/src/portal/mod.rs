//! JSONSQL calls.

mod call;
mod shape;
mod trace;

pub use call::Call;
pub use shape::{All, One, Optional, Shape};
