//! Copies of everything, to go back to.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

use super::Shared;
use super::answer::{Answer, Refused, done, json, ok};
use crate::engine::{Copy, blocking};
use crate::records::Row;

/// The number of snapshots that there may be at most. They are in memory.
const MOST: usize = 16;

/// The data of all surfaces at one time.
pub(super) struct Snapshot {
    portal: Copy,
    ministra: Vec<Row>,
    tvip: Vec<Row>,
}

/// The names of those there are.
pub(super) async fn list(State(control): State<Shared>) -> Answer {
    let snapshots = control.snapshots.lock().await;
    let names: Vec<&String> = snapshots.keys().collect();
    ok(&json!({"snapshots": names}))
}

/// Copies the rows and records of all surfaces, inboxes too, under this name.
pub(super) async fn take(State(control): State<Shared>, Path(name): Path<String>) -> Answer {
    let mut snapshots = control.snapshots.lock().await;
    if snapshots.len() >= MOST && !snapshots.contains_key(&name) {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            format!("there are {MOST} snapshots, the most there may be: delete one first"),
        ));
    }
    let portal = control.engine.copy().await;
    let portal = portal.map_err(|error| Refused::new(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    let surfaces = control.surfaces.clone();
    let records = blocking(move || (surfaces.ministra.rows(), surfaces.tvip.rows()));
    let (ministra, tvip) = records.await;
    let snapshot = Snapshot {
        portal,
        ministra,
        tvip,
    };
    snapshots.insert(name.clone(), snapshot);
    Ok(json(StatusCode::CREATED, &json!({"snapshot": name})))
}

/// Puts back what was copied under this name. The snapshot stays.
pub(super) async fn restore(State(control): State<Shared>, Path(name): Path<String>) -> Answer {
    let snapshots = control.snapshots.lock().await;
    let snapshot = snapshots.get(&name).ok_or_else(|| absent(&name))?;
    let failed = |error| Refused::new(StatusCode::INTERNAL_SERVER_ERROR, error);
    control
        .engine
        .put_back(&snapshot.portal)
        .await
        .map_err(failed)?;
    let surfaces = control.surfaces.clone();
    let (ministra, tvip) = (snapshot.ministra.clone(), snapshot.tvip.clone());
    let stored = blocking(move || {
        surfaces.ministra.restore(ministra)?;
        surfaces.tvip.restore(tvip)
    });
    stored.await?;
    done()
}

/// Forgets what was copied under this name.
pub(super) async fn forget(State(control): State<Shared>, Path(name): Path<String>) -> Answer {
    let mut snapshots = control.snapshots.lock().await;
    match snapshots.remove(&name) {
        Some(_) => done(),
        None => Err(absent(&name)),
    }
}

fn absent(name: &str) -> Refused {
    Refused::absent(format!("no snapshot has the name `{name}`"))
}
