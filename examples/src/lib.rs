//! What the example programs share: whom they ask, how they show progress, what
//! they say and how they end; the tables and statements of the quickstart, so that a test can
//! compare them with the vendor's own.

pub mod out;
pub mod platform;
pub mod progress;
pub mod statements;
pub mod tables;

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
