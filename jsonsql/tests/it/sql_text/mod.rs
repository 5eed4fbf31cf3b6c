//! SQL text in: what is read from it, and what is refused.

mod arbitrary;
mod bombs;
mod conserved;
mod constructs;
mod corpus;
mod fuzz;
mod identity;
mod mistakes;
mod parameters;
