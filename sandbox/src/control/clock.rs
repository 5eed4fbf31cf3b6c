//! The time, stopped and set.
//!
//! TVIP and the Ministra read it. PostgreSQL's `now()` is PostgreSQL's, and how
//! long things may take is measured by the machine's.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp, Unit};
use serde::Deserialize;
use serde_json::json;

use super::Shared;
use super::answer::{Answer, Refused, ok, read};
use crate::clock::Clock;
use crate::limits::Limits;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Freeze {
    /// The time to stop at; now, without one.
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    /// The number of seconds by which the clock goes forward, or back if it is
    /// negative.
    seconds: f64,
}

pub(super) async fn now(State(control): State<Shared>) -> Answer {
    shown(&control.clock)
}

/// Stops the clock.
pub(super) async fn freeze(
    State(control): State<Shared>,
    Extension(limits): Extension<Limits>,
    body: Body,
) -> Answer {
    let Freeze { at } = read(body, &limits).await?;
    let at = match at {
        None => control.clock.now(),
        Some(text) => time(&text)?,
    };
    control.clock.freeze(at);
    shown(&control.clock)
}

/// Sets the clock to later. One that is stopped stays so.
pub(super) async fn advance(
    State(control): State<Shared>,
    Extension(limits): Extension<Limits>,
    body: Body,
) -> Answer {
    let Advance { seconds } = read(body, &limits).await?;
    control.clock.advance(duration(seconds)?);
    shown(&control.clock)
}

/// The clock is the machine's again.
pub(super) async fn release(State(control): State<Shared>) -> Answer {
    control.clock.release();
    shown(&control.clock)
}

/// Reads the time to stop at.
pub(crate) fn time(text: &str) -> Result<Timestamp, Refused> {
    text.parse().map_err(|_| {
        Refused::bad(format!(
            "at: `{text}` is not a time like 2026-01-31T12:00:00Z"
        ))
    })
}

/// Returns the duration of so many seconds.
pub(crate) fn duration(seconds: f64) -> Result<SignedDuration, Refused> {
    SignedDuration::try_from_secs_f64(seconds)
        .map_err(|_| Refused::bad(format!("seconds: {seconds} is too long")))
}

fn shown(clock: &Clock) -> Answer {
    let now = clock.now();
    let now = now.round(Unit::Second).unwrap_or(now);
    ok(&json!({"now": now.to_string(), "frozen": clock.is_frozen()}))
}
