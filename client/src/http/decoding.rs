//! Reading answers without standing in the way of others.

use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use crate::error::{TransportError, TransportErrorKind};
use crate::http::anything::Anything;

/// Answers up to this many bytes are read where they arrive, which takes a
/// millisecond. Longer ones are read on a thread for such work: a runtime of one
/// thread would do nothing else meanwhile, not even look at the clock.
const AT_ONCE: usize = 256 << 10;

/// The number of long answers that a process reads at once. A thread cannot be
/// stopped: one whose caller has gone goes on to the end of its answer, and keeps
/// its place until then, so that such answers do not take all threads and memory.
const MOST: usize = 16;

static PLACES: Semaphore = Semaphore::const_new(MOST);

/// Reads an answer of this many bytes, if that is done by the deadline. What is
/// not goes on in its thread, of which there are [`MOST`], and is thrown away.
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
    let read = Box::new(|| Anything::new(read()));
    Ok(in_thread(deadline, read).await?.take())
}

async fn in_thread(
    deadline: Instant,
    read: Box<dyn FnOnce() -> Anything + Send>,
) -> Result<Anything, TransportError> {
    let reading = async {
        // It is never closed.
        let place = PLACES.acquire().await.ok();
        let read = move || {
            let _place = place;
            read()
        };
        spawn_blocking(read).await
    };
    match timeout_at(deadline, reading).await {
        Ok(read) => joined(read),
        Err(_) => Err(TransportError::maybe_sent(
            TransportErrorKind::Timeout,
            "while reading the answer",
        )),
    }
}

/// Returns the result of a task of a call's own.
///
/// # Errors
///
/// [`TransportErrorKind::Internal`] if the runtime has ended it.
///
/// # Panics
///
/// If the task has: a row type that panics harms the call it was read for.
pub(crate) fn joined<T>(task: Result<T, JoinError>) -> Result<T, TransportError> {
    task.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => {
            TransportError::maybe_sent(TransportErrorKind::Internal, "the runtime was shut down")
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn readers_that_nobody_waits_for_are_bounded_and_end() {
        let (entered, reading) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let released = std::sync::Arc::new(std::sync::Mutex::new(released));
        for _ in 0..3 * MOST {
            let (entered, released) = (entered.clone(), released.clone());
            let read = move || {
                entered.send(()).unwrap();
                // Until the other end is dropped.
                let _ = released.lock().map(|released| released.recv());
            };
            let soon = Instant::now() + Duration::from_millis(20);
            let late = decode(AT_ONCE + 1, soon, read).await;
            assert!(late.is_err());
        }
        assert_eq!(reading.try_iter().count(), MOST);
        drop(release);
        let then = Instant::now() + Duration::from_secs(10);
        assert_eq!(decode(AT_ONCE + 1, then, || 7).await.unwrap(), 7);
    }
}
