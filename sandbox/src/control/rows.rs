//! Further rows.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

use super::Shared;
use super::answer::{Answer, Refused, done, read};
use crate::engine::blocking;
use crate::limits::Limits;
use crate::seed::Seed;

/// Rows for each platform.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    /// In the form of a seed's `rows`.
    iptvportal: Option<Value>,
    /// Lists of records by kind, as `/records/ministra` shows them.
    ministra: Option<Value>,
    /// Lists of records by kind, as `/records/tvip` shows them.
    tvip: Option<Value>,
}

/// Adds rows. Those of IPTVPORTAL are inserted, all or none; those of the REST
/// platforms are added or take the place of the record with their id.
pub(super) async fn load(
    State(control): State<Shared>,
    Extension(limits): Extension<Limits>,
    body: Body,
) -> Answer {
    let rows: Rows = read(body, &limits).await?;
    let _exclusive = control.snapshots.lock().await;
    if let Some(rows) = &rows.iptvportal {
        let inserts = Seed::rows(rows)?;
        control
            .engine
            .load(inserts)
            .await
            .map_err(|error| Refused::bad(format!("iptvportal: {error}")))?;
    }
    let surfaces = control.surfaces.clone();
    let stored = blocking(move || {
        if let Some(records) = rows.ministra {
            surfaces.ministra.merge(records)?;
        }
        match rows.tvip {
            Some(records) => surfaces.tvip.merge(records),
            None => Ok(()),
        }
    });
    stored.await?;
    done()
}
