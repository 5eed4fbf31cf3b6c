//! What a user writes, and what goes over the wire.

mod corpus;
mod rows;
mod safety;
mod tables;
