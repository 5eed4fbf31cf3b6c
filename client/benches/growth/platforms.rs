//! Lists of the other two platforms, by the number of their accounts.

use jsonsql_client::ministra::Ministra;
use jsonsql_client::tvip::Tvip;
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::MinistraSeed;
use jsonsql_sandbox::tvip::TvipOptions;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::part::{Part, part, timed};

fn ministra_state(count: usize) -> Value {
    let user = |id: usize| {
        json!({
            "id": id,
            "login": format!("{}", 100_000 + id),
            "ls": format!("LB-{id}"),
            "full_name": "Anna Berg",
            "mac": mac(id),
            "status": 1,
            "tariff": 1,
        })
    };
    json!({
        "tariffs": [{"id": 1, "external_id": "basic", "name": "Basic", "user_default": true}],
        "users": (1..=count).map(user).collect::<Vec<_>>(),
    })
}

fn tvip_state(count: usize) -> Value {
    let account = |id: usize| {
        json!({
            "id": id,
            "login": format!("{}", 100_000 + id),
            "remote_custom_field": format!("LB-{id}"),
            "fullname": "Anna Berg",
            "provider": 1,
            "enabled": true,
        })
    };
    json!({
        "administrator": {"provider": 1},
        "providers": [{"id": 1, "provider_name": "Main", "enabled": true}],
        "accounts": (1..=count).map(account).collect::<Vec<_>>(),
    })
}

fn mac(id: usize) -> String {
    let [.., a, b, c] = id.to_be_bytes();
    format!("00:1A:79:{a:02X}:{b:02X}:{c:02X}")
}

pub(crate) fn parts(runtime: &Runtime) -> Vec<Part<'_>> {
    vec![
        part("Ministra's list of accounts", 100, move |count| {
            let seed = MinistraSeed::Json(ministra_state(count).to_string());
            let sandbox = runtime.block_on(Sandbox::builder().ministra_seed(seed).start());
            let sandbox = sandbox.expect("a sandbox");
            let client = Ministra::builder()
                .url(sandbox.ministra_url())
                .credentials("stalker", "secret_pass")
                .build();
            let client = client.expect("a client");
            move || {
                let _served = &sandbox;
                let accounts = client.accounts();
                timed(|| {
                    let list = runtime.block_on(accounts.list()).expect("a list");
                    assert_eq!(list.len(), count);
                })
            }
        }),
        part("TVIP's accounts, page by page", 1_000, move |count| {
            let sandbox = runtime.block_on(Sandbox::builder().tvip(TvipOptions::default()).start());
            let sandbox = sandbox.expect("a sandbox");
            sandbox.tvip().load(tvip_state(count)).expect("a state");
            let client = Tvip::builder()
                .url(sandbox.tvip_url())
                .credentials("admin", "adminpassword")
                .build();
            let client = client.expect("a client");
            move || {
                let _served = &sandbox;
                let all = client.accounts().all().collect();
                timed(|| assert_eq!(runtime.block_on(all).expect("a list").len(), count))
            }
        }),
    ]
}
