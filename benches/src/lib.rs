//! The subjects of the benchmarks: one message built in four ways, one answer
//! read in three.

pub mod answer;
pub mod cargo;
pub mod cpu;
pub mod figure;
pub mod message;
pub mod report;
pub mod tables;
