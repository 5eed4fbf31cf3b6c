//! The tables and statements of the quickstart, so that a test can compare them with
//! the vendor's own.

pub mod statements;
pub mod tables;

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
