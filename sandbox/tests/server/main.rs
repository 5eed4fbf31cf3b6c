//! The sandbox as a client sees it: over HTTP.

mod abandoned;
mod bad_input;
mod bounds;
mod cluster;
mod coercion;
mod corpus;
mod coverage;
mod differential;
mod domains;
mod engine;
mod faults;
mod features;
mod files;
mod foreign;
mod functions;
mod fuzz;
mod http;
mod injection;
mod journal;
mod killed;
mod lifecycle;
mod load;
mod operation;
mod records;
mod rules;
mod session;
mod shapes;
mod slow;
mod storage;
mod tls;
mod tries;
mod vendors;

use std::io::Write as _;

use http::Client;
use jsonsql_sandbox::{Sandbox, Seed};

/// Says something even of a test that passes, where `println!` is swallowed.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A demo sandbox and a client that is logged in.
async fn demo() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    (sandbox, client)
}

/// A demo sandbox on each engine there is, and clients that are logged in.
async fn demos() -> Vec<Demo> {
    let (sandbox, client) = demo().await;
    let mut demos = vec![Demo { sandbox, client }];
    if let Some(url) = cluster::database().await {
        let sandbox = Sandbox::builder().database(url).start().await.unwrap();
        let client = Client::login(&sandbox).await;
        demos.push(Demo { sandbox, client });
    }
    demos
}

struct Demo {
    sandbox: Sandbox,
    client: Client,
}
