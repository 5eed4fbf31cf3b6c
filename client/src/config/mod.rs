//! Building a client.

mod address;
mod builder;
pub(crate) mod credentials;
mod env;
mod portal;
mod session_texts;

#[cfg(any(feature = "ministra", feature = "tvip"))]
pub(crate) use address::checked;
pub use builder::ClientBuilder;
#[cfg(any(feature = "ministra", feature = "tvip"))]
pub(crate) use builder::Wire;
#[cfg(feature = "ministra")]
pub(crate) use builder::not_zero;
pub use portal::Portal;
pub(crate) use session_texts::{SessionTexts, normalized};
