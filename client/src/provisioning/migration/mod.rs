//! From one platform to another: which package is which there, what gets lost
//! on the way, and new passwords.
//!
//! ```text
//! source ──► Source ──┐
//!                     ├─ translate ──► WantedRows, Losses
//! Mapping ────────────┘                    │
//! target ──────────────────────────── compare ──► as every comparison
//! ```
//!
//! The desired states only add: nothing is taken away on the target. Nothing is
//! written to the source.

mod losses;
mod mapping;
#[cfg(feature = "export")]
mod passwords;
mod source;
mod translate;

pub use losses::Losses;
pub use mapping::Mapping;
#[cfg(feature = "export")]
pub use passwords::Passwords;
pub use source::Source;
pub use translate::translate;
