//! Desired state, in the platform's own terms.
//!
//! ```text
//! load ──► Observed (the platform's own rows of one subscriber)
//!                      │
//! Desired ─────────► plan ──► Plan { steps, losses }         pure
//!                      │
//!                  execute ──► step by step ──► look ──► plan: nothing left = done
//! ```
//!
//! A billing uses a [`Backend`], which is any [`Platform`] in an [`Adapter`].
//! Whoever writes an adapter implements [`Platform`]; the order of steps, their
//! effects, verification, lost answers and conflicts are the [`Executor`]'s, the
//! same for all. A test has a platform of its own in [`memory`].
//!
//! # What is refused, and what is lost
//!
//! A field of a subscriber that the platform has no place for is a
//! [`FieldLoss`](crate::model::FieldLoss), and the rest is written; to clear it loses
//! nothing. Everything else that a platform lacks is refused with its
//! [`Capability`](crate::model::Capability), for without it the operation would be another one. A login or
//! reference that is empty, begins or ends with a blank or has a control
//! character in it is refused everywhere, as are an empty key and an empty
//! password.

mod adapter;
mod adapters;
mod backend;
mod closed_world;
mod conflict;
mod desired;
mod effect;
mod executor;
mod fit;
mod identity;
mod kept_lists;
mod lost_record;
mod matrix;
pub mod memory;
pub mod migration;
mod operation;
mod order;
mod package_names;
mod plan;
mod platform;
mod queue;
mod removal;
mod rows;
pub mod sync;
mod trace;
mod view;

pub use adapter::Adapter;
pub use adapters::{IptvPortal, IptvPortalRows, IptvPortalWrite, ReferenceColumn};
#[cfg(feature = "ministra")]
pub use adapters::{MARK, Ministra, MinistraLists, MinistraRows, MinistraWrite};
#[cfg(feature = "tvip")]
pub use adapters::{Tvip, TvipLists, TvipRows, TvipWrite};
pub use backend::{Answer, Backend};
pub use closed_world::ClosedWorld;
pub use conflict::Conflict;
pub use desired::{
    Desired, EndedSubscription, Members, Presence, SubscriptionKey, TerminalKey, WantedSubscription,
};
pub use effect::Effect;
pub use executor::{
    Change, Executor, Forecast, ForecastStep, Job, Outcome, Report, Supervisor, Watch, fingerprint,
};
pub use identity::{Collation, Identity, Key, KeyKind};
pub use lost_record::LostRecord;
pub use matrix::matrix;
pub use operation::{Applied, Operation, Preview};
pub use package_names::{PackageNameError, PackageNames};
pub use plan::{FieldDiff, Plan, Repeat, Step, Unplanned};
pub use platform::{Audience, Context, Found, Loaded, Others, Platform, Proof};
pub use rows::{Rows, Slot};
pub use view::{Screen, Unreadable, View};

pub use crate::records::Records;
