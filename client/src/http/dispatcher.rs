//! One attempt at a request, within the client's limits.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, TransportError, TransportErrorKind, beginning};
use crate::http::metrics;
use crate::http::rate_limit::RateLimit;
use crate::http::retry::{Budget, Policy, Retries};
use crate::http::transport::{Reply, Request, Transport};

/// The way to the server, with the limits all calls share.
pub(crate) struct Dispatcher {
    pub(crate) transport: Box<dyn Transport>,
    pub(crate) at_once: Semaphore,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) timeouts: Timeouts,
    pub(crate) max_response_bytes: usize,
    pub(crate) policy: Policy,
    pub(crate) budget: Budget,
    /// The server's time in its last answer, in seconds since 1970; 0 if it has
    /// not said.
    pub(crate) server_time: AtomicI64,
}

/// The limits of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// A request and its answer.
    pub(crate) attempt: Duration,
    /// A call with its login, repetitions and pauses.
    pub(crate) total: Duration,
}

impl Dispatcher {
    /// The repetitions of a call that ends by then.
    pub(crate) fn retries(&self, deadline: Instant) -> Retries<'_> {
        Retries::new(&self.policy, &self.budget, deadline)
    }

    /// Sends once, when it is its turn. `attempt` overrides the time for it.
    pub(crate) async fn send(
        &self,
        mut request: Request<'_>,
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
        if let Some(pace) = &self.rate_limit {
            let turn = pace.turn(deadline).ok_or_else(too_many)?;
            tokio::time::sleep_until(turn).await;
        }
        let end = deadline.min(crate::http::deadline::after(
            attempt.unwrap_or(self.timeouts.attempt),
        ));
        request.limit = self.max_response_bytes;
        metrics::attempt(request.body.len());
        let reply = timeout_at(end, self.guarded(request))
            .await
            .unwrap_or_else(|_| Err(TransportError::maybe_sent(TransportErrorKind::Timeout, "")))?;
        metrics::received(reply.body.len());
        if let Some(date) = reply.date {
            self.server_time.store(date.as_second(), Ordering::Relaxed);
        }
        Ok(reply)
    }

    /// Returns the time that the server told in its last answer, in whole seconds;
    /// none if it tells none.
    pub(crate) fn server_time(&self) -> Option<Timestamp> {
        match self.server_time.load(Ordering::Relaxed) {
            0 => None,
            seconds => Timestamp::from_second(seconds).ok(),
        }
    }
}

impl Dispatcher {
    /// A program's own transport may panic. That ends one attempt, and neither
    /// the task of the login nor the others that wait for it.
    async fn guarded(&self, request: Request<'_>) -> Result<Reply, TransportError> {
        let sending = catch_unwind(AssertUnwindSafe(|| self.transport.send(request)));
        let mut sending = sending.map_err(|_| panicked())?;
        poll_fn(|context| {
            let polled = catch_unwind(AssertUnwindSafe(|| sending.as_mut().poll(context)));
            polled.unwrap_or_else(|_| Poll::Ready(Err(panicked())))
        })
        .await
    }
}

fn panicked() -> TransportError {
    TransportError::maybe_sent(TransportErrorKind::Internal, "the transport panicked")
}

/// A call that is denied with these words, if there are any.
pub(crate) fn denied(status: u16, message: &str) -> Error {
    Error::Denied {
        status: Some(status),
        message: message.to_owned(),
        place: None,
    }
}

/// A status that says it all. `hide` takes what must not be shown out of a text.
pub(crate) fn status_error(reply: &Reply, hide: impl FnOnce(&str) -> String) -> Error {
    Error::Status {
        status: reply.status,
        retry_after: reply.retry_after,
        begins: beginning(&reply.body, hide),
        place: None,
    }
}
