//! JSONSQL calls.

mod call;
mod shape;

pub use call::Call;
pub use shape::{All, One, Optional, Shape};
