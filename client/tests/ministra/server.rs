//! The sandbox's Ministra, with the state the recordings start from.

use std::time::Duration;

use jsonsql_client::ClientBuilder;
use jsonsql_client::ministra::{Ministra, Options};
use jsonsql_client::model::MacAddr;
use jsonsql_client::provisioning::{self, Adapter};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraSeed, MinistraVersion};
use serde_json::Value;

pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) ministra: Ministra,
    pub(crate) backend: Adapter<provisioning::Ministra>,
}

pub(crate) async fn recorded() -> Server {
    configured(MinistraOptions::new(MinistraVersion::V4_9)).await
}

pub(crate) async fn configured(options: MinistraOptions) -> Server {
    started(options, |_| {}).await
}

/// With another state to start from.
pub(crate) async fn seeded(change: impl FnOnce(&mut Value)) -> Server {
    started(MinistraOptions::new(MinistraVersion::V4_9), change).await
}

async fn started(options: MinistraOptions, change: impl FnOnce(&mut Value)) -> Server {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-seed.json"
    );
    let mut seed = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    change(&mut seed);
    let sandbox = Sandbox::builder()
        .ministra(options)
        .ministra_seed(MinistraSeed::Json(seed.to_string()))
        .start()
        .await
        .unwrap();
    let ministra = client(&sandbox).build().unwrap();
    let backend = Adapter::new(provisioning::Ministra::new(ministra.clone()));
    Server {
        sandbox,
        ministra,
        backend,
    }
}

pub(crate) fn client(sandbox: &Sandbox) -> ClientBuilder<Options> {
    Ministra::builder()
        .url(sandbox.ministra_url())
        .credentials("stalker", "secret_pass")
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .max_attempts(2)
}

impl Server {
    /// The accounts as the server has them.
    pub(crate) fn users(&self) -> Vec<Value> {
        self.sandbox.ministra().state()["users"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub(crate) fn user(&self, login: &str) -> Value {
        let users = self.users().into_iter();
        let mut users = users.filter(|user| user["login"] == login);
        users.next().unwrap_or_else(|| panic!("no {login}"))
    }

    /// `GET users` and the like, since the last time.
    pub(crate) fn sent(&self) -> Vec<String> {
        let requests = self.sandbox.take_requests().into_iter();
        let path = |path: &str| path.trim_start_matches("/stalker_portal/api/").to_owned();
        requests
            .map(|request| format!("{} {}", request.verb, path(&request.path)))
            .collect()
    }
}

pub(crate) fn mac(text: &str) -> MacAddr {
    text.parse().unwrap()
}
