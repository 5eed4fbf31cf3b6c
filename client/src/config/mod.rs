//! Building a client.

mod address;
mod builder;
pub(crate) mod credentials;
mod env;
mod portal;
mod session_texts;

pub(crate) use address::checked;
pub use builder::ClientBuilder;
pub(crate) use builder::{Wire, not_zero};
pub use portal::Portal;
pub(crate) use session_texts::{SessionTexts, normalized};
