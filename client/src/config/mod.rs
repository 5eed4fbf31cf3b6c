//! Building a client.

mod address;
mod builder;
mod session_texts;

pub use builder::ClientBuilder;
pub(crate) use session_texts::SessionTexts;
