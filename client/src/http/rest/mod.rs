//! Calls of REST interfaces: attempts, time limits, unknown outcomes.
//!
//! What an answer means differs from one interface to the other, so each gives
//! the function that reads it.

mod config;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;
use url::Url;

use crate::error::{Indeterminate, Place, Result, Write};
use crate::http::anything::Anything;
use crate::http::deadline;
use crate::http::decoding::decode;
use crate::http::dispatcher::Dispatcher;
use crate::http::failure_event;
use crate::http::metrics;
use crate::http::retry::Verdict;
use crate::http::transport::{Authorization, Body, Reply, Request};
use crate::http_method::HttpMethod;
use crate::http_status;
use crate::sanitize::SHORTEST;

/// One REST interface, for one user.
pub(crate) struct Rest {
    dispatcher: Dispatcher,
    base: Url,
    credentials: Option<(String, SecretString)>,
    /// The name in spans: `ministra`.
    platform: &'static str,
    /// An example of the vendor's base address.
    usual: &'static str,
}

/// A call, ready to be sent.
pub(crate) struct Outgoing {
    pub(crate) method: HttpMethod,
    /// The resource, for errors and spans: `accounts`.
    pub(crate) resource: &'static str,
    /// The path below the base, percent-encoded: `accounts/1553`.
    pub(crate) path: String,
    /// Without the question mark; percent-encoded.
    pub(crate) query: Option<String>,
    pub(crate) content: Content,
    /// `true` if doing it twice is the same as doing it once.
    pub(crate) repeatable: bool,
}

/// The content of a call.
pub(crate) enum Content {
    None,
    /// `application/x-www-form-urlencoded`
    #[cfg(feature = "ministra")]
    Form(String),
    #[cfg(feature = "tvip")]
    Json(Vec<u8>),
}

/// The knowledge that an interface has of a call that is under way.
pub(crate) trait Asked: Send + Sync + 'static {
    /// A text of the server's, without what must not be shown.
    fn hide(&self, text: &str) -> String;
}

/// Says what an answer means.
type Read = dyn Fn(&Reply) -> Verdict<Anything> + Send + Sync;

impl Rest {
    /// Makes the call. `read` says what an answer that is neither HTTP 429 nor
    /// 5xx means; it is given HTTP 401 and 403 too.
    pub(crate) async fn call<A: Asked, T: Send + 'static>(
        &self,
        call: Outgoing,
        asked: A,
        read: fn(&A, &Reply) -> Verdict<T>,
    ) -> Result<T> {
        self.call_within(None, call, asked, read).await
    }

    /// A call whose attempts may take this long, if the others may not.
    pub(crate) async fn call_within<A: Asked, T: Send + 'static>(
        &self,
        attempt: Option<Duration>,
        call: Outgoing,
        asked: A,
        read: fn(&A, &Reply) -> Verdict<T>,
    ) -> Result<T> {
        let asked = Arc::new(asked);
        let hides = Arc::clone(&asked);
        let read = move |reply: &Reply| read(&asked, reply).of_anything();
        let answer = self.answered(attempt, call, hides, Arc::new(read)).await?;
        Ok(answer.take())
    }

    async fn answered(
        &self,
        attempt: Option<Duration>,
        call: Outgoing,
        asked: Arc<dyn Asked>,
        read: Arc<Read>,
    ) -> Result<Anything> {
        let span = tracing::info_span!(
            "rest",
            otel.kind = "client",
            rpc.system.name = self.platform,
            http.request.method = call.method.as_str(),
            url.template = call.resource,
            server.address = self.base.host_str().unwrap_or_default(),
        );
        let (method, resource) = (call.method.as_str(), call.resource);
        let made = self.attempts(attempt, call, asked, read);
        made.instrument(span).await.map_err(|error| {
            let error = error.at(&self.place(format!("{method} {resource}")));
            failure_event::record(&error, method, resource);
            error
        })
    }

    async fn attempts(
        &self,
        attempt: Option<Duration>,
        call: Outgoing,
        asked: Arc<dyn Asked>,
        read: Arc<Read>,
    ) -> Result<Anything> {
        let url = self.address(&call);
        let (content_type, body) = match call.content {
            Content::None => (None, Bytes::new()),
            #[cfg(feature = "ministra")]
            Content::Form(form) => (Some("application/x-www-form-urlencoded"), form.into()),
            #[cfg(feature = "tvip")]
            Content::Json(json) => (Some("application/json"), json.into()),
        };
        let authorization = match &self.credentials {
            None => Authorization::None,
            Some((username, password)) => Authorization::Basic { username, password },
        };
        let request = Request {
            method: call.method,
            url: &url,
            authorization,
            content_type,
            body: Body(body),
            limit: usize::MAX,
        };
        let repeatable = call.repeatable || call.method == HttpMethod::Get;
        let total = self.dispatcher.timeouts.total;
        let deadline = deadline::after(total.max(attempt.unwrap_or_default()));
        let mut retries = self.dispatcher.retries(deadline);
        let failed = loop {
            let sent = self
                .dispatcher
                .send(request.clone(), attempt, deadline)
                .await;
            let verdict = match sent {
                Ok(reply) if http_status::is_temporary(reply.status) => {
                    Verdict::of_status(&reply, |text| asked.hide(text))
                }
                Ok(reply) => {
                    let read = Arc::clone(&read);
                    decode(reply.body.len(), deadline, move || read(&reply))
                        .await
                        .unwrap_or_else(Verdict::from)
                }
                Err(error) => error.into(),
            };
            match retries.settle(verdict, repeatable).await {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Ok(answer)) => return Ok(answer),
                ControlFlow::Break(Err(failed)) => break failed,
            }
        };
        if !failed.may_be_executed || call.method == HttpMethod::Get {
            return Err(failed.error);
        }
        metrics::indeterminate();
        let write = Write::Request {
            method: call.method,
            resource: call.resource,
            path: call.path,
        };
        Err(Indeterminate::new(write, failed.error).into())
    }

    /// Below the base, whose path ends with a slash.
    fn address(&self, call: &Outgoing) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", url.path(), call.path));
        url.set_query(call.query.as_deref());
        url
    }

    /// Returns login and password, as far as they are long enough to be searched for.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = &str> {
        let credentials = self.credentials.iter();
        let texts =
            credentials.flat_map(|(username, password)| [username, password.expose_secret()]);
        texts.filter(|text| text.chars().count() >= SHORTEST)
    }

    /// Returns the place of a call of this operation, for its errors.
    pub(crate) fn place(&self, operation: impl Into<String>) -> Arc<Place> {
        Place::new(operation, &self.base, self.usual)
    }

    /// As of the dispatcher.
    pub(crate) fn server_time(&self) -> Option<Timestamp> {
        self.dispatcher.server_time()
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }
}
