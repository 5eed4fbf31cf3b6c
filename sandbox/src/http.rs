//! The routes of all surfaces on the one listener.

use axum::Router;
use axum::extract::DefaultBodyLimit;

use crate::jsonsql::{self, Portal};
use crate::tvip::{self, Tvip};

/// The largest request, in bytes. A bulk insert of 50,000 rows takes about 5 MB.
const LARGEST_REQUEST: usize = 64 << 20;

pub(crate) fn routes(portal: Portal, tvip: Tvip) -> Router {
    jsonsql::routes(portal)
        .merge(tvip::routes(tvip))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
}
