//! The JSONSQL surface: JSON-RPC in, SQL on the engine, JSON-RPC out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};

use crate::engine::Engine;
use crate::journal::Trace;
use crate::unknowns::{Refusal, Unknowns};

mod answer;
mod auth;
mod execute;
mod names;
mod rpc;
mod session;

pub(crate) use auth::{Account, FIRST_DOMAIN};

use rpc::{Outcome, Request};
use session::Sessions;

/// One installation: its storage, its accounts, its sessions.
#[derive(Clone)]
pub(crate) struct Portal(Arc<Inner>);

struct Inner {
    engine: Engine,
    accounts: Vec<Account>,
    unknowns: Unknowns,
    sessions: Sessions,
}

impl Portal {
    pub(crate) fn new(engine: Engine, accounts: Vec<Account>, unknowns: Unknowns) -> Portal {
        Portal(Arc::new(Inner {
            engine,
            accounts,
            unknowns,
            sessions: Sessions::default(),
        }))
    }

    /// Forgets the session that a request carries.
    pub(crate) fn forget(&self, headers: &HeaderMap) {
        self.0.sessions.forget(headers);
    }
}

/// Both addresses, with `/api` as in the cloud and without as on premises, with
/// the slash every source has and without it.
pub(crate) fn routes(portal: Portal) -> Router {
    let mut router = Router::new();
    for prefix in ["/api", ""] {
        for slash in ["/", ""] {
            router = router
                .route(&format!("{prefix}/jsonrpc{slash}"), post(authorize))
                .route(&format!("{prefix}/jsonsql{slash}"), post(data));
        }
    }
    router.with_state(portal)
}

/// The address for logging in.
async fn authorize(State(portal): State<Portal>, body: Bytes) -> Response {
    let request = Request::read(&body);
    let authorize = |call| auth::authorize(&portal.0, call);
    let outcomes = request.calls().map(authorize).collect();
    json(request.answer(outcomes))
}

/// The address for statements.
async fn data(
    State(portal): State<Portal>,
    Extension(trace): Extension<Trace>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(domain) = portal.0.sessions.of(&headers) else {
        let message = match session::carried(&headers) {
            Some(_) => "no such session",
            None => WITHOUT_SESSION,
        };
        return refused(portal.0.unknowns.session_refused_with, message, &body);
    };
    let request = Request::read(&body);
    let mut outcomes = Vec::new();
    // In order, each whatever became of the others.
    for call in request.calls() {
        outcomes.push(execute::execute(&portal.0, call, domain, &trace).await);
    }
    json(request.answer(outcomes))
}

/// For somebody who tries the protocol out.
const WITHOUT_SESSION: &str = "no such session: call authorize_user and send the session_id in \
                               the header `Iptvportal-Authorization: sessionid=…`";

fn refused(with: Refusal, message: &'static str, body: &[u8]) -> Response {
    let outcome = match with {
        Refusal::ErrorObject => Outcome::Error,
        Refusal::ErrorString => Outcome::ErrorString,
        Refusal::Http401 => return (StatusCode::UNAUTHORIZED, message).into_response(),
        Refusal::Http403 => return (StatusCode::FORBIDDEN, message).into_response(),
    };
    let request = Request::read(body);
    let refuse = |_| outcome(message.to_owned());
    let outcomes = request.calls().map(refuse).collect();
    json(request.answer(outcomes))
}

fn json(body: String) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body,
    )
        .into_response()
}
