//! The way to the server, and how much may come over it.
//!
//! A row arrives as one message, whatever its size. So that `repeat('a', 1e9)`
//! does not become a gigabyte here, what arrives is counted, and a connection
//! over which more comes than a whole result may be is closed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// PostgreSQL's port.
const PORT: u16 = 5432;

/// The number of bytes that the server may send around a result: types, notices,
/// its errors.
const AROUND: u64 = 1 << 20;

/// The time for which one address is tried, unless the URL says otherwise.
const LONGEST: Duration = Duration::from_secs(10);

/// A connection to the server, before it speaks PostgreSQL.
pub(super) struct Socket {
    stream: Stream,
    quota: Quota,
}

enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// The number of bytes that may still arrive.
#[derive(Debug, Clone)]
pub(super) struct Quota(Arc<AtomicU64>);

impl Quota {
    fn unlimited() -> Quota {
        Quota(Arc::new(AtomicU64::new(u64::MAX)))
    }

    /// From now on this many bytes of a result may arrive. On its way a value
    /// is no longer than it is counted.
    pub(super) fn allow(&self, result: usize) {
        let result = u64::try_from(result).unwrap_or(u64::MAX);
        let most = result.saturating_add(AROUND);
        self.0.store(most, Ordering::Relaxed);
    }

    /// Returns `true` if more came than was allowed.
    pub(super) fn is_used_up(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    fn take(&self, bytes: usize) -> io::Result<()> {
        let left = self.0.load(Ordering::Relaxed);
        if left == u64::MAX {
            return Ok(());
        }
        let left = left.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.0.store(left, Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other("the result is larger than it may be"));
        }
        Ok(())
    }
}

/// Connects to the first of the addresses that answers.
pub(super) async fn connect(config: &Config) -> io::Result<(Socket, Quota)> {
    let (hosts, ports) = (config.get_hosts(), config.get_ports());
    let addresses = config.get_hostaddrs();
    let longest = config.get_connect_timeout().copied().unwrap_or(LONGEST);
    let mut failed = io::Error::new(io::ErrorKind::InvalidInput, "the URL names no host");
    for index in 0..hosts.len().max(addresses.len()) {
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(PORT);
        let connecting = async {
            match (addresses.get(index), hosts.get(index)) {
                (Some(address), _) => tcp(TcpStream::connect((*address, port)).await?),
                (None, Some(Host::Tcp(name))) => {
                    tcp(TcpStream::connect((name.as_str(), port)).await?)
                }
                #[cfg(unix)]
                (None, Some(Host::Unix(directory))) => {
                    let path = directory.join(format!(".s.PGSQL.{port}"));
                    Ok(Stream::Unix(UnixStream::connect(path).await?))
                }
                (None, None) => Err(io::ErrorKind::InvalidInput.into()),
            }
        };
        match tokio::time::timeout(longest, connecting).await {
            Ok(Ok(stream)) => {
                let quota = Quota::unlimited();
                let socket = Socket {
                    stream,
                    quota: quota.clone(),
                };
                return Ok((socket, quota));
            }
            Ok(Err(error)) => failed = error,
            Err(_) => failed = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(failed)
}

fn tcp(stream: TcpStream) -> io::Result<Stream> {
    stream.set_nodelay(true)?;
    Ok(Stream::Tcp(stream))
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            #[cfg(unix)]
            Stream::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        match self.quota.take(buf.filled().len() - before) {
            Ok(()) => read,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            #[cfg(unix)]
            Stream::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(unix)]
            Stream::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(unix)]
            Stream::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
