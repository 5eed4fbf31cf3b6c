//! Spans of operations, the same on every platform.

use std::future::Future;

use tracing::Instrument;

use super::backend::Answer;
use crate::error::Result;

/// The operation in a span, in which its calls have theirs.
pub(super) fn traced<'a, T: 'a>(
    platform: &'static str,
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> Answer<'a, T> {
    let span = tracing::info_span!(
        "operation",
        otel.kind = "internal",
        platform,
        operation,
        error = tracing::field::Empty,
    );
    let in_it = span.clone();
    Box::pin(
        async move {
            let made = work.await;
            if let Err(error) = &made {
                in_it.record("error", tracing::field::display(error));
            }
            made
        }
        .instrument(span),
    )
}
