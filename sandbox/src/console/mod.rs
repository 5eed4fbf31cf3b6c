//! The console: pages for a person at a browser, `/` and below `/console`.
//!
//! Everything is a page of HTML that the sandbox writes and a form that it
//! reads; the one script adds new requests to the list as they come. What the
//! pages show and do is done by the functions behind the control interface.
//! Passwords and session ids are not shown.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

mod answer;
mod assets;
mod behaviors;
mod controls;
mod data;
mod detail;
mod document;
mod editor;
mod faults;
mod form;
mod layout;
mod places;
mod positions;
mod requests;
mod secrets;
mod send;
mod subscribers;
mod translation;
mod visible;

use crate::control::{self, middleware::admit};
use crate::limits::Limits;

/// The policy of every page: nothing but the sandbox's own, and no script in a
/// page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// All that the pages show and change.
struct Console {
    control: control::Shared,
    /// The vendors' surfaces, to which a person's requests go.
    vendors: Router,
    limits: Limits,
}

type Shared = Arc<Console>;

/// The routes of the console.
pub(crate) fn routes(control: control::Shared, vendors: Router, limits: Limits) -> Router {
    let console = Arc::new(Console {
        control,
        vendors: vendors.clone(),
        limits,
    });
    let protect = |pages: Router| {
        pages
            .layer(middleware::from_fn(admit))
            .layer(Extension(limits))
            .layer(middleware::from_fn(protected))
    };
    let first = Router::new().route("/", get(requests::page));
    let front = Front {
        first: protect(first.with_state(Arc::clone(&console))),
        vendors,
    };
    let pages = Router::new()
        .route("/console", get(requests::page))
        .route("/console/rows", get(requests::rows))
        .route("/console/requests/{number}", get(detail::page))
        .route("/console/forget", post(requests::forget))
        .route("/console/send", get(send::page).post(send::send))
        .route("/console/editor", get(editor::page).post(editor::translate))
        .route("/console/data", get(data::page))
        .route("/console/data/tables/{name}", get(data::table))
        .route("/console/controls", get(controls::page))
        .route("/console/faults", post(faults::switch))
        .route("/console/faults/plan", post(faults::plan))
        .route("/console/behaviors", post(behaviors::change))
        .route("/console/clock", post(controls::clock))
        .route("/console/reset", post(controls::reset))
        .route("/console/console.css", get(assets::style))
        .route("/console/console.js", get(assets::script))
        .with_state(console);
    Router::new()
        .route("/", any(enter))
        .with_state(front)
        .merge(protect(pages))
}

/// The two sides that a request at `/` may be for.
#[derive(Clone)]
struct Front {
    first: Router,
    vendors: Router,
}

/// Answers a browser with a page. A client that lost its way to `/` gets the
/// answer of a vendor's surface, in the form that it reads.
async fn enter(State(front): State<Front>, request: Request) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let side = match is_read && accepts_html(request.headers()) {
        true => front.first,
        false => front.vendors,
    };
    answer_of(side, request).await
}

/// Sends a request through routes, past the network.
async fn answer_of(routes: Router, request: Request) -> Response {
    match TowerToHyperService::new(routes).call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter();
    accepted.any(|types| {
        types
            .to_str()
            .is_ok_and(|types| types.contains("text/html"))
    })
}

/// Adds the headers that keep other pages and other scripts out.
async fn protected(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With none at all a browser sends forms with `Origin: null`.
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
