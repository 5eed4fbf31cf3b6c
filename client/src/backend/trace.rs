//! Spans of operations, the same on every platform.

use std::future::Future;
use std::sync::Arc;

use tracing::Instrument;

use super::{Answer, Backend};
use crate::error::{Place, Result};

/// A backend that knows its address.
pub(super) trait Located: Backend {
    /// Where an operation goes to, for its errors.
    fn place(&self, operation: &'static str) -> Arc<Place>;
}

/// The operation in a span, in which its calls have theirs. An error that no call
/// has a place for gets that of the operation.
pub(super) fn traced<'a, T: 'a>(
    backend: &'a impl Located,
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> Answer<'a, T> {
    let platform = backend.platform();
    let span = tracing::info_span!(
        "operation",
        otel.kind = "internal",
        %platform,
        operation,
        error = tracing::field::Empty,
    );
    let in_it = span.clone();
    Box::pin(
        async move {
            let made = work.await;
            let made = made.map_err(|error| error.at(&backend.place(operation)));
            if let Err(error) = &made {
                in_it.record("error", tracing::field::display(error));
            }
            made
        }
        .instrument(span),
    )
}
