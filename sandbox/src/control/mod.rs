//! The sandbox's own interface, `/_sandbox/v1/`: what a test in any language
//! sets up and looks at, without a restart.
//!
//! It is for programs on this machine. A request that comes from another
//! machine, or that names another host, is refused; a web page cannot send one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post, put};
use tokio::sync::{Mutex, watch};

mod answer;
pub(crate) mod behaviors;
pub(crate) mod clock;
mod faults;
mod follow;
mod inboxes;
mod index;
pub(crate) mod middleware;
pub(crate) mod requests;
pub(crate) mod reset;
mod rows;
mod snapshots;
pub(crate) mod tables;

use crate::clock::Clock;
use crate::engine::Engine;
use crate::faults::Watch;
use crate::jsonsql::Portal;
use crate::limits::Limits;
use crate::ministra::MinistraSeed;
use crate::seed::Seed;
use crate::surfaces::Surfaces;
use crate::tvip::TvipSeed;
use crate::vendor::Addresses;
#[cfg(feature = "console")]
pub(crate) use answer::Refused;
use behaviors::Behaviors;
use snapshots::Snapshot;

/// The path of the control interface. The number changes when something changes
/// that callers rely on.
pub(crate) const PREFIX: &str = "/_sandbox/v1";

/// The document that describes it, in the form of OpenAPI.
const OPENAPI: &str = include_str!("openapi.json");

/// The data that a sandbox starts with and that a reset restores.
#[derive(Clone)]
pub(crate) struct Seeds {
    pub(crate) portal: Seed,
    pub(crate) ministra: MinistraSeed,
    pub(crate) tvip: TvipSeed,
    /// The domains of the accounts, which are there whatever the seed has.
    pub(crate) domains: Vec<i64>,
}

/// All that can be looked at and changed.
pub(crate) struct Control {
    pub(crate) engine: Engine,
    pub(crate) portal: Portal,
    pub(crate) surfaces: Surfaces,
    pub(crate) watch: Arc<Watch>,
    pub(crate) clock: Clock,
    seeds: Seeds,
    /// As at the start.
    behaviors: Behaviors,
    /// Also held by whoever changes everything at once.
    snapshots: Mutex<BTreeMap<String, Snapshot>>,
    /// Becomes true when the sandbox stops.
    stopping: watch::Receiver<bool>,
    addresses: Addresses,
}

/// The parts of a sandbox that are controlled.
pub(crate) struct Controlled {
    pub(crate) engine: Engine,
    pub(crate) portal: Portal,
    pub(crate) surfaces: Surfaces,
    pub(crate) watch: Arc<Watch>,
    pub(crate) clock: Clock,
    pub(crate) seeds: Seeds,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) addresses: Addresses,
}

pub(crate) type Shared = Arc<Control>;

impl Control {
    pub(crate) fn new(controlled: Controlled) -> Control {
        let Controlled {
            engine,
            portal,
            surfaces,
            watch,
            clock,
            seeds,
            stopping,
            addresses,
        } = controlled;
        let behaviors = Behaviors::current(&portal, &surfaces);
        Control {
            engine,
            portal,
            surfaces,
            watch,
            clock,
            seeds,
            behaviors,
            snapshots: Mutex::default(),
            stopping,
            addresses,
        }
    }
}

/// The routes below `/_sandbox`.
pub(crate) fn routes(control: Shared, limits: Limits) -> Router {
    let version = Router::new()
        .route("/", get(index::index))
        .route("/openapi.json", get(index::openapi))
        .route("/reset", post(reset::reset))
        .route("/rows", post(rows::load))
        .route("/tables", get(tables::list))
        .route("/tables/{name}", get(tables::one))
        .route("/records/ministra", get(tables::ministra))
        .route("/records/tvip", get(tables::tvip))
        .route("/snapshots", get(snapshots::list))
        .route(
            "/snapshots/{name}",
            put(snapshots::take).delete(snapshots::forget),
        )
        .route("/snapshots/{name}/restore", post(snapshots::restore))
        .route("/requests", get(requests::list).delete(requests::clear))
        .route("/requests/events", get(follow::follow))
        .route(
            "/faults",
            get(faults::report).put(faults::set).delete(faults::clear),
        )
        .route(
            "/inboxes/ministra",
            get(inboxes::ministra).delete(inboxes::clear_ministra),
        )
        .route(
            "/inboxes/tvip",
            get(inboxes::tvip).delete(inboxes::clear_tvip),
        )
        .route(
            "/inboxes/tvip/{device}/connection",
            put(inboxes::connect).delete(inboxes::disconnect),
        )
        .route("/clock", get(clock::now).delete(clock::release))
        .route("/clock/freeze", post(clock::freeze))
        .route("/clock/advance", post(clock::advance))
        .route("/behaviors", get(behaviors::list).patch(behaviors::change))
        .fallback(index::nothing)
        .method_not_allowed_fallback(index::no_such_method)
        .with_state(Arc::clone(&control));
    let slash = Router::new()
        .route("/_sandbox", get(index::versions))
        .route("/_sandbox/", get(index::versions))
        .route("/_sandbox/v1/", get(index::index).with_state(control));
    slash
        .nest(PREFIX, version)
        .layer(from_fn(middleware::admit))
        .layer(Extension(limits))
}
