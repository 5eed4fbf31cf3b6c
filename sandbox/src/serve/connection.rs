//! Connections that can be cut.
//!
//! A server that dies says nothing, not even a status; no HTTP library lets a
//! handler do that. So the sandbox reads and writes its connections through
//! this, and a handler can stop what leaves its connection after any byte.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::phase::Phase;

/// A connection that can be cut.
pub(super) struct Connection {
    stream: Stream,
    cutter: Cutter,
    phase: Arc<Phase>,
}

/// The stream under a connection.
pub(super) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

/// The cutter of one connection: the number of bytes of answers that may still
/// leave it.
#[derive(Debug, Clone)]
pub(crate) struct Cutter(Arc<AtomicU64>);

impl Cutter {
    pub(crate) fn new() -> Cutter {
        Cutter(Arc::new(AtomicU64::new(u64::MAX)))
    }

    /// Cuts the connection once this many more bytes have left.
    pub(crate) fn after(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    /// Returns `true` if the connection is to be cut, or has been.
    pub(super) fn cuts(&self) -> bool {
        self.0.load(Ordering::Relaxed) != u64::MAX
    }
}

impl Connection {
    pub(super) fn new(stream: Stream, cutter: Cutter, phase: Arc<Phase>) -> Connection {
        Connection {
            stream,
            cutter,
            phase,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        if buf.filled().len() > before {
            self.phase.bytes_arrived();
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let left = self.cutter.0.load(Ordering::Relaxed);
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let most = usize::try_from(left).map_or(buf.len(), |left| left.min(buf.len()));
        let written = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, &buf[..most]),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, &buf[..most]),
        };
        if let (Poll::Ready(Ok(written)), true) = (&written, left != u64::MAX) {
            self.cutter
                .0
                .store(left - *written as u64, Ordering::Relaxed);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        };
        if let Poll::Ready(Ok(())) = flushed {
            self.phase.flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
