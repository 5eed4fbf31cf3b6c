//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

use super::connection::{Connection, Cutter, Stream};
use super::connection_limit::Permit;
use super::phase::{Late, Phase};
use crate::limits::{self, Limits};

/// The time within which the last response has to leave.
const LAST_WORD: Duration = Duration::from_secs(1);

/// The time for which a caller may go on sending after its answer.
const LINGER: Duration = Duration::from_secs(2);

/// The other side of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The reason why a connection is not served any longer.
enum Ended {
    ByItself,
    Late(Late),
    ForAnother,
}

/// Answers requests until the connection ends, its caller is too slow, or
/// another one takes its permit.
pub(super) async fn serve(
    stream: Stream,
    peer: SocketAddr,
    permit: Permit,
    routes: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let phase = Arc::clone(&permit.phase);
    let cutter = Cutter::new();
    let socket = Connection::new(stream, cutter.clone(), Arc::clone(&phase));
    let service = {
        let phase = Arc::clone(&phase);
        let routes = TowerToHyperService::new(routes);
        let cutter = cutter.clone();
        service_fn(move |request: Request<Incoming>| {
            phase.busy();
            let mut request = request.map(Body::new);
            let extensions = request.extensions_mut();
            extensions.insert(cutter.clone());
            extensions.insert(Peer(peer));
            extensions.insert(Arc::clone(&phase));
            let (answer, phase) = (routes.call(request), Arc::clone(&phase));
            async move {
                let Ok(response) = answer.await;
                Ok::<_, Infallible>(response.map(|body| Tracked { body, phase }))
            }
        })
    };
    // Beyond the limit by far the head is refused without a word of ours.
    let buffer = limits.header.saturating_mul(2).max(64 << 10);
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(buffer)
        .serve_connection(TokioIo::new(socket), service);
    let ended = {
        let mut timer = pin!(Timer::new());
        let mut closed_for_another = pin!(permit.closed_for_another.notified());
        let mut stop = pin!(stopping.wait_for(|stopping| *stopping));
        let (mut is_stopping, mut is_closing) = (false, false);
        poll_fn(|cx| {
            if !is_stopping && stop.as_mut().poll(cx).is_ready() {
                is_stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            if let Poll::Ready(served) = Pin::new(&mut connection).poll(cx) {
                if let Err(error) = served {
                    tracing::debug!(%error, "a connection ended");
                }
                return Poll::Ready(Ended::ByItself);
            }
            if !is_closing && closed_for_another.as_mut().poll(cx).is_ready() {
                is_closing = true;
                // A request that came in the meantime is answered first.
                if phase.waiting_since().is_some() {
                    return Poll::Ready(Ended::ForAnother);
                }
                Pin::new(&mut connection).graceful_shutdown();
            }
            match timer.as_mut().poll_until(cx, phase.deadline(&limits)) {
                Poll::Ready(()) => Poll::Ready(Ended::Late(phase.late())),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    };
    let last_word = match ended {
        // One that a fault has cut is gone at once.
        Ended::ByItself if phase.is_unread() && !cutter.cuts() => {
            return linger(connection.into_parts().io.into_inner()).await;
        }
        Ended::ByItself | Ended::Late(Late::Anything) => return,
        Ended::Late(Late::Head) => {
            let time = limits::spelled(limits.header_time);
            let text = format!("the headers did not arrive within {time} (--header-timeout)");
            (StatusCode::REQUEST_TIMEOUT, text)
        }
        Ended::ForAnother if !phase.is_in_request() => return,
        Ended::ForAnother => too_many(&limits),
    };
    let socket = connection.into_parts().io.into_inner();
    say(socket, last_word).await;
}

/// Returns the answer to a connection beyond the limit.
pub(super) fn too_many(limits: &Limits) -> (StatusCode, String) {
    let text = format!(
        "there are more than {} connections (--max-connections)",
        limits.connections
    );
    (StatusCode::SERVICE_UNAVAILABLE, text)
}

/// Answers past the HTTP library, and closes.
pub(super) async fn say(mut socket: impl AsyncWrite + Unpin, (status, text): (StatusCode, String)) {
    let mut answer = Vec::new();
    // Writing into memory does not fail.
    let _ = write!(
        answer,
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{text}",
        text.len()
    );
    let said = async {
        socket.write_all(&answer).await?;
        socket.shutdown().await
    };
    if let Ok(Err(error)) = tokio::time::timeout(LAST_WORD, said).await {
        tracing::debug!(%error, "a connection ended before its last word");
    }
}

/// Reads what a caller still sends who was answered before its body was read.
/// Closed at once, the connection would take the answer with it.
async fn linger(mut socket: Connection) {
    let mut rest = vec![0; 64 << 10];
    let reading = async { while socket.read(&mut rest).await.is_ok_and(|read| read > 0) {} };
    // Whoever takes longer has had the answer for this long.
    let _ = tokio::time::timeout(LINGER, reading).await;
}

/// A timer that is set anew whenever it is looked at.
struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    fn new() -> Timer {
        Timer { sleep: None }
    }

    fn poll_until(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        deadline: Option<Instant>,
    ) -> Poll<()> {
        let Some(deadline) = deadline else {
            self.sleep = None;
            return Poll::Pending;
        };
        match &mut self.sleep {
            Some(sleep) if sleep.deadline() == deadline => {}
            Some(sleep) => sleep.as_mut().reset(deadline),
            None => self.sleep = Some(Box::pin(sleep_until(deadline))),
        }
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

/// The body of an answer, which tells when the last of it was taken.
struct Tracked {
    body: Body,
    phase: Arc<Phase>,
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.phase.answering();
    }
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
