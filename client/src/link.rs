//! One attempt at a request, within the client's limits.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::error::{Error, TransportError, TransportErrorKind};
use crate::meters;
use crate::pace::Pace;
use crate::retry::{Budget, Policy};
use crate::transport::{Body, Post, Reply, Transport};

/// The way to the server, with the limits all calls share.
pub(crate) struct Link {
    pub(crate) transport: Box<dyn Transport>,
    pub(crate) at_once: Semaphore,
    pub(crate) pace: Option<Pace>,
    pub(crate) timeouts: Timeouts,
    pub(crate) max_response_bytes: usize,
    pub(crate) policy: Policy,
    pub(crate) budget: Budget,
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// A request and its answer.
    pub(crate) attempt: Duration,
    /// A call with its login, repetitions and pauses.
    pub(crate) total: Duration,
}

impl Link {
    /// Sends once, when it is its turn. `attempt` overrides the time for it.
    pub(crate) async fn post(
        &self,
        url: &Url,
        session: Option<&SecretString>,
        body: &Body,
        attempt: Option<Duration>,
        deadline: Instant,
    ) -> Result<Reply, TransportError> {
        let too_many = || {
            let waiting = "while waiting for other calls";
            TransportError::not_sent(TransportErrorKind::Timeout, waiting)
        };
        // Acquiring fails only when the semaphore is closed, which it never is.
        let _turn = timeout_at(deadline, self.at_once.acquire())
            .await
            .map_err(|_| too_many())?;
        if let Some(pace) = &self.pace {
            let turn = pace.turn(deadline).ok_or_else(too_many)?;
            tokio::time::sleep_until(turn).await;
        }
        let end = deadline.min(Instant::now() + attempt.unwrap_or(self.timeouts.attempt));
        let post = Post {
            url,
            session,
            body: body.clone(),
            limit: self.max_response_bytes,
        };
        meters::attempt(body.len());
        let reply = timeout_at(end, self.transport.send(post))
            .await
            .unwrap_or_else(|_| Err(TransportError::maybe_sent(TransportErrorKind::Timeout, "")))?;
        meters::received(reply.body.len());
        Ok(reply)
    }
}

/// A status that says it all.
pub(crate) fn status_error(reply: &Reply) -> Error {
    Error::Status {
        status: reply.status,
        retry_after: reply.retry_after,
    }
}
