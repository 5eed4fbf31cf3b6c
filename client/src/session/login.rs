//! `authorize_user`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::{ExposeSecret, SecretString};

use crate::deadline;
use crate::error::{LoginError, Place, ServerError};
use crate::exchange::USUAL;
use crate::link::{Link, status_error};
use crate::meters;
use crate::rpc::{self, Failure};
use crate::sanitize::Secrets;
use crate::transport::{Authorization, Body, Reply, Request};

/// How to log in.
pub(crate) struct Login {
    pub(crate) link: Arc<Link>,
    pub(crate) url: url::Url,
    pub(crate) username: String,
    pub(crate) password: SecretString,
    pub(crate) ids: AtomicU64,
}

impl Login {
    /// Logs in. Repeated like a read when there is no answer: another session
    /// does no harm. A refusal is an answer.
    pub(crate) async fn run(&self) -> Result<SecretString, LoginError> {
        meters::login();
        let deadline = deadline::after(self.link.timeouts.total);
        let id = self.ids.fetch_add(1, Ordering::Relaxed) + 1;
        let body = Body(rpc::authorize(id, &self.username, &self.password));
        let mut retries = self.link.retries(deadline);
        loop {
            tracing::debug!("logging in");
            let request = Request::json(&self.url, Authorization::None, body.clone());
            let attempt = self.link.send(request, None, deadline);
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

    fn read(&self, reply: &Reply, id: u64) -> Result<SecretString, LoginError> {
        match rpc::read_session(&reply.body, id) {
            Ok(session) if reply.is_success() => Ok(session),
            Err(Failure::Error(error)) => Err(self.refused(error.code, &error.message)),
            _ if matches!(reply.status, 401 | 403) => {
                Err(self.refused(None, &format!("HTTP status {}", reply.status)))
            }
            _ if !reply.is_success() => Err(LoginError::Failed(Arc::new(status_error(reply)))),
            Err(Failure::Protocol(error)) => {
                let error = error.of_answer(&reply.body, |text| self.hide(text));
                Err(LoginError::Failed(Arc::new(error.into())))
            }
            Err(Failure::Decode(error)) => Err(LoginError::Failed(Arc::new(error.into()))),
            Ok(_) => unreachable!("either a success or not"),
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

    /// Where it goes to, for its errors.
    pub(crate) fn place(&self) -> Arc<Place> {
        Place::new("authorize_user", &self.url, USUAL)
    }
}
