//! Spans of operations, the same on every platform.

use std::future::Future;

use tracing::Instrument;

use super::backend::Answer;
use super::platform::Platform;
use crate::error::Result;

/// The operation in a span, in which its calls have theirs. An error that no call
/// has a place for gets that of the operation.
pub(super) fn traced<'a, T: 'a>(
    platform: &'a impl Platform,
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> Answer<'a, T> {
    let span = tracing::info_span!(
        "operation",
        otel.kind = "internal",
        platform = platform.name(),
        operation,
        error = tracing::field::Empty,
    );
    let in_it = span.clone();
    Box::pin(
        async move {
            let made = work.await;
            let made = made.map_err(|error| error.at(&platform.place(operation)));
            if let Err(error) = &made {
                in_it.record("error", tracing::field::display(error));
            }
            made
        }
        .instrument(span),
    )
}
