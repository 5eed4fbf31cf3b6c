//! `authorize_user`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, LoginError, Place, ProtocolError, ServerError, beginning};
use crate::http::deadline;
use crate::http::dispatcher::{Dispatcher, status_error};
use crate::http::metrics;
use crate::http::transport::{Authorization, Body, Reply, Request};
use crate::iptvportal::executor::USUAL;
use crate::iptvportal::rpc::{self, Failure, Proof};
use crate::sanitize::Secrets;

/// The request of a login.
pub(crate) struct Login {
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) url: url::Url,
    pub(crate) username: String,
    pub(crate) password: SecretString,
    pub(crate) ids: AtomicU64,
}

impl Login {
    /// Logs in. Repeated like a read when there is no answer: another session
    /// does no harm. A refusal is an answer.
    pub(crate) async fn run(&self) -> Result<SecretString, LoginError> {
        metrics::login();
        let deadline = deadline::after(self.dispatcher.timeouts.total);
        let id = self.ids.fetch_add(1, Ordering::Relaxed) + 1;
        let body = Body(rpc::authorize(id, &self.username, &self.password));
        let mut retries = self.dispatcher.retries(deadline);
        loop {
            tracing::debug!("logging in");
            let request = Request::json(&self.url, Authorization::None, body.clone());
            let attempt = self.dispatcher.send(request, None, deadline);
            let (error, retry_after) = match attempt.await {
                Ok(reply) => match self.read(&reply, id) {
                    Err(LoginError::Failed(error)) if error.is_retryable() => {
                        (error, reply.retry_after)
                    }
                    outcome => return outcome,
                },
                Err(error) => (Arc::new(error.into()), None),
            };
            if !error.is_retryable() || !retries.again(retry_after).await {
                return Err(LoginError::Failed(error));
            }
        }
    }

    /// The status comes first: a proxy's error page is no refusal, whatever
    /// stands in it.
    fn read(&self, reply: &Reply, id: u64) -> Result<SecretString, LoginError> {
        let failed = |error: Error| LoginError::Failed(Arc::new(error));
        let content = match reply.status {
            200 | 401 | 403 => rpc::read_session(&reply.body, id),
            _ => return Err(failed(status_error(reply, |text| self.hide(text)))),
        };
        match (reply.status, content) {
            (200, Ok(session)) => Ok(session),
            (_, Err(Failure::Error(error, Proof::Id))) => {
                Err(self.refused(error.code, &error.message))
            }
            // Better one login too few: many servers lock an account that is
            // tried again and again.
            (status @ (401 | 403), _) => {
                let begins = beginning(&reply.body, |text| self.hide(text));
                let begins = begins.map_or_else(String::new, |begins| format!(": {begins}"));
                Err(self.refused(None, &format!("HTTP status {status}{begins}")))
            }
            (_, Err(Failure::Error(..))) => Err(failed(ProtocolError::NoId.into())),
            (_, Err(Failure::Protocol(error))) => {
                let error = error.of_answer(&reply.body, |text| self.hide(text));
                Err(failed(error.into()))
            }
            (_, Err(Failure::Decode(error, _))) => Err(failed(error.into())),
            (_, Ok(_)) => Err(failed(status_error(reply, |text| self.hide(text)))),
        }
    }

    fn refused(&self, code: Option<i64>, message: &str) -> LoginError {
        LoginError::Refused {
            reason: Arc::new(ServerError::new(code, message, |text| self.hide(text)).into()),
            retry_in: None,
        }
    }

    fn hide(&self, text: &str) -> String {
        let keys = [self.password.expose_secret(), &self.username];
        Secrets {
            keys: &keys,
            values: &[],
            statements: &[],
        }
        .hide(text)
    }

    /// Returns the place it goes to, for its errors.
    pub(crate) fn place(&self) -> Arc<Place> {
        Place::new("authorize_user", &self.url, USUAL)
    }
}
