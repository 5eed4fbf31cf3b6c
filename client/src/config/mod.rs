//! Building a client.

mod address;
mod builder;
mod env;
mod session_texts;

pub use builder::ClientBuilder;
pub(crate) use session_texts::SessionTexts;
