//! The server a command talks to: a profile, the environment, flags, or a sandbox.
//!
//! It is never a guess. Without any of these a command fails and says how to name
//! one, and what was chosen stands on standard error of each run.

mod args;
mod config;
mod connection;
mod password;
mod settings;

pub(crate) use args::TargetArgs;
pub(crate) use connection::{AnyClient, Connection, open, profiles};
