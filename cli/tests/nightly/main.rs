//! `plan`, `apply` and `migrate` against a server, and what goes wrong on the way.

mod exports;
mod failures;
mod guards;
mod interrupted;
mod migrate;
mod plans;
mod platforms;
mod world;
