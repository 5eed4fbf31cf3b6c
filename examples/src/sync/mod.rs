//! Making a platform what a billing says: what is wanted, compared with what is
//! there, gives the steps between them, which are shown, and then made.
//!
//! ```text
//! export ──► Wanted ─┐
//!                    ├─ compare ──► Plan ──► forecast ──► perform
//! snapshot ► State ──┘
//! ```

pub mod compare;
pub mod forecast;
pub mod perform;
pub mod plan;
pub mod state;
pub mod step;
pub mod wanted;
