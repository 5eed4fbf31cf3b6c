//! The middleware of the control interface: only programs on this machine may control
//! the sandbox.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::Refused;
use crate::body;
use crate::guard::is_loopback;
use crate::limits::Limits;
use crate::serve::{Peer, Phase};

/// Lets a request of this machine through, with a deadline for its body.
pub(crate) async fn admit(
    Extension(Peer(peer)): Extension<Peer>,
    Extension(limits): Extension<Limits>,
    Extension(phase): Extension<Arc<Phase>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST);
    if !peer.ip().to_canonical().is_loopback() || !host.is_some_and(names_loopback) {
        let text = "the sandbox is controlled from its own machine, by a loopback address or \
                    `localhost`";
        return Refused::new(StatusCode::FORBIDDEN, text).into_response();
    }
    let (request, arrival) = body::timed(request, limits.body_time, phase);
    let mut response = next.run(request).await;
    // Nothing is to be kept: what it says is of this moment.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    arrival.late().unwrap_or(response)
}

fn names_loopback(host: &HeaderValue) -> bool {
    let authority = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| is_loopback(authority.host()))
}
