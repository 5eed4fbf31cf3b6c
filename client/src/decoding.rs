//! Reading answers without standing in the way of others.

use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use crate::error::{TransportError, TransportErrorKind};

/// Answers up to this many bytes are read where they arrive, which takes a
/// millisecond. Longer ones are read on a thread for such work: a runtime of one
/// thread would do nothing else meanwhile, not even look at the clock.
const AT_ONCE: usize = 128 << 10;

/// Reads an answer of this many bytes, if that is done by the deadline. What is
/// not goes on in its thread and is thrown away.
///
/// # Errors
///
/// [`TransportErrorKind::Timeout`] after the deadline.
pub(crate) async fn decode<T: Send + 'static>(
    bytes: usize,
    deadline: Instant,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, TransportError> {
    if bytes <= AT_ONCE {
        return Ok(read());
    }
    match timeout_at(deadline, spawn_blocking(read)).await {
        Ok(Ok(read)) => Ok(read),
        // A row type that panics harms the call it was read for.
        Ok(Err(error)) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(TransportError::maybe_sent(
                TransportErrorKind::Internal,
                "the runtime was shut down",
            )),
        },
        Err(_) => Err(TransportError::maybe_sent(
            TransportErrorKind::Timeout,
            "while reading the answer",
        )),
    }
}
