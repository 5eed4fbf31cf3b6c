//! The routes of all surfaces on the one listener.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::middleware;
use axum::routing::get;
use axum::{Extension, Router};

#[cfg(feature = "console")]
use crate::console;
use crate::control::{self, Control, Controlled};
use crate::engine::Engine;
use crate::faults::{self, Plan, Watch};
use crate::guard::{self, Guard};
use crate::health;
use crate::journal::Journal;
use crate::jsonsql::{self, Portal};
use crate::limits::Limits;
use crate::ministra;
use crate::surfaces::Surfaces;
use crate::tvip;
use crate::vendor::Vendor;

/// Creates the layer that every request passes through.
pub(crate) fn watch(
    portal: &Portal,
    journal: Arc<Journal>,
    plan: Plan,
    limits: Limits,
) -> Arc<Watch> {
    let sessions = portal.clone();
    Arc::new(Watch {
        journal,
        plan: plan.into(),
        expire: Box::new(move |headers| sessions.forget(headers)),
        limits,
        arrived: AtomicU64::new(0),
    })
}

/// The surface of one vendor alone, as its own server has it, with the journal
/// and the faults of all.
pub(crate) fn only(
    vendor: Vendor,
    portal: Portal,
    surfaces: Surfaces,
    guard: Arc<Guard>,
    watch: Arc<Watch>,
) -> Router {
    let limits = watch.limits;
    let routes = match vendor {
        Vendor::Iptvportal => jsonsql::routes(portal),
        Vendor::Ministra => ministra::routes(surfaces.ministra, limits),
        Vendor::Tvip => tvip::routes(surfaces.tvip),
    };
    routes
        .layer(Extension(limits))
        .layer(middleware::from_fn_with_state(watch, faults::watch))
        .layer(middleware::from_fn_with_state(guard, guard::guard))
}

/// All surfaces, and around them the journal and the faults; beside them, past
/// both, what is the sandbox's own.
pub(crate) fn routes(
    portal: Portal,
    surfaces: Surfaces,
    engine: Engine,
    guard: Arc<Guard>,
    controlled: Controlled,
) -> Router {
    let watch = Arc::clone(&controlled.watch);
    let limits = watch.limits;
    let vendors = jsonsql::routes(portal)
        .merge(ministra::routes(surfaces.ministra, limits))
        .merge(tvip::routes(surfaces.tvip))
        .fallback(jsonsql::astray)
        .layer(Extension(limits))
        .layer(middleware::from_fn_with_state(watch, faults::watch));
    let control = Arc::new(Control::new(controlled));
    let own = Router::new().route("/health", get(health::health).with_state(engine));
    #[cfg(feature = "console")]
    let own = own.merge(console::routes(
        Arc::clone(&control),
        vendors.clone(),
        limits,
    ));
    let own = own.merge(control::routes(control, limits));
    own.merge(vendors)
        .layer(middleware::from_fn_with_state(guard, guard::guard))
}
