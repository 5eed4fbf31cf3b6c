//! Clients for programs that do not await: of all three platforms, and of the
//! interface that they share.
//!
//! ```no_run
//! use jsonsql_client::Printable;
//! use jsonsql_client::blocking::Client;
//! use jsonsql_client::schema::Subscriber;
//!
//! let client = Client::from_env()?;
//! for subscriber in client.stream(&Subscriber::all()) {
//!     println!("{}", Printable(subscriber?.username));
//! }
//! # Ok::<(), jsonsql_client::Error>(())
//! ```
//!
//! Each has a thread of its own, on which logins and connections go on between
//! calls; clones share it. Calls panic inside an async runtime, where waiting
//! would stop others.

mod backend;
mod client;
mod iter;
#[cfg(any(feature = "ministra", feature = "tvip"))]
mod rest;

use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

pub use backend::Backend;
pub use client::{Client, Rows};
pub use iter::Iter;
#[cfg(feature = "ministra")]
pub use rest::Ministra;
#[cfg(any(feature = "ministra", feature = "tvip"))]
pub use rest::Rest;
#[cfg(feature = "tvip")]
pub use rest::Tvip;

use crate::error::{ConfigError, Result};

/// The thread on which logins and connections go on between calls.
#[derive(Debug)]
struct Thread(Option<Runtime>);

impl Thread {
    fn start() -> Result<Arc<Thread>> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("jsonsql-client")
            .enable_all()
            .build()
            .map_err(|error| ConfigError::Thread(error.to_string()))?;
        Ok(Arc::new(Thread(Some(runtime))))
    }

    fn wait<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(work),
            None => unreachable!("taken on drop only"),
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // A runtime that is simply dropped waits, and inside another panics.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
