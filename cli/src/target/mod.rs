//! The server a command talks to: a profile, the environment, flags, or a sandbox.
//!
//! It is never a guess. Without any of these a command fails and says how to name
//! one, and what was chosen stands on standard error of each run.

mod args;
mod config;
mod connection;
mod password;
mod platform;
mod settings;
mod variables;

pub(crate) use args::{Platform, TargetArgs};
pub(crate) use connection::{AnyClient, Connection, open, open_target, profiles};
pub(crate) use platform::on_platform;
pub(crate) use settings::duration;
