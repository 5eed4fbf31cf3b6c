//! What a user writes, and what goes over the wire.

mod arbitrary;
mod constructs;
mod corpus;
mod depth;
mod derives;
mod dialect;
mod meaning;
mod mistakes;
mod numbers;
mod properties;
mod rows;
mod safety;
mod tables;
mod writable;
