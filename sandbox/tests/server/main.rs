//! The sandbox as a client sees it: over HTTP.

mod bad_input;
mod coercion;
mod corpus;
mod engine;
mod http;
mod injection;
mod journal;
mod lifecycle;
mod session;
mod shapes;

use http::Client;
use jsonsql_sandbox::{Sandbox, Seed};

/// A demo sandbox and a client that is logged in.
async fn demo() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    (sandbox, client)
}
