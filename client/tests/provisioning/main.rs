//! Provisioning, on platforms in memory.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a random world that fails is shown"
)]

mod billing;
mod effects;
#[cfg(feature = "export")]
mod export;
mod extra;
mod fourth;
mod iptvportal;
mod ministra;
mod outcome;
mod random;
mod random_worlds;
mod reading;
mod sync;
mod sync_worlds;
mod table;
mod tvip;
mod worlds;

use std::future::Future;

use jsonsql_client::model::MacAddr;

/// Awaits without a clock: nothing here waits for time unless a test says so.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn mac(number: usize) -> MacAddr {
    format!("00:1a:79:00:00:{number:02x}").parse().unwrap()
}
