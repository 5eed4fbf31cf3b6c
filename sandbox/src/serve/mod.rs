//! The listener: who may connect, for how long, and what becomes of slow ones.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

mod connection;
mod connection_limit;
mod handler;
mod phase;
#[cfg(feature = "tls")]
mod tls;

pub(crate) use connection::Cutter;
pub(crate) use handler::Peer;
pub(crate) use phase::Phase;
#[cfg(feature = "tls")]
pub use tls::Tls;

use crate::limits::Limits;
use connection::Stream;
use connection_limit::{ConnectionLimit, Permit};

/// The pause of the listener when the system gives it no more connections.
const REST: Duration = Duration::from_millis(50);

/// The routes and settings that connections are served with.
pub(crate) struct Server {
    pub(crate) routes: Router,
    pub(crate) limits: Limits,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<tokio_rustls::TlsAcceptor>,
}

impl Server {
    /// Serves until `stopping` becomes true, then until all calls that have
    /// arrived are answered.
    pub(crate) async fn run(self, listener: TcpListener, mut stopping: watch::Receiver<bool>) {
        let server = Arc::new(self);
        let open = ConnectionLimit::default();
        // Dropped with this future, and with it every connection.
        let mut connections = JoinSet::new();
        let connection_stop = stopping.clone();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                Some(_) = connections.join_next() => continue,
                // An error means the handle is gone: stop as well.
                _ = stopping.wait_for(|stopping| *stopping) => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    // Answers are small and waited for.
                    let _ = stream.set_nodelay(true);
                    let (server, stop) = (Arc::clone(&server), connection_stop.clone());
                    let permit = open.permit(server.limits.connections);
                    connections.spawn(server.serve(stream, peer, permit, stop));
                }
                Err(error) => {
                    if !is_of_one_connection(&error) {
                        tracing::error!(%error, "connections cannot be accepted");
                        open.close_one();
                        tokio::time::sleep(REST).await;
                    }
                }
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    }

    async fn serve(
        self: Arc<Server>,
        stream: TcpStream,
        peer: SocketAddr,
        permit: Option<Permit>,
        stopping: watch::Receiver<bool>,
    ) {
        let Some(permit) = permit else {
            // Without a handshake a word would not be understood over TLS.
            if !self.is_tls() {
                handler::say(stream, handler::too_many(&self.limits)).await;
            }
            return;
        };
        let Some(stream) = self.secured(stream, &permit).await else {
            return;
        };
        let (routes, limits) = (self.routes.clone(), self.limits);
        handler::serve(stream, peer, permit, routes, limits, stopping).await;
    }

    #[cfg(not(feature = "tls"))]
    fn is_tls(&self) -> bool {
        false
    }

    #[cfg(feature = "tls")]
    fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    #[cfg(not(feature = "tls"))]
    #[expect(
        clippy::unused_async,
        reason = "a handshake takes time where there is TLS"
    )]
    async fn secured(&self, stream: TcpStream, _: &Permit) -> Option<Stream> {
        Some(Stream::Plain(stream))
    }

    /// The stream after its handshake, which has the time of a head.
    #[cfg(feature = "tls")]
    async fn secured(&self, stream: TcpStream, permit: &Permit) -> Option<Stream> {
        let Some(acceptor) = &self.tls else {
            return Some(Stream::Plain(stream));
        };
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(self.limits.header_time, acceptor.accept(stream)) => shaken,
            () = permit.closed_for_another.notified() => return None,
        };
        match shaken {
            Ok(Ok(stream)) => Some(Stream::Tls(stream.into())),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a TLS handshake failed");
                None
            }
            Err(_) => None,
        }
    }
}

/// Returns `true` if the error is about the connection that was to be accepted,
/// and not about the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
