//! The sandbox's own interface, by plain HTTP requests.

mod behaviors;
mod clock;
#[path = "../server/cluster.rs"]
mod cluster;
mod faults;
mod http;
mod inboxes;
mod openapi;
mod outside;
mod requests;
mod reset;
mod snapshots;

use std::io::Write as _;

use http::Caller;
use jsonsql_sandbox::Sandbox;

/// Says something even of a test that passes, where `println!` is swallowed.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A demo sandbox, and who asks it.
async fn demo() -> (Sandbox, Caller) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let caller = Caller::login(&sandbox).await;
    (sandbox, caller)
}

/// A demo sandbox on each engine there is.
async fn demos() -> Vec<(Sandbox, Caller)> {
    let mut demos = vec![demo().await];
    if let Some(url) = cluster::database().await {
        let sandbox = Sandbox::builder().database(url).start().await.unwrap();
        let caller = Caller::login(&sandbox).await;
        demos.push((sandbox, caller));
    }
    demos
}
