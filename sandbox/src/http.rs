//! The routes of all surfaces on the one listener.

use axum::Router;
use axum::extract::DefaultBodyLimit;

use crate::jsonsql::{self, Portal};
use crate::ministra::{self, Ministra};
use crate::tvip::{self, Tvip};

/// The largest request, in bytes. A bulk insert of 50,000 rows takes about 5 MB.
const LARGEST_REQUEST: usize = 64 << 20;

pub(crate) fn routes(portal: Portal, ministra: Ministra, tvip: Tvip) -> Router {
    jsonsql::routes(portal)
        .merge(ministra::routes(ministra))
        .merge(tvip::routes(tvip))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
}
