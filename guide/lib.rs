//! The pages of the guide, for the tests that run their examples.
//!
//! An example shows what its page is about. What every program has around it is added
//! by the build script: `async fn main`, and a client of a sandbox where it uses one.

#[cfg(doctest)]
mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}
