//! The adapter and the sandbox's Ministra.

use std::time::Duration;

use jsonsql_client::ministra;
use jsonsql_client::provisioning::Ministra;
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::ministra::MinistraSeed;
use serde_json::{Value, json};

pub(super) struct Server {
    pub(super) sandbox: Sandbox,
    pub(super) ministra: Ministra,
}

/// The plan `basic`, with the packages 2, 3 and 4 beside those in it, and the
/// plan `full`, with 3.
pub(super) fn seed(users: Value) -> Value {
    let package = |id: u32| {
        json!({"id": id, "external_id": format!("e{id}"), "name": format!("P{id}"),
            "description": null, "type": "tv", "all_services": 0, "service_type": "periodic",
            "rent_duration": 0, "price": 1, "services": ["1"]})
    };
    let within = |tariff: u32, package: u32, optional: u32| json!({"tariff": tariff, "package": package, "optional": optional});
    json!({
        "tariffs": [
            {"id": 1, "external_id": "basic", "name": "Basic", "user_default": true},
            {"id": 2, "external_id": "full", "name": "Full", "user_default": false},
        ],
        "packages": [package(1), package(2), package(3), package(4)],
        "package_in_tariff": [
            within(1, 1, 0), within(1, 2, 1), within(1, 3, 1), within(1, 4, 1),
            within(2, 1, 0), within(2, 3, 1),
        ],
        "users": users,
    })
}

impl Server {
    pub(super) async fn start(seed: &Value) -> Server {
        let sandbox = Sandbox::builder()
            .ministra_seed(MinistraSeed::Json(seed.to_string()))
            .start()
            .await
            .unwrap();
        let client = ministra::Ministra::builder()
            .url(sandbox.ministra_url())
            .credentials("stalker", "secret_pass")
            .backoff(Duration::from_millis(1), Duration::from_millis(2))
            // A request that fails has failed.
            .max_attempts(1)
            .build()
            .unwrap();
        let ministra = Ministra::new(client);
        Server { sandbox, ministra }
    }

    pub(super) fn users(&self) -> Vec<Value> {
        self.sandbox.ministra().state()["users"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub(super) fn user(&self, login: &str) -> Value {
        let users = self.users().into_iter();
        let mut users = users.filter(|user| user["login"] == login);
        users.next().unwrap_or_else(|| panic!("no {login}"))
    }

    /// `GET users/ivanov` and the like, since the last time.
    pub(super) fn sent(&self) -> Vec<String> {
        let path = |path: &str| path.trim_start_matches("/stalker_portal/api/").to_owned();
        let requests = self.sandbox.take_requests().into_iter();
        requests
            .map(|request| format!("{} {}", request.verb, path(&request.path)))
            .collect()
    }

    /// Lets requests fail, counted from 1 of those to come.
    pub(super) fn fail(&self, requests: impl IntoIterator<Item = u64>, fault: Fault) {
        let rule = Rule::new("/stalker_portal", fault);
        let rule = requests.into_iter().fold(rule, Rule::nth);
        self.sandbox.set_faults(Faults::seeded(1).rule(rule));
    }

    pub(super) fn heal(&self) {
        self.sandbox.set_faults(Faults::default());
    }
}
