//! Desired state, in the platform's own terms.
mod conflict;
mod desired;
mod effect;
mod executor;
mod identity;
pub mod memory;
mod order;
mod plan;
mod platform;
mod rows;
mod view;

pub use conflict::Conflict;
pub use desired::{
    Desired, EndedSubscription, Members, Presence, SubscriptionKey, TerminalKey, WantedSubscription,
};
pub use effect::Effect;
pub use executor::{Change, Executor, Forecast, ForecastStep, Job, Outcome, Report, fingerprint};
pub use identity::{Collation, Identity, Key, KeyKind};
pub use plan::{Difference, Plan, Repeat, Step, Unplanned};
pub use platform::{Audience, Context, Found, Loaded, Others, Platform, Proof};
pub use rows::{Rows, Slot};
pub use view::{Screen, View};
