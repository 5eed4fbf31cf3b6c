//! Everything as at the start.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Answer, Refused, done, read};
use super::{Control, Seeds, Shared};
use crate::faults::{Faults, Plan};
use crate::limits::Limits;
use crate::ministra::MinistraSeed;
use crate::seed::Seed;
use crate::tvip::TvipSeed;

/// The data to start with; if all of it is absent, the data that the sandbox
/// started with.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    /// `demo`, `documents`, `empty`, `generate:N`, or a document with `rows`.
    seed: Option<Value>,
    /// Records of the Ministra instead of the seed's.
    ministra: Option<Value>,
    /// Records of TVIP instead of the seed's.
    tvip: Option<Value>,
}

/// Answers a reset.
pub(super) async fn reset(
    State(control): State<Shared>,
    Extension(limits): Extension<Limits>,
    body: Body,
) -> Answer {
    let start: Start = read(body, &limits).await?;
    perform(&control, start).await?;
    done()
}

/// Puts the rows of a seed in place of all there are, on all surfaces; empties
/// journal and inboxes; ends faults; sets clock and behaviors back. Who is
/// logged in stays so.
pub(crate) async fn perform(control: &Control, start: Start) -> Result<(), Refused> {
    let seeds = start.seeds(&control.seeds)?;
    // One at a time, and no snapshot in between.
    let _exclusive = control.snapshots.lock().await;
    let Seeds {
        portal,
        ministra,
        tvip,
        domains,
    } = seeds;
    // The others' seeds are read before anything is gone.
    ministra.check()?;
    tvip.check()?;
    let reset = control.engine.reset(portal, domains).await;
    reset.map_err(Refused::bad)?;
    control.watch.follow(Plan::new(Faults::default()));
    control.clock.release();
    control.behaviors.apply(&control.portal, &control.surfaces);
    let surfaces = control.surfaces.clone();
    let stored = crate::engine::blocking(move || {
        surfaces.ministra.reset(&ministra)?;
        surfaces.tvip.reset(tvip)
    });
    stored.await?;
    control.watch.journal.clear();
    Ok(())
}

impl Start {
    /// The seed of this name.
    #[cfg(feature = "console")]
    pub(crate) fn named(seed: &str) -> Start {
        Start {
            seed: Some(seed.into()),
            ..Start::default()
        }
    }

    fn seeds(self, started: &Seeds) -> Result<Seeds, Refused> {
        let mut seeds = started.clone();
        match self.seed {
            None => {}
            Some(Value::String(name)) => {
                let is_file = !matches!(&*name, "demo" | "documents" | "empty")
                    && !name.starts_with("generate:");
                if is_file {
                    return Err(Refused::bad(
                        "seed: expected `demo`, `documents`, `empty`, `generate:N` or an object with `rows`",
                    ));
                }
                (seeds.ministra, seeds.tvip) = match &*name {
                    "empty" => (MinistraSeed::Empty, TvipSeed::Empty),
                    "documents" => (MinistraSeed::Documents, TvipSeed::Documents),
                    _ => (MinistraSeed::Demo, TvipSeed::Demo),
                };
                seeds.portal = name.parse()?;
            }
            Some(document) => {
                seeds.portal = Seed::from_json(&document.to_string())?;
                if !seeds.portal.is_only_rows() {
                    let text = "seed: tables and accounts are declared when the sandbox starts; \
                                a reset has only `rows`";
                    return Err(Refused::bad(text));
                }
            }
        }
        if let Some(records) = self.ministra {
            seeds.ministra = MinistraSeed::Json(records.to_string());
        }
        if let Some(records) = self.tvip {
            seeds.tvip = TvipSeed::State(records);
        }
        Ok(seeds)
    }
}
