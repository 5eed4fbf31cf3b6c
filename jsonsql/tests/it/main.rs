//! What a user writes, and what goes over the wire.

mod arbitrary;
mod brake;
mod corpus;
mod derives;
mod dialect;
mod meaning;
mod properties;
mod rows;
mod safety;
mod tables;
