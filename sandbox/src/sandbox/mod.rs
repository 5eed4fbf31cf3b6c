//! A running sandbox.

mod builder;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::builder::Builder;
use crate::engine::Engine;
use crate::error::Error;
use crate::faults::{Faults, Plan, Watch};
use crate::journal::{Entry, Request};
use crate::ministra::Ministra;
use crate::surfaces::Surfaces;
use crate::tvip::Tvip;
use crate::vendor::Addresses;

/// The time for which a stop waits for calls under way.
const LONGEST_DRAIN: Duration = Duration::from_secs(5);

/// A running server. Dropping it stops it.
pub struct Sandbox {
    parts: Parts,
    task: JoinHandle<()>,
}

/// The parts of a running server.
pub(crate) struct Parts {
    pub(crate) address: SocketAddr,
    pub(crate) addresses: Addresses,
    pub(crate) engine: Engine,
    pub(crate) watch: Arc<Watch>,
    pub(crate) surfaces: Surfaces,
    pub(crate) stop: watch::Sender<bool>,
    /// The certificate that was made for it, if one was.
    #[cfg(feature = "tls")]
    pub(crate) certificate: Option<String>,
}

impl Sandbox {
    /// The settings of a sandbox to be started.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn serve(task: JoinHandle<()>, parts: Parts) -> Sandbox {
        Sandbox { parts, task }
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.parts.address
    }

    /// The base address, `http://127.0.0.1:PORT`, or `https://` with TLS.
    pub fn url(&self) -> String {
        self.parts.addresses.base.clone()
    }

    /// The certificate that was made at the start, as PEM, for clients to
    /// trust; none without TLS or with a certificate from files.
    #[cfg(feature = "tls")]
    pub fn certificate(&self) -> Option<&str> {
        self.parts.certificate.as_deref()
    }

    /// Returns the URL for logins.
    pub fn jsonrpc_url(&self) -> String {
        self.parts.addresses.jsonrpc()
    }

    /// Returns the URL for statements.
    pub fn jsonsql_url(&self) -> String {
        self.parts.addresses.jsonsql()
    }

    /// The sandbox's own interface: what tests in any language set up and look
    /// at. Its OpenAPI document is at `/openapi.json` below it.
    pub fn control_url(&self) -> String {
        format!("{}{}", self.url(), crate::control::PREFIX)
    }

    /// The base address of the TVIP surface.
    pub fn tvip_url(&self) -> String {
        self.parts.addresses.tvip()
    }

    /// The TVIP surface, past its protocol.
    pub fn tvip(&self) -> &Tvip {
        &self.parts.surfaces.tvip
    }

    /// The API of the Ministra, to which a resource is appended.
    ///
    /// It ends in `/api/`, which every version has; `/api/v1/` is there too.
    pub fn ministra_url(&self) -> String {
        self.parts.addresses.ministra()
    }

    /// The Ministra, from inside: what it sent to the boxes, what it knows.
    pub fn ministra(&self) -> &Ministra {
        &self.parts.surfaces.ministra
    }

    /// The tables it has, as [`resolve`](jsonsql::resolve::resolve) takes them.
    pub fn schema(&self) -> &jsonsql::resolve::Schema {
        &self.parts.engine.catalog().schema
    }

    /// Every statement called since the start, or since the last time this was
    /// asked, in the order they were finished; of more than a million, or of 256 MiB, the latest.
    pub fn take_journal(&self) -> Vec<Entry> {
        self.parts.watch.journal.take()
    }

    /// Every HTTP request answered since the start, or since the last time this
    /// was asked, to any surface.
    pub fn take_requests(&self) -> Vec<Request> {
        self.parts.watch.journal.take_requests()
    }

    /// Follows this plan of failures from now on, in place of any other.
    pub fn set_faults(&self, faults: Faults) {
        self.parts.watch.follow(Plan::new(faults));
    }

    /// Runs the engine's own SQL on the storage, past the protocol and its
    /// domains: for tests that look at what a client did.
    ///
    /// Values come as they are stored; in SQLite booleans are 0 and 1.
    ///
    /// # Errors
    ///
    /// When it is not SQL, or fails.
    pub async fn query(&self, sql: &str) -> Result<Vec<Vec<serde_json::Value>>, Error> {
        self.parts.engine.query(sql).await.map_err(Error::Query)
    }

    /// Answers the calls that have arrived, then stops. Connections that do not
    /// come to an end in five seconds are closed.
    pub async fn stop(mut self) {
        self.parts.stop.send_replace(true);
        // Late or cancelled, the task ends with this value.
        let _ = tokio::time::timeout(LONGEST_DRAIN, &mut self.task).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.parts.address)
            .finish_non_exhaustive()
    }
}
