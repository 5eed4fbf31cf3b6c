//! Making a platform what a billing says: compare, look, apply.
//!
//! ```text
//! file ──► export ──► WantedRows ──┐
//!                                  ├─ compare ──► Comparison ──► forecast ──► Schedule ──► apply
//! platform ──────────► stream ─────┘                                 guards, plan file
//! ```
//!
//! The platform's side is read once, as a stream; of it only compact keys and
//! the rows of subscribers that differ are held in memory, of the first 100,000 of them:
//! those of others are read once more. Jobs are made from the export's rows when it is
//! their turn. One row's problem is
//! that row's: it is listed, and the others are planned and done.
//!
//! Nothing is kept between two runs but the size of the export, in the file of
//! the [lock](RunLock): a run that was broken off is completed by the next one,
//! which compares anew.

mod compare;
#[cfg(feature = "export")]
pub mod export;
mod file;
mod guard;
mod index;
mod item;
mod lock;
mod schedule;
mod show;
mod wanted;

pub use compare::{Comparison, compare, compare_with};
pub use file::{PlanFileError, read_plan, write_plan};
pub use guard::{Exceeded, Limit, Shrunk, check_size};
pub use item::Item;
pub use lock::{LockError, RunLock};
pub use schedule::{Applied, Left, Schedule};
pub use wanted::{Removal, WantedRow, WantedRows};
