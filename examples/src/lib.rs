//! What the example programs share: whom they ask, how they show progress, what
//! they say and how they end; the tables and statements of the quickstart, so that a test can
//! compare them with the vendor's own; and what a billing's programs do with any
//! of the three platforms.

pub mod export;
pub mod migration;
pub mod out;
pub mod platform;
pub mod progress;
pub mod statements;
pub mod sync;
pub mod tables;

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
