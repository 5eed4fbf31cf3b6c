//! All that talks HTTP: transports, attempts, limits, and what is taken out of a
//! server's words.

pub(crate) mod address;
pub(crate) mod anything;
pub(crate) mod credentials;
pub(crate) mod deadline;
pub(crate) mod decoding;
pub(crate) mod dispatcher;
pub(crate) mod failure_event;
pub(crate) mod metrics;
pub(crate) mod rate_limit;
#[cfg(any(feature = "ministra", feature = "tvip"))]
pub(crate) mod rest;
pub(crate) mod retry;
pub(crate) mod settings;
pub(crate) mod transport;
