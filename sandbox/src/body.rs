//! Bodies of requests: how long they may take, and how large they may be.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

use crate::limits;
use crate::serve::Phase;

/// A body that is larger than its limit.
pub(crate) struct TooLarge {
    most: usize,
    option: &'static str,
}

impl TooLarge {
    pub(crate) fn message(&self) -> String {
        let TooLarge { most, option } = self;
        format!("the body has more than {most} bytes ({option})")
    }
}

impl IntoResponse for TooLarge {
    fn into_response(self) -> Response {
        (StatusCode::PAYLOAD_TOO_LARGE, self.message()).into_response()
    }
}

/// Reads a body, unless it is larger than this; the option is the one that says
/// so. One that ends early is refused too, and that answer reaches nobody.
pub(crate) async fn read(body: Body, most: usize, option: &'static str) -> Result<Bytes, TooLarge> {
    let too_large = TooLarge { most, option };
    // What announces itself is not read first.
    if usize::try_from(body.size_hint().lower()).is_ok_and(|size| size > most) {
        return Err(too_large);
    }
    to_bytes(body, most).await.map_err(|_| too_large)
}

/// Returns the request with a deadline for its body, and what knows whether
/// that passed.
pub(crate) fn timed(request: Request, time: Duration, phase: Arc<Phase>) -> (Request, Arrival) {
    let is_late = Arc::new(AtomicBool::new(false));
    let arrival = Arrival {
        time,
        is_late: Arc::clone(&is_late),
    };
    if request.body().is_end_stream() {
        return (request, arrival);
    }
    phase.body();
    let timed = |body| {
        Body::new(Timed {
            body,
            phase,
            end: Box::pin(tokio::time::sleep(time)),
            is_late,
            is_read: false,
        })
    };
    (request.map(timed), arrival)
}

/// Knows whether a body arrived in time.
pub(crate) struct Arrival {
    time: Duration,
    is_late: Arc<AtomicBool>,
}

impl Arrival {
    /// The answer to a request whose body did not arrive in time.
    pub(crate) fn late(&self) -> Option<Response> {
        if !self.is_late.load(Ordering::Relaxed) {
            return None;
        }
        let time = limits::spelled(self.time);
        let text = format!("the body did not arrive within {time} (--body-timeout)");
        let close = [(header::CONNECTION, "close")];
        Some((StatusCode::REQUEST_TIMEOUT, close, text).into_response())
    }
}

/// A body with a deadline.
struct Timed {
    body: Body,
    phase: Arc<Phase>,
    end: Pin<Box<Sleep>>,
    is_late: Arc<AtomicBool>,
    is_read: bool,
}

impl Drop for Timed {
    fn drop(&mut self) {
        if !self.is_read {
            self.phase.left_unread();
        }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(_) => {
                self.is_read = true;
                self.phase.busy();
            }
            Poll::Pending => {
                if self.end.as_mut().poll(cx).is_ready() {
                    self.is_late.store(true, Ordering::Relaxed);
                    self.phase.busy();
                    let error = axum::Error::new("the body did not arrive in time");
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
