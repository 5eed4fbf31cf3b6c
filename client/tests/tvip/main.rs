//! TVIP's provider API: the documents' examples, the quirks, the settings.

mod canned;
mod commands;
mod documents;
mod faults;
mod quirks;
mod recommendations;
mod resources;
mod switches;

use std::time::Duration;

use jsonsql_client::ClientBuilder;
use jsonsql_client::provisioning::{self, Adapter};
use jsonsql_client::tvip::{Options, ProviderId, Tvip};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::tvip::{TvipBehavior, TvipOptions};

/// A sandbox that behaves like this where nobody knows how servers do.
async fn sandbox(set: impl FnOnce(&mut TvipBehavior)) -> Sandbox {
    let mut behavior = TvipBehavior::default();
    set(&mut behavior);
    let options = TvipOptions::default().behavior(behavior);
    Sandbox::builder().tvip(options).start().await.unwrap()
}

/// Settings for a sandbox, without a provider.
fn builder(sandbox: &Sandbox) -> ClientBuilder<Options> {
    Tvip::builder()
        .url(sandbox.tvip_url())
        .credentials("admin", "adminpassword")
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
}

/// A client of the sandbox's first provider.
fn client(sandbox: &Sandbox) -> Tvip {
    builder(sandbox).provider(ProviderId(1)).build().unwrap()
}

/// What a billing does with it.
fn platform(client: &Tvip) -> Adapter<provisioning::Tvip> {
    Adapter::new(provisioning::Tvip::new(client.clone()))
}
