//! A running sandbox.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::builder::Builder;
use crate::engine::sqlite::Storage;
use crate::error::Error;

/// A running server. Dropping it stops it.
pub struct Sandbox {
    address: SocketAddr,
    storage: Arc<Storage>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// The settings of a sandbox to be started.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn serve(
        listener: TcpListener,
        address: SocketAddr,
        routes: Router,
        storage: Arc<Storage>,
    ) -> Sandbox {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let served = axum::serve(listener, routes).with_graceful_shutdown(async {
                // An error means the handle is gone: stop as well.
                let _ = stopped.await;
            });
            if let Err(error) = served.await {
                tracing::error!(%error, "the server ended");
            }
        });
        Sandbox {
            address,
            storage,
            stop: Some(stop),
            task,
        }
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where to log in.
    pub fn jsonrpc_url(&self) -> String {
        format!("{}/api/jsonrpc/", self.url())
    }

    /// Where to send statements.
    pub fn jsonsql_url(&self) -> String {
        format!("{}/api/jsonsql/", self.url())
    }

    /// The tables it has, as [`resolve`](jsonsql::resolve::resolve) takes them.
    pub fn schema(&self) -> &jsonsql::resolve::Schema {
        &self.storage.catalog().schema
    }

    /// Runs SQLite's own SQL on the storage, past the protocol: for tests that
    /// look at what a client did.
    ///
    /// Values come as they are stored, booleans as 0 and 1.
    ///
    /// # Errors
    ///
    /// When it is not SQL, or fails.
    pub async fn query(&self, sql: &str) -> Result<Vec<Vec<serde_json::Value>>, Error> {
        let storage = Arc::clone(&self.storage);
        let sql = sql.to_owned();
        tokio::task::spawn_blocking(move || storage.query(&sql))
            .await
            .map_err(|error| Error::Query(error.to_string()))?
            .map_err(|error| Error::Query(error.to_string()))
    }

    /// Answers the calls that have arrived, then stops.
    pub async fn stop(mut self) {
        self.stop.take();
        // A cancelled task has stopped just as well.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.take();
        self.task.abort();
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
