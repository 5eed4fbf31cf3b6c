//! Which channels a device shows (protocol notes, section 4; the vendor's pages
//! on accounts and tariffs).

use std::time::{Duration, SystemTime};

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::tvip::DisabledTarif;
use serde_json::{Value, json};

use crate::{demo, with};

/// Seconds since 1970.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// 2025-01-01T00:00:00Z.
const NEW_YEAR: u64 = 1_735_689_600;

fn shown(sandbox: &Sandbox, device: i64) -> Vec<i64> {
    sandbox.tvip().channels(device, at(NEW_YEAR)).unwrap()
}

fn change(sandbox: &Sandbox, table: &str, row: usize, field: &str, value: Value) {
    let mut state = sandbox.tvip().state();
    state[table][row][field] = value;
    sandbox.tvip().load(state).unwrap();
}

#[tokio::test]
async fn an_account_shows_the_enabled_channels_of_its_active_tariffs() {
    let (sandbox, _) = demo().await;
    // Family: free, basic, kids, in the provider's region, North. Cinema ended.
    assert_eq!(shown(&sandbox, 1), [1, 2, 3, 4, 6, 7, 8]);
    // Both of the account's devices.
    assert_eq!(shown(&sandbox, 2), shown(&sandbox, 1));
    // While Cinema ran: 10 is disabled.
    let spring = sandbox.tvip().channels(1, at(1_714_521_600)).unwrap();
    assert_eq!(spring, [1, 2, 3, 4, 6, 7, 8, 9, 12]);
    assert_eq!(sandbox.tvip().channels(99, at(NEW_YEAR)), None);
    assert!(shown(&sandbox, 7).is_empty(), "nobody's device");
}

/// Active: `start <= now`, and `stop` null or later.
#[tokio::test]
async fn a_subscription_is_active_from_its_start_until_its_stop() {
    let (sandbox, client) = demo().await;
    let body =
        json!({"id": 3, "start": "2025-01-01T03:00:00+0300", "stop": "2025-01-01T04:00:00+0300"});
    client.post("/account_subscriptions", body).await;
    let at = |seconds| sandbox.tvip().channels(3, at(seconds)).unwrap().is_empty();
    assert!(at(NEW_YEAR - 1));
    assert!(!at(NEW_YEAR));
    assert!(!at(NEW_YEAR + 3599));
    assert!(at(NEW_YEAR + 3600));
}

#[tokio::test]
async fn a_disabled_provider_shows_nothing() {
    let (sandbox, _) = demo().await;
    change(&sandbox, "providers", 0, "enabled", json!(false));
    assert!(shown(&sandbox, 1).is_empty());
    // Not even the free tariff.
    assert!(shown(&sandbox, 4).is_empty());
}

#[tokio::test]
async fn a_disabled_account_shows_the_free_tariff_only() {
    let (sandbox, client) = demo().await;
    assert_eq!(shown(&sandbox, 4), [1, 2, 4]);
    client
        .post("/accounts", json!({"id": 3, "enabled": true}))
        .await;
    assert_eq!(shown(&sandbox, 4), [1, 2, 3, 4, 6, 7, 8]);
    client
        .post("/accounts", json!({"id": 3, "enabled": false}))
        .await;
    change(&sandbox, "providers", 0, "free_tarif", Value::Null);
    assert!(shown(&sandbox, 4).is_empty());
}

#[tokio::test]
async fn device_subscriptions_shadow_account_subscriptions() {
    let (sandbox, client) = demo().await;
    // The hotel has Basic, its lobby box Sport.
    assert_eq!(shown(&sandbox, 5), [11, 12]);
    // Ended, it still shadows.
    client
        .post(
            "/device_subscriptions",
            json!({"id": 1, "stop": "2024-01-01T00:00:00+0300"}),
        )
        .await;
    assert!(shown(&sandbox, 5).is_empty());
    client.delete("/device_subscriptions/1").await;
    assert_eq!(shown(&sandbox, 5), [1, 2, 3, 5, 6]);
}

#[tokio::test]
async fn the_accounts_region_overrides_the_providers() {
    let (sandbox, client) = demo().await;
    client.delete("/device_subscriptions/1").await;
    // The hotel is in the South, its provider in the North.
    assert!(shown(&sandbox, 5).contains(&5));
    assert!(!shown(&sandbox, 5).contains(&4));
    client
        .post("/accounts", json!({"id": 4, "region_tag": null}))
        .await;
    assert!(shown(&sandbox, 5).contains(&4));
    assert!(!shown(&sandbox, 5).contains(&5));
}

/// Not known: by itself it gives nothing, with the switch its channels.
#[tokio::test]
async fn a_disabled_tariff_gives_what_the_switch_says() {
    let (sandbox, client) = demo().await;
    client.put("/tarifs/3", json!({"enabled": false})).await;
    assert!(shown(&sandbox, 1).is_empty());
    // Another's device has another tariff.
    assert_eq!(shown(&sandbox, 3), [1, 2, 3, 4, 6]);
    // The free one, of a disabled account.
    client.put("/tarifs/1", json!({"enabled": false})).await;
    assert!(shown(&sandbox, 4).is_empty());

    let gives = |behavior: &mut jsonsql_sandbox::tvip::TvipBehavior| {
        behavior.disabled_tarif = DisabledTarif::GivesChannels;
    };
    let (sandbox, client) = with(gives).await;
    client.put("/tarifs/3", json!({"enabled": false})).await;
    assert_eq!(shown(&sandbox, 1), [1, 2, 3, 4, 6, 7, 8]);
}
