//! The client against a server that does as each test tells it.

mod answers;
mod batches;
#[cfg(feature = "blocking")]
mod blocking;
mod bounds;
mod brake;
mod building;
mod bulk;
mod calls;
#[cfg(feature = "metrics")]
mod counters;
mod errors;
mod failures;
mod large;
mod pages;
mod pages_ahead;
mod pages_rows;
mod probes;
mod rate;
mod raw;
mod secrets;
mod server;
mod sessions;
mod tables;
mod tls;
mod traces;
mod transports;
mod verdicts;
mod wire;

use std::time::Duration;

use server::Server;

/// No test waits longer: a call that hangs is a failure.
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    match tokio::time::timeout(limit, work).await {
        Ok(value) => value,
        Err(_) => panic!("still not done after {limit:?}"),
    }
}

const SOON: Duration = Duration::from_secs(10);
