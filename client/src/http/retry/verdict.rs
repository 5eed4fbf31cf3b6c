//! The verdict on one attempt, and its meaning for the next.

use std::ops::ControlFlow;
use std::time::Duration;

use super::Retries;
use crate::error::{Error, TransportError};
#[cfg(any(feature = "ministra", feature = "tvip"))]
use crate::http::anything::Anything;
#[cfg(any(feature = "ministra", feature = "tvip"))]
use crate::http::dispatcher::status_error;
#[cfg(any(feature = "ministra", feature = "tvip"))]
use crate::http::transport::Reply;
#[cfg(any(feature = "ministra", feature = "tvip"))]
use crate::http_status;

/// The verdict on one attempt.
pub(crate) enum Verdict<T> {
    /// The server said what became of the call.
    Final(Result<T, Error>),
    /// Nothing was executed, and it may be tried again.
    NotExecuted(Error, Option<Duration>),
    /// It may have been executed; a read may be tried again.
    Unknown(Error, Option<Duration>),
    /// It may have been executed, and trying again would end the same.
    Unreadable(Error),
}

impl<T> Verdict<T> {
    /// Of an answer whose status is not success and whose content is not known
    /// to be the server's.
    ///
    /// Filters and proxies use every status, some of them for a call that the
    /// server has executed. Only one that counts requests does so before it
    /// lets them pass, and says when to come back (RFC 6585, 4).
    ///
    /// `hide` takes what must not be shown out of a text.
    #[cfg(any(feature = "ministra", feature = "tvip"))]
    pub(crate) fn of_status(reply: &Reply, hide: impl FnOnce(&str) -> String) -> Verdict<T> {
        let error = status_error(reply, hide);
        match reply.status {
            429 if reply.retry_after.is_some() => Verdict::NotExecuted(error, reply.retry_after),
            status if http_status::is_temporary(status) => {
                Verdict::Unknown(error, reply.retry_after)
            }
            _ => Verdict::Unreadable(error),
        }
    }
}

#[cfg(any(feature = "ministra", feature = "tvip"))]
impl<T: Send + 'static> Verdict<T> {
    /// The same, whatever the answer holds.
    pub(crate) fn of_anything(self) -> Verdict<Anything> {
        match self {
            Verdict::Final(result) => Verdict::Final(result.map(Anything::new)),
            Verdict::NotExecuted(error, pause) => Verdict::NotExecuted(error, pause),
            Verdict::Unknown(error, pause) => Verdict::Unknown(error, pause),
            Verdict::Unreadable(error) => Verdict::Unreadable(error),
        }
    }
}

impl<T> From<TransportError> for Verdict<T> {
    fn from(error: TransportError) -> Self {
        if !error.may_be_sent() {
            Verdict::NotExecuted(error.into(), None)
        } else if error.is_retryable() {
            Verdict::Unknown(error.into(), None)
        } else {
            Verdict::Unreadable(error.into())
        }
    }
}

/// A call that failed.
pub(crate) struct FailedCall {
    pub(crate) error: Error,
    /// `true` if the server may have executed it.
    pub(crate) may_be_executed: bool,
}

impl Retries<'_> {
    /// Ends the call, or waits until it is time to try again.
    pub(crate) async fn settle<T>(
        &mut self,
        verdict: Verdict<T>,
        repeatable: bool,
    ) -> ControlFlow<Result<T, FailedCall>> {
        let (error, retry_after, may_repeat) = match verdict {
            Verdict::Final(result) => {
                self.budget.refill();
                return ControlFlow::Break(result.map_err(|error| self.failed(error)));
            }
            Verdict::NotExecuted(error, retry_after) => (error, retry_after, true),
            Verdict::Unknown(error, retry_after) => {
                self.may_be_executed = true;
                (error, retry_after, repeatable)
            }
            Verdict::Unreadable(error) => {
                self.may_be_executed = true;
                (error, None, false)
            }
        };
        if !may_repeat || !self.again(retry_after).await {
            return ControlFlow::Break(Err(self.failed(error)));
        }
        tracing::warn!(%error, "trying again");
        ControlFlow::Continue(())
    }

    /// The call ends with this error, after whatever attempts there were.
    pub(crate) fn failed(&self, error: Error) -> FailedCall {
        FailedCall {
            error,
            may_be_executed: self.may_be_executed,
        }
    }
}
