//! The JSONSQL surface: JSON-RPC in, SQL on the engine, JSON-RPC out.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::engine::sqlite::Storage;
use crate::journal::Journal;
use crate::unknowns::{Refusal, Unknowns};

mod answer;
mod auth;
mod execute;
mod rpc;
mod session;

pub(crate) use auth::Account;

use rpc::{Call, Outcome};
use session::Sessions;

/// One installation: its storage, its account, its sessions.
#[derive(Clone)]
pub(crate) struct Portal(Arc<Inner>);

struct Inner {
    storage: Arc<Storage>,
    account: Account,
    unknowns: Unknowns,
    sessions: Sessions,
    journal: Arc<Journal>,
}

impl Portal {
    pub(crate) fn new(
        storage: Arc<Storage>,
        account: Account,
        unknowns: Unknowns,
        journal: Arc<Journal>,
    ) -> Portal {
        Portal(Arc::new(Inner {
            storage,
            account,
            unknowns,
            sessions: Sessions::default(),
            journal,
        }))
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
    let answer = rpc::answer(&body, |call| auth::authorize(&portal.0, call));
    json(answer)
}

/// The address for statements.
async fn data(State(portal): State<Portal>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(domain) = portal.0.sessions.of(&headers) else {
        return refused(portal.0.unknowns.session_refused_with, &body);
    };
    // SQLite works in the calling thread, and a statement may take its time.
    let answered = tokio::task::spawn_blocking(move || {
        rpc::answer(&body, |call| execute::execute(&portal.0, call, domain))
    });
    match answered.await {
        Ok(answer) => json(answer),
        Err(error) => {
            tracing::error!(%error, "a call panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refused(with: Refusal, body: &[u8]) -> Response {
    const MESSAGE: &str = "no such session: call authorize_user and send the session_id in the \
                           header `Iptvportal-Authorization: sessionid=…`";
    let refuse = |_: &Call<'_>| Outcome::Error(MESSAGE.to_owned());
    match with {
        Refusal::ErrorObject => json(rpc::answer(body, refuse)),
        Refusal::ErrorString => json(rpc::answer(body, |_| {
            Outcome::ErrorString(MESSAGE.to_owned())
        })),
        Refusal::Http401 => (StatusCode::UNAUTHORIZED, MESSAGE).into_response(),
        Refusal::Http403 => (StatusCode::FORBIDDEN, MESSAGE).into_response(),
    }
}

fn json(body: String) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body,
    )
        .into_response()
}
