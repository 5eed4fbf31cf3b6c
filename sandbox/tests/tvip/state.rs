//! A state out and in again, and one that is none.

use jsonsql_sandbox::tvip::{TvipOptions, TvipSeed};
use jsonsql_sandbox::{Error, Sandbox};
use serde_json::{Value, json};

use crate::demo;
use crate::http::Client;

async fn started(seed: TvipSeed) -> Result<Sandbox, Error> {
    Sandbox::builder()
        .tvip(TvipOptions::default().seed(seed))
        .start()
        .await
}

#[tokio::test]
async fn a_state_is_loaded_as_it_was_given() {
    let (sandbox, client) = demo().await;
    client
        .post("/accounts", json!({"login": "2001", "pin_md5": "0"}))
        .await;
    let state = sandbox.tvip().state();
    let other = started(TvipSeed::State(state.clone())).await.unwrap();
    assert_eq!(other.tvip().state(), state);
    let empty = started(TvipSeed::Empty).await.unwrap();
    assert_eq!(empty.tvip().state()["accounts"], json!([]));
    empty.tvip().load(state.clone()).unwrap();
    assert_eq!(empty.tvip().state(), state);
    let created = Client::new(&empty)
        .post("/accounts", json!({"login": "2002"}))
        .await;
    assert_eq!(created["id"], 7);
}

#[tokio::test]
async fn a_state_that_is_none_is_said_where() {
    let start = "2025-01-01T00:00:00+0000";
    let provider = json!([{"id": 1, "provider_name": "One", "enabled": true}]);
    let account = |id: i64| json!({"id": id, "login": "x", "provider": 1});
    let cases: [(Value, &str); 8] = [
        (json!([]), "it is not an object"),
        (json!({"acounts": []}), "unknown field `acounts`"),
        (
            json!({"accounts": [{"id": 1}]}),
            "accounts[0]: missing field",
        ),
        (
            json!({"accounts": [account(1)]}),
            "accounts, id 1: provider: no provider has the id 1",
        ),
        (
            json!({"providers": provider, "accounts": [account(1), account(1)]}),
            "accounts: the id 1 is out of range or there twice",
        ),
        (
            json!({"providers": provider, "accounts": [account(1), account(2)]}),
            "accounts, id 2: \"x\" is there twice",
        ),
        (
            json!({"account_subscriptions": [{"id": 1, "account": 1, "tarif": 1, "start": start}]}),
            "account_subscriptions, id 1: account: no account has the id 1",
        ),
        (
            json!({"administrator": {"provider": 3}}),
            "administrator.provider: no provider",
        ),
    ];
    for (state, message) in cases {
        let error = started(TvipSeed::State(state))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("not a TVIP state: "), "{error}");
        assert!(error.contains(message), "{error}");
    }
    let (sandbox, client) = demo().await;
    assert!(sandbox.tvip().load(json!({"accounts": 1})).is_err());
    assert_eq!(client.ids("/accounts").await.len(), 5);
}

#[tokio::test]
async fn an_id_is_not_given_twice() {
    let (_sandbox, client) = demo().await;
    client.delete("/accounts/5").await;
    let created = client.post("/accounts", json!({"login": "2001"})).await;
    assert_eq!(created["id"], 6);
    // Nor is it after a change of an earlier one.
    client
        .post("/accounts", json!({"id": 1, "enabled": true}))
        .await;
    let created = client.post("/accounts", json!({"login": "2002"})).await;
    assert_eq!(created["id"], 7);
    assert_eq!(client.ids("/accounts").await, [1, 2, 3, 4, 6, 7]);
}
