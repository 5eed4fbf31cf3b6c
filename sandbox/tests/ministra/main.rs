//! The Ministra surface as a client sees it: over HTTP.

mod bad_input;
mod documents;
mod effects;
mod faults;
mod http;
mod inbox;
mod interleaving;
mod journal;
mod large;
mod quirks;
mod replay;
mod values;
mod versions;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraSeed, MinistraVersion};

/// A 4.9 with the state the recordings start from.
async fn recorded() -> Sandbox {
    configured(MinistraOptions::new(MinistraVersion::V4_9)).await
}

/// The state the recordings start from, on a server configured so.
async fn configured(options: MinistraOptions) -> Sandbox {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-seed.json"
    );
    let seed = MinistraSeed::Json(std::fs::read_to_string(path).unwrap());
    Sandbox::builder()
        .ministra(options)
        .ministra_seed(seed)
        .start()
        .await
        .unwrap()
}
