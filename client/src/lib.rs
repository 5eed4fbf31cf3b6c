//! Client of IPTVPORTAL's JSONSQL.
//!
//! It logs in by itself, keeps the session, sends typed statements and answers
//! with typed rows. It never sends a write twice, and says so when it does not
//! know whether one was executed.

mod client;
mod config;
mod error;
mod exchange;
mod link;
mod portal;
mod redact;
mod retry;
mod rpc;
mod session;
mod transport;

pub use client::Client;
pub use config::ClientBuilder;
pub use error::{
    ConfigError, Error, Indeterminate, LoginError, ProtocolError, Result, ServerError,
    TransportError, TransportErrorKind,
};
pub use portal::{All, Call, One, Optional, Shape};
pub use transport::{Body, Post, Reply, Transport};

// What the interface takes and gives, so that a program need not name these
// crates' versions itself.
pub use jsonsql::Dialect;
pub use secrecy::SecretString;
pub use url::Url;
