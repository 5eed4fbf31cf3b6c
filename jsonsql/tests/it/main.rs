//! What a user writes, and what goes over the wire.

mod aliases;
mod arbitrary;
mod brake;
mod constructs;
mod corpus;
mod depth;
mod derives;
mod dialect;
mod disguised;
mod fuzz;
mod grammar;
mod hygiene;
mod meaning;
mod mistakes;
mod nonsense;
mod numbers;
mod orders;
mod properties;
mod raw_values;
mod rows;
mod safety;
mod sql_macro;
#[cfg(feature = "sql")]
mod sql_text;
mod tables;
mod writable;
