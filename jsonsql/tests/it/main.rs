//! What a user writes, and what goes over the wire.

mod corpus;
mod safety;
mod tables;
