//! Switches for the behaviour that is not known of the vendors' servers.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Shared;
use super::answer::{Answer, Refused, ok, read};
use crate::jsonsql::Portal;
use crate::limits::Limits;
use crate::ministra::MinistraOptions;
use crate::server_behavior::ServerBehavior;
use crate::surfaces::Surfaces;
use crate::tvip::TvipBehavior;

/// The behavior of all platforms.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Behaviors {
    iptvportal: ServerBehavior,
    ministra: MinistraOptions,
    tvip: TvipBehavior,
}

impl Behaviors {
    pub(crate) fn current(portal: &Portal, surfaces: &Surfaces) -> Behaviors {
        Behaviors {
            iptvportal: portal.behavior(),
            ministra: surfaces.ministra.options(),
            tvip: surfaces.tvip.behavior(),
        }
    }

    pub(crate) fn apply(&self, portal: &Portal, surfaces: &Surfaces) {
        portal.set_behavior(self.iptvportal);
        surfaces
            .ministra
            .configure(|options| *options = self.ministra.clone());
        surfaces.tvip.set_behavior(self.tvip);
    }

    /// Rules between rows are kept by the database, from its opening on.
    fn refuse_other_rules(&self, changed: &ServerBehavior) -> Result<(), Refused> {
        let rules =
            |behavior: &ServerBehavior| (behavior.terminal_over_limit, behavior.subscriber_delete);
        match rules(&self.iptvportal) == rules(changed) {
            true => Ok(()),
            false => Err(Refused::bad(
                "iptvportal: terminal_over_limit and subscriber_delete are set when the sandbox \
                 starts, by --terminal-over-limit and --subscriber-delete"
                    .to_owned(),
            )),
        }
    }

    /// Returns the settings with some of them changed; none is applied.
    pub(crate) fn changed(&self, changes: Map<String, Value>) -> Result<Behaviors, Refused> {
        let mut changed = self.clone();
        for (platform, changes) in changes {
            match &*platform {
                "iptvportal" => {
                    changed.iptvportal = merged(&self.iptvportal, &platform, changes)?;
                    self.refuse_other_rules(&changed.iptvportal)?;
                }
                "ministra" => {
                    changed.ministra = merged(&self.ministra, &platform, changes)?;
                    // They are no part of the JSON.
                    changed.ministra.credentials = self.ministra.credentials.clone();
                }
                "tvip" => changed.tvip = merged(&self.tvip, &platform, changes)?,
                _ => {
                    return Err(Refused::bad(format!(
                        "unknown member `{platform}`; expected iptvportal, ministra or tvip"
                    )));
                }
            }
        }
        Ok(changed)
    }
}

/// The settings with some of them changed. A wrong name or value is answered
/// with the right ones.
fn merged<T: Serialize + DeserializeOwned>(
    settings: &T,
    platform: &str,
    changes: Value,
) -> Result<T, Refused> {
    let Value::Object(changes) = changes else {
        return Err(Refused::bad(format!(
            "{platform}: expected an object of settings"
        )));
    };
    let mut json = serde_json::to_value(settings).unwrap_or_default();
    for (name, value) in changes {
        json[&name] = value;
    }
    serde_path_to_error::deserialize(json)
        .map_err(|error| Refused::bad(format!("{platform}.{}: {}", error.path(), error.inner())))
}

pub(super) async fn list(State(control): State<Shared>) -> Answer {
    ok(&Behaviors::current(&control.portal, &control.surfaces))
}

/// Behaves so from now on; what the request does not name stays as it is.
pub(super) async fn change(
    State(control): State<Shared>,
    Extension(limits): Extension<Limits>,
    body: Body,
) -> Answer {
    let changes: Map<String, Value> = read(body, &limits).await?;
    let current = Behaviors::current(&control.portal, &control.surfaces);
    let changed = current.changed(changes)?;
    changed.apply(&control.portal, &control.surfaces);
    ok(&changed)
}
