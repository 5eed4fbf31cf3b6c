//! The TVIP surface as a billing system sees it: over HTTP.

mod bad_input;
mod commands;
mod entitlement;
mod faults;
mod http;
mod journal;
mod lists;
mod program;
mod quirks;
mod resources;
mod state;
mod switches;

use http::Client;
use jsonsql_sandbox::tvip::TvipBehavior;
use jsonsql_sandbox::{Sandbox, TvipOptions};

/// A sandbox with the demo seed.
async fn demo() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

/// The same with some behavior otherwise.
async fn with(change: impl FnOnce(&mut TvipBehavior)) -> (Sandbox, Client) {
    let mut behavior = TvipBehavior::default();
    change(&mut behavior);
    let options = TvipOptions::default().behavior(behavior);
    let sandbox = Sandbox::builder().tvip(options).start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}
