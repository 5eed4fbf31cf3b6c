//! Ministra's adapter and backend: against recordings of a real server, the
//! vendor's documents, and the sandbox.

mod almost;
mod answers;
mod canned;
mod documents;
mod fan_out;
mod recordings;
mod refusals;
mod sandboxed;
mod server;
