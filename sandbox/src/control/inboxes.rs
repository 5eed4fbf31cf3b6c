//! The events and commands that were sent to the boxes.

use axum::extract::{Path, RawQuery, State};
use jiff::Timestamp;
use serde_json::json;

use super::Shared;
use super::answer::{Answer, Refused, done, ok};
use super::requests::pairs;
use crate::engine::blocking;

/// The events waiting for all boxes of the Ministra, or for the one named by
/// `box`, its MAC address or its login.
pub(super) async fn ministra(State(control): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let mut named = None;
    for (name, value) in pairs(query.as_deref()) {
        match &*name {
            "box" => named = Some(value),
            _ => return Err(unknown(&name, "box")),
        }
    }
    let ministra = control.surfaces.ministra.clone();
    let events = blocking(move || match named {
        Some(named) => ministra.inbox(&named),
        None => ministra.events(),
    });
    ok(&json!({"events": events.await}))
}

/// Takes the events of all boxes.
pub(super) async fn clear_ministra(State(control): State<Shared>) -> Answer {
    let ministra = control.surfaces.ministra.clone();
    blocking(move || ministra.take_events()).await;
    done()
}

/// Every command that TVIP accepted, and whom it reached; with `device`, the
/// commands that this device has got by now, or by the time in `at`.
pub(super) async fn tvip(State(control): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let (mut device, mut at) = (None, None);
    for (name, value) in pairs(query.as_deref()) {
        let wrong = |expected: &str| Refused::bad(format!("{name}: `{value}` is not {expected}"));
        match &*name {
            "device" => device = Some(value.parse().map_err(|_| wrong("an id"))?),
            "at" => {
                let time: Timestamp = value
                    .parse()
                    .map_err(|_| wrong("a time like 2026-01-31T12:00:00Z"))?;
                at = Some(time);
            }
            _ => return Err(unknown(&name, "device and at")),
        }
    }
    let at = at.unwrap_or_else(|| control.clock.now());
    let tvip = control.surfaces.tvip.clone();
    let commands = blocking(move || match device {
        Some(device) => json!({"commands": tvip.inbox_at(device, at.into())}),
        None => json!({"commands": tvip.sent()}),
    });
    ok(&commands.await)
}

/// Forgets the commands.
pub(super) async fn clear_tvip(State(control): State<Shared>) -> Answer {
    let tvip = control.surfaces.tvip.clone();
    blocking(move || tvip.forget_commands()).await?;
    done()
}

/// Opens the web socket of a TVIP device, over which commands go.
pub(super) async fn connect(State(control): State<Shared>, Path(device): Path<i64>) -> Answer {
    let tvip = control.surfaces.tvip.clone();
    blocking(move || tvip.connect(device)).await?;
    done()
}

/// Closes it: the device misses the commands from now on.
pub(super) async fn disconnect(State(control): State<Shared>, Path(device): Path<i64>) -> Answer {
    let tvip = control.surfaces.tvip.clone();
    blocking(move || tvip.disconnect(device)).await?;
    done()
}

fn unknown(name: &str, expected: &str) -> Refused {
    Refused::bad(format!("unknown parameter `{name}`; expected {expected}"))
}
