//! A running sandbox.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::builder::Builder;
use crate::engine::sqlite::Storage;
use crate::error::Error;
use crate::journal::{Entry, Journal};
use crate::tvip::{self, Tvip};

/// How long a stop waits for calls under way.
const LONGEST_DRAIN: Duration = Duration::from_secs(5);

/// A running server. Dropping it stops it.
pub struct Sandbox {
    address: SocketAddr,
    storage: Arc<Storage>,
    journal: Arc<Journal>,
    tvip: Tvip,
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
        journal: Arc<Journal>,
        tvip: Tvip,
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
            journal,
            tvip,
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

    /// The base address of the TVIP surface.
    pub fn tvip_url(&self) -> String {
        format!("{}{}", self.url(), tvip::PREFIX)
    }

    /// The TVIP surface, past its protocol.
    pub fn tvip(&self) -> &Tvip {
        &self.tvip
    }

    /// The tables it has, as [`resolve`](jsonsql::resolve::resolve) takes them.
    pub fn schema(&self) -> &jsonsql::resolve::Schema {
        &self.storage.catalog().schema
    }

    /// Every statement called since the start, or since the last time this was
    /// asked, in the order they were finished; of more than a million, the latest.
    pub fn take_journal(&self) -> Vec<Entry> {
        self.journal.take()
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

    /// Answers the calls that have arrived, then stops. Connections that do not
    /// come to an end in five seconds are closed.
    pub async fn stop(mut self) {
        self.stop.take();
        // Late or cancelled, the task ends with this value.
        let _ = tokio::time::timeout(LONGEST_DRAIN, &mut self.task).await;
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
