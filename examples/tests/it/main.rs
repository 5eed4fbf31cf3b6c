//! The programs, run as a newcomer runs them.

mod migrate;
mod nightly_sync;
mod provision;
mod quickstart;
mod run;
