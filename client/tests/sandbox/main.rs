//! The client against the sandbox: a server that executes what it is sent.

mod brake;
mod churn;
mod discover;
mod proxy;
mod shared_user;
mod storm;
mod streams;
mod tables;
mod weather;

use jsonsql_client::{Client, ClientBuilder};
use jsonsql_sandbox::{Sandbox, Seed};

async fn start(seed: Seed) -> Sandbox {
    Sandbox::builder().seed(seed).start().await.unwrap()
}

/// To the sandbox, or to what stands before it.
fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .url(format!("{url}/api"))
        .credentials("admin", "adminpassword")
}

fn client(sandbox: &Sandbox) -> Client {
    builder(&sandbox.url()).build().unwrap()
}
