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
use jsonsql_sandbox::tvip::TvipUnknowns;
use jsonsql_sandbox::{Sandbox, TvipOptions};

/// A sandbox with the demo seed.
async fn demo() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

/// The same with some unknowns otherwise.
async fn with(change: impl FnOnce(&mut TvipUnknowns)) -> (Sandbox, Client) {
    let mut unknowns = TvipUnknowns::default();
    change(&mut unknowns);
    let options = TvipOptions::default().unknowns(unknowns);
    let sandbox = Sandbox::builder().tvip(options).start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}
