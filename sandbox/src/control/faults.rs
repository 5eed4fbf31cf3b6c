//! Failures on purpose.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use serde_json::Value;

use super::Shared;
use super::answer::{Answer, done, ok, read};
use crate::faults::{Faults, Plan};
use crate::limits::Limits;

/// The plan, and how often each rule was asked and fired.
pub(super) async fn report(State(control): State<Shared>) -> Answer {
    let report = control.watch.plan().report();
    ok(&report)
}

/// Follows this plan from now on, in place of any other.
pub(super) async fn set(
    State(control): State<Shared>,
    Extension(limits): Extension<Limits>,
    body: Body,
) -> Answer {
    let plan: Value = read(body, &limits).await?;
    let faults = Faults::from_json(&plan.to_string())?;
    control.watch.follow(Plan::new(faults));
    done()
}

/// Nothing fails on purpose any longer.
pub(super) async fn clear(State(control): State<Shared>) -> Answer {
    control.watch.follow(Plan::new(Faults::default()));
    done()
}
