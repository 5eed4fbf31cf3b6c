//! Operations of several writes that stopped half-way.

use std::sync::Arc;

use super::{Error, Place};

/// An operation of several writes of which some were executed and one failed.
///
/// Asking for the same operation again completes it: what is done already is
/// found and left. Only [`send`](crate::provisioning::Backend::send) cannot see what
/// is done: asked again, it tells those again who were told.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "{operation} stopped half-way: done: {}; failed: {failed}: {cause}",
    done.join(", ")
)]
pub struct Partial {
    operation: &'static str,
    done: Vec<&'static str>,
    failed: &'static str,
    cause: Error,
}

impl Partial {
    /// The error of an operation whose step `failed` failed. If no step before
    /// it was done, the cause says it all.
    pub(crate) fn of(
        operation: &'static str,
        done: Vec<&'static str>,
        failed: &'static str,
        cause: Error,
    ) -> Error {
        if done.is_empty() {
            return cause;
        }
        Error::Partial(Box::new(Partial {
            operation,
            done,
            failed,
            cause,
        }))
    }

    pub(super) fn set_place(&mut self, place: &Arc<Place>) {
        self.cause.set_place(place);
    }

    /// The operation that was asked for.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// The writes that were executed, in their order.
    pub fn done(&self) -> &[&'static str] {
        &self.done
    }

    /// The write that failed; those after it were not sent.
    pub fn failed(&self) -> &str {
        self.failed
    }

    /// Returns the reason why it failed.
    pub fn cause(&self) -> &Error {
        &self.cause
    }
}
