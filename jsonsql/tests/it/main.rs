//! What a user writes, and what goes over the wire.

mod aliases;
mod arbitrary;
mod corpus;
mod derives;
mod dialect;
mod hygiene;
mod meaning;
mod nonsense;
mod orders;
mod properties;
mod rows;
mod safety;
mod tables;
