//! All that talks HTTP: transports, attempts, limits, and what is taken out of a
//! server's words.

pub(crate) mod deadline;
pub(crate) mod decoding;
pub(crate) mod failure_event;
pub(crate) mod link;
pub(crate) mod meters;
pub(crate) mod pace;
#[cfg(any(feature = "ministra", feature = "tvip"))]
pub(crate) mod rest;
pub(crate) mod retry;
pub(crate) mod sanitize;
pub(crate) mod transport;
