//! The JSONSQL surface: JSON-RPC in, SQL on the engine, JSON-RPC out.

use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};

use crate::body;
use crate::caller::Caller;
use crate::engine::{Allowance, Engine};
#[cfg(feature = "console")]
use crate::error::Error;
use crate::journal::Trace;
use crate::limits::Limits;
#[cfg(feature = "console")]
use crate::server_behavior::SessionsPerUser;
use crate::server_behavior::{Refusal, ServerBehavior};

mod answer;
mod auth;
mod execute;
mod names;
mod rpc;
mod session;

use crate::account::Account;

use rpc::{Outcome, Request};
use session::Sessions;

/// One installation: its storage, its accounts, its sessions.
#[derive(Clone)]
pub(crate) struct Portal(Arc<Inner>);

struct Inner {
    engine: Engine,
    accounts: Vec<Account>,
    behavior: RwLock<ServerBehavior>,
    limits: Limits,
    sessions: Sessions,
}

impl Inner {
    fn behavior(&self) -> ServerBehavior {
        *self.behavior.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Portal {
    pub(crate) fn new(
        engine: Engine,
        accounts: Vec<Account>,
        behavior: ServerBehavior,
        limits: Limits,
    ) -> Portal {
        Portal(Arc::new(Inner {
            engine,
            accounts,
            behavior: behavior.into(),
            limits,
            sessions: Sessions::default(),
        }))
    }

    /// Returns the settings of the behaviour that is not known of the vendor's
    /// server.
    pub(crate) fn behavior(&self) -> ServerBehavior {
        self.0.behavior()
    }

    /// Behaves so from now on.
    pub(crate) fn set_behavior(&self, behavior: ServerBehavior) {
        let mut current = self
            .0
            .behavior
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = behavior;
    }

    /// Logs the first account in for one request of the console. The sessions of
    /// clients stay, however many there may be.
    #[cfg(feature = "console")]
    pub(crate) fn lend_session(&self) -> Result<LentSession, Error> {
        let failed = |error: getrandom::Error| Error::Storage(format!("no session: {error}"));
        let account = &self.0.accounts[0];
        let id = self.0.sessions.open(account, SessionsPerUser::Many);
        Ok(LentSession {
            portal: self.clone(),
            id: id.map_err(failed)?,
        })
    }

    /// Forgets the session that a request carries.
    pub(crate) fn forget(&self, headers: &HeaderMap) {
        self.0.sessions.forget(headers);
    }
}

/// A session of the console, which ends with it.
#[cfg(feature = "console")]
pub(crate) struct LentSession {
    portal: Portal,
    id: String,
}

#[cfg(feature = "console")]
impl LentSession {
    /// The value of the header that carries it.
    pub(crate) fn header(&self) -> String {
        format!("sessionid={}", self.id)
    }
}

#[cfg(feature = "console")]
impl Drop for LentSession {
    fn drop(&mut self) {
        self.portal.0.sessions.end(&self.id);
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
async fn authorize(State(portal): State<Portal>, body: Body) -> Response {
    let limits = &portal.0.limits;
    let (most, option) = (limits.body_before_login, BEFORE_LOGIN);
    let body = match body::read(body, most, option).await {
        Ok(body) => body,
        Err(too_large) => return too_large.into_response(),
    };
    let request = Request::read(&body, limits.batch);
    let authorize = |call| auth::authorize(&portal.0, call);
    let outcomes = request.calls().map(authorize).collect();
    json(request.answer(outcomes))
}

/// The address for statements.
async fn data(
    State(portal): State<Portal>,
    Extension(trace): Extension<Trace>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let limits = &portal.0.limits;
    let domain = portal.0.sessions.domain(&headers);
    let (most, option) = match domain {
        Some(_) => (limits.body, "--max-body"),
        None => (limits.body_before_login, BEFORE_LOGIN),
    };
    let body = match body::read(body, most, option).await {
        Ok(body) => body,
        Err(too_large) => return too_large.into_response(),
    };
    let request = Request::read(&body, limits.batch);
    let Some(domain) = domain else {
        let message = match session::carried(&headers) {
            _ if request.calls().any(|call| call.method == auth::METHOD) => auth::ELSEWHERE,
            Some(_) => "no such session",
            None => WITHOUT_SESSION,
        };
        return refused(portal.0.behavior().session_refused_with, message, request);
    };
    let mut outcomes = Vec::new();
    let mut allowance = Allowance::new(limits);
    // In order, each whatever became of the others.
    for call in request.calls() {
        let run = execute::execute(&portal.0, call, domain, (&trace, &caller), &mut allowance);
        outcomes.push(run.await);
    }
    json(request.answer(outcomes))
}

/// Answers a request at an address of no surface. A login that is sent there is
/// told the right address, in the form its client reads.
pub(crate) async fn astray(uri: Uri, Extension(limits): Extension<Limits>, body: Body) -> Response {
    let most = limits.body_before_login;
    let body = match body::read(body, most, BEFORE_LOGIN).await {
        Ok(body) => body,
        Err(too_large) => return too_large.into_response(),
    };
    let request = Request::read(&body, limits.batch);
    if request.calls().any(|call| call.method == auth::METHOD) {
        let refuse = |_| Outcome::Error(auth::ELSEWHERE.to_owned());
        let outcomes = request.calls().map(refuse).collect();
        return (StatusCode::NOT_FOUND, json(request.answer(outcomes))).into_response();
    }
    let path = uri.path();
    let text = format!(
        "nothing is at {path}; IPTVPORTAL is at /api/jsonrpc/ and /api/jsonsql/, Ministra at \
         /stalker_portal/api/, TVIP at /api/provider, the sandbox itself at /_sandbox/"
    );
    (StatusCode::NOT_FOUND, text).into_response()
}

/// The option that bounds what nobody known may send.
pub(crate) const BEFORE_LOGIN: &str = "--max-body-before-login";

/// For somebody who tries the protocol out.
const WITHOUT_SESSION: &str = "no such session: call authorize_user and send the session_id in \
                               the header `Iptvportal-Authorization: sessionid=…`";

fn refused(with: Refusal, message: &'static str, request: Request<'_>) -> Response {
    let outcome = match with {
        Refusal::ErrorObject => Outcome::Error,
        Refusal::ErrorString => Outcome::ErrorString,
        Refusal::Http401 => return (StatusCode::UNAUTHORIZED, message).into_response(),
        Refusal::Http403 => return (StatusCode::FORBIDDEN, message).into_response(),
    };
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
