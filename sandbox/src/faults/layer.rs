//! The layer around all surfaces: journal and faults.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::plan::Planned;
use super::{Fault, Plan, When, mangle};
use crate::body;
use crate::caller::Caller;
use crate::journal::{self, Journal};
use crate::limits::Limits;
use crate::serve::{Cutter, Phase};

/// The state of the layer that every request passes through.
pub(crate) struct Watch {
    pub(crate) journal: Arc<Journal>,
    pub(crate) plan: Mutex<Plan>,
    /// Forgets the session a request carries.
    pub(crate) expire: Box<dyn Fn(&HeaderMap) + Send + Sync>,
    pub(crate) limits: Limits,
    pub(crate) arrived: AtomicU64,
}

/// Runs to its end whatever becomes of the connection: the journal must know.
/// Statements are told by [`Caller`] that nobody waits for them any longer.
pub(crate) async fn watch(
    State(watch): State<Arc<Watch>>,
    Extension(cutter): Extension<Cutter>,
    Extension(phase): Extension<Arc<Phase>>,
    mut request: Request,
    next: Next,
) -> Response {
    let (_presence, caller) = Caller::new(watch.limits.abandoned_time);
    request.extensions_mut().insert(caller);
    let (request, arrival) = body::timed(request, watch.limits.body_time, phase);
    let answered = tokio::spawn(async move { watch.pass(&cutter, request, next).await }).await;
    if let Some(late) = arrival.late() {
        return late;
    }
    match answered {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a request panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Watch {
    async fn pass(&self, cutter: &Cutter, mut request: Request, next: Next) -> Response {
        let mut record = journal::Request {
            number: self.arrived.fetch_add(1, Ordering::Relaxed) + 1,
            verb: request.method().to_string(),
            path: request.uri().path().to_owned(),
            calls: Vec::new(),
            changes: Vec::new(),
            status: None,
            faults: Vec::new(),
            from_console: false,
        };
        #[cfg(feature = "console")]
        let observed = {
            let (seen, observed) = journal::Observed::begin(request, record.number);
            request = seen;
            record.from_console = observed.is_from_console();
            observed
        };
        let body = if self.plan().reads_bodies() {
            let (parts, body) = request.into_parts();
            let body = match body::read(body, self.limits.body, "--max-body").await {
                Ok(body) => body,
                Err(refused) => return refused.into_response(),
            };
            request = Request::from_parts(parts, Body::from(body.clone()));
            Some(body)
        } else {
            None
        };
        let mut planned = self.plan().next(&record.path, body.as_deref());
        record.faults = planned
            .iter()
            .map(|planned| planned.fault.as_str())
            .collect();
        let closing = request.headers().get(header::CONNECTION).is_some();
        let trace = self.journal.trace();
        request.extensions_mut().insert(trace.clone());
        let response = match self.before(&planned, cutter, request.headers()).await {
            Some(instead) => instead,
            None => after(&mut planned, cutter, closing, next.run(request).await).await,
        };
        let closed = planned
            .iter()
            .any(|planned| planned.fault.withholds_the_answer());
        record.status = (!closed).then(|| response.status().as_u16());
        record.calls = trace.calls();
        record.changes = trace.changes();
        #[cfg(feature = "console")]
        let response = observed.end(&self.journal, response).await;
        tracing::debug!(?record, "answered");
        self.journal.answered(record);
        response
    }

    /// Applies the faults that come before anything is executed; an answer ends
    /// the request.
    async fn before(
        &self,
        planned: &[Planned],
        cutter: &Cutter,
        headers: &HeaderMap,
    ) -> Option<Response> {
        for Planned { fault, .. } in planned {
            match fault {
                Fault::DelayMs(delay) => tokio::time::sleep(Duration::from_millis(*delay)).await,
                Fault::ExpireSession => (self.expire)(headers),
                Fault::Refuse => {
                    cutter.after(0);
                    return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
                }
                Fault::Status { code, retry_after } => return Some(status(*code, *retry_after)),
                Fault::Page {
                    code,
                    content_type,
                    body,
                    when: When::Before,
                } => return Some(page(*code, content_type, body)),
                // Of the answer: see `after`.
                Fault::Drop
                | Fault::Truncate
                | Fault::Garble
                | Fault::ForeignId
                | Fault::Blemish(_)
                | Fault::Shuffle
                | Fault::Page {
                    when: When::After, ..
                } => {}
            }
        }
        None
    }

    pub(crate) fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on this plan, from its beginning.
    pub(crate) fn follow(&self, plan: Plan) {
        *self.plan() = plan;
    }
}

fn status(code: u16, retry_after: Option<u64>) -> Response {
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (code, "a fault, on purpose").into_response();
    if let Some(seconds) = retry_after {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn page(code: u16, content_type: &str, body: &str) -> Response {
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = (code, body.to_owned()).into_response();
    if let Ok(content_type) = content_type.parse() {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    response
}

/// Applies the faults of an answer.
async fn after(
    planned: &mut [Planned],
    cutter: &Cutter,
    closing: bool,
    mut response: Response,
) -> Response {
    for Planned { fault, random } in planned {
        match fault {
            Fault::Drop => cutter.after(0),
            Fault::Garble => {
                response = changed(response, |body| mangle::garble(body, random)).await;
            }
            Fault::Page {
                code,
                content_type,
                body,
                when: When::After,
            } => response = page(*code, content_type, body),
            Fault::ForeignId => response = changed(response, mangle::foreign).await,
            Fault::Blemish(blemish) => {
                response = changed(response, |body| mangle::blemish(body, *blemish)).await;
            }
            Fault::Shuffle => {
                response = changed(response, |body| mangle::shuffle(body, random)).await;
            }
            Fault::Truncate => {
                let (head, body);
                (response, head, body) = measured(response).await;
                let added = if closing {
                    "connection: close\r\n".len()
                } else {
                    0
                };
                cutter.after(head + added as u64 + body / 2);
            }
            // Applied already, by `before`.
            Fault::DelayMs(_)
            | Fault::Refuse
            | Fault::Status { .. }
            | Fault::ExpireSession
            | Fault::Page {
                when: When::Before, ..
            } => {}
        }
    }
    response
}

async fn changed(response: Response, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(change(&body)))
}

/// An answer, and how many bytes its head and its body have.
async fn measured(response: Response) -> (Response, u64, u64) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // The status line, and what the server adds: date, length, an empty line.
    let added = "HTTP/1.1 200 OK\r\n".len()
        + "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".len()
        + format!("content-length: {}\r\n\r\n", body.len()).len();
    let listed: usize = parts
        .headers
        .iter()
        .filter(|(name, _)| **name != header::CONTENT_LENGTH)
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    let (head, length) = ((added + listed) as u64, body.len() as u64);
    (Response::from_parts(parts, Body::from(body)), head, length)
}
