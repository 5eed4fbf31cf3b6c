//! What a user writes, and what goes over the wire.

mod arbitrary;
mod corpus;
mod derives;
mod dialect;
mod hygiene;
mod meaning;
mod properties;
mod rows;
mod safety;
mod tables;
