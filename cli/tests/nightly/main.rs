//! `plan`, `apply` and `migrate` against a server, and what goes wrong on the way.

mod interrupted;
mod migrate;
mod plans;
mod world;
