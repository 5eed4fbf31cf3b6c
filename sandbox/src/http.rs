//! The routes of all surfaces on the one listener.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;

use crate::faults::{self, Plan, Watch};
use crate::journal::Journal;
use crate::jsonsql::{self, Portal};
use crate::ministra::{self, Ministra};
use crate::tvip::{self, Tvip};

/// The largest request, in bytes. A bulk insert of 50,000 rows takes about 5 MB.
const LARGEST_REQUEST: usize = 64 << 20;

/// The surfaces beside JSONSQL.
#[derive(Clone)]
pub(crate) struct Surfaces {
    pub(crate) ministra: Ministra,
    pub(crate) tvip: Tvip,
}

/// All surfaces, and around them the journal and the faults.
pub(crate) fn routes(
    portal: Portal,
    surfaces: Surfaces,
    journal: Arc<Journal>,
    plan: Plan,
) -> (Router, Arc<Watch>) {
    let sessions = portal.clone();
    let watch = Arc::new(Watch {
        journal,
        plan: plan.into(),
        expire: Box::new(move |headers| sessions.forget(headers)),
        largest: LARGEST_REQUEST,
        arrived: AtomicU64::new(0),
    });
    let router = jsonsql::routes(portal)
        .merge(ministra::routes(surfaces.ministra))
        .merge(tvip::routes(surfaces.tvip))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&watch),
            faults::watch,
        ));
    (router, watch)
}
