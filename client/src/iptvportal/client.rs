//! The client.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jsonsql::Dialect;

use super::builder::Iptvportal;
use super::executor::Executor;
use crate::builder::ClientBuilder;

/// A client of one server, for one user.
///
/// It logs in when first used and again when its session ends. Clones share
/// the session, the connections and the limits; one client serves a whole
/// program.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    executor: Executor,
    dialect: Dialect,
    chunks: Chunks,
    last_id: AtomicU64,
}

/// The limits of one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunks {
    pub(crate) calls: usize,
    pub(crate) bytes: usize,
    pub(crate) values: usize,
    pub(crate) page: u64,
}

impl Client {
    /// Begins to build a client.
    pub fn builder() -> ClientBuilder<Iptvportal> {
        ClientBuilder::default()
    }

    pub(crate) fn new(executor: Executor, dialect: Dialect, chunks: Chunks) -> Client {
        Client {
            inner: Arc::new(Inner {
                executor,
                dialect,
                chunks,
                last_id: AtomicU64::new(0),
            }),
        }
    }

    pub(crate) fn executor(&self) -> &Executor {
        &self.inner.executor
    }

    pub(crate) fn dialect(&self) -> &Dialect {
        &self.inner.dialect
    }

    pub(crate) fn chunks(&self) -> Chunks {
        self.inner.chunks
    }

    /// Ids count up from 1, as in the vendor's scripts.
    pub(crate) fn next_id(&self) -> u64 {
        self.inner.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.executor().url.as_str())
            .finish_non_exhaustive()
    }
}
