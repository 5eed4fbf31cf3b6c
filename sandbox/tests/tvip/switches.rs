//! Each unknown, answered otherwise than by default.

use jsonsql_sandbox::tvip::{
    AccountDelete, Broadcast, Created, Deleted, DeviceOverLimit, Dto, EmptyIds, EpochUnit,
    ExplicitNull, FieldSet, NotKnownName, Put, SameTarifTwice, TextFilter, UniqueIdCase,
    UnknownIds,
};
use jsonsql_sandbox::tvip::{Action, Sent};
use serde_json::{Value, json};

use crate::{demo, with};

#[tokio::test]
async fn put_replaces() {
    let (_sandbox, client) = with(|behavior| behavior.put = Put::Replaces).await;
    let (status, cause) = client
        .refused("PUT", "/accounts/1", json!({"enabled": false}))
        .await;
    assert_eq!((status, cause.as_str()), (400, "missing field `login`"));
    let body = json!({"login": "1001", "provider": 1, "fullname": "Anna"});
    let replaced = client.put("/accounts/1", body).await;
    assert_eq!(replaced["fullname"], "Anna");
    assert_eq!(replaced["contract_info"], Value::Null);
}

#[tokio::test]
async fn explicit_null() {
    let body = json!({"id": 1, "contract_info": null});
    let (_sandbox, client) = demo().await;
    assert_eq!(
        client.post("/accounts", body.clone()).await["contract_info"],
        Value::Null
    );
    let (_sandbox, client) = with(|behavior| behavior.explicit_null = ExplicitNull::Keeps).await;
    assert_eq!(
        client.post("/accounts", body).await["contract_info"],
        "1001/23"
    );
}

#[tokio::test]
async fn text_filter() {
    let (_sandbox, client) = with(|behavior| behavior.text_filter = TextFilter::Prefix).await;
    assert_eq!(client.ids("/accounts?login=100").await, [1, 2, 3, 4, 5]);
    assert_eq!(client.ids("/accounts?login=1001").await, [1, 5]);
}

#[tokio::test]
async fn unique_id_case() {
    let upper = json!({"unique_id": "10:27:BE:00:00:01", "provider": 1});
    let (_sandbox, client) = demo().await;
    let created = client.post("/devices", upper.clone()).await;
    assert_eq!(created["unique_id"], "10:27:BE:00:00:01");
    assert_eq!(
        client.ids("/devices?unique_id=10:27:be:00:00:01").await,
        [1]
    );
    let (_sandbox, client) = with(|behavior| behavior.unique_id_case = UniqueIdCase::Lowered).await;
    assert_eq!(client.refused("POST", "/devices", upper).await.0, 400);
    assert_eq!(
        client.ids("/devices?unique_id=10:27:BE:00:00:01").await,
        [1]
    );
}

#[tokio::test]
async fn created() {
    let (_sandbox, client) = with(|behavior| behavior.created = Created::Http201).await;
    assert_eq!(
        client
            .send("POST", "/accounts", b"{\"login\": \"n\"}")
            .await
            .status,
        201
    );
    assert_eq!(
        client
            .send("POST", "/accounts", b"{\"id\": 1}")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn deleted() {
    let (_sandbox, client) = with(|behavior| behavior.deleted = Deleted::Entity).await;
    let account = client.get("/accounts/1").await;
    assert_eq!(client.delete("/accounts/1").await, account);
    let (_sandbox, client) = with(|behavior| behavior.deleted = Deleted::Http204).await;
    let answer = client.send("DELETE", "/accounts/1", b"").await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
}

#[tokio::test]
async fn account_delete() {
    let (_sandbox, client) = demo().await;
    client.delete("/accounts/4").await;
    assert!(client.ids("/devices?account=4").await.is_empty());
    assert!(
        client
            .ids("/account_subscriptions?account=4")
            .await
            .is_empty()
    );
    assert!(client.ids("/device_subscriptions").await.is_empty());
    assert!(client.ids("/account_network").await.is_empty());
    let (_sandbox, client) = with(|u| u.account_delete = AccountDelete::Refused).await;
    assert_eq!(
        client.refused("DELETE", "/accounts/4", Value::Null).await.0,
        400
    );
    client.delete("/devices/5").await;
    assert_eq!(
        client.refused("DELETE", "/accounts/4", Value::Null).await.0,
        400
    );
    client.delete("/account_subscriptions/5").await;
    client.delete("/accounts/4").await;
}

#[tokio::test]
async fn device_over_limit() {
    let device = |n: u8| json!({"unique_id": format!("10:27:be:ff:ff:{n:02x}"), "account": 2});
    let (_sandbox, client) = demo().await;
    client.post("/devices", device(1)).await;
    let (_sandbox, client) = with(|u| u.device_over_limit = DeviceOverLimit::Refused).await;
    // The account's own limit.
    let (status, cause) = client.refused("POST", "/devices", device(1)).await;
    assert_eq!(
        (status, cause.as_str()),
        (400, "the account has 1 devices, which is its limit")
    );
    let stock = json!({"id": 7, "account": 2});
    assert_eq!(client.refused("POST", "/devices", stock).await.0, 400);
    // What is bound stays bound.
    client
        .post("/devices", json!({"id": 3, "comment": "kept"}))
        .await;
    // The provider's limit.
    client
        .post("/devices", json!({"id": 7, "account": 1}))
        .await;
    assert_eq!(
        client
            .refused("POST", "/devices", json!({"id": 3, "account": 1}))
            .await
            .0,
        400
    );
    // The other provider has none.
    for n in 1..6 {
        let mut device = device(n);
        device["account"] = json!(5);
        client.post("/devices", device).await;
    }
}

#[tokio::test]
async fn same_tarif_twice() {
    let again = json!({"account": 1, "tarif": 3, "start": "2025-01-01T00:00:00+0300"});
    let (_sandbox, client) = with(|u| u.same_tarif_twice = SameTarifTwice::Refused).await;
    assert_eq!(
        client
            .refused("POST", "/account_subscriptions", again)
            .await
            .0,
        400
    );
    // The earlier one has ended.
    let cinema = json!({"account": 1, "tarif": 4, "start": "2025-01-01T00:00:00+0300"});
    client.post("/account_subscriptions", cinema).await;
}

#[tokio::test]
async fn dto() {
    let (_sandbox, client) = with(|behavior| behavior.dto = Dto::Filled).await;
    let account = client.get("/accounts/4").await;
    assert_eq!(account["provider_dto"]["provider_name"], "Northnet");
    assert_eq!(account["region_dto"], json!({"id": 2, "name": "South"}));
    let subscription = client.get("/account_subscriptions/5").await;
    assert_eq!(subscription["tarif_dto"]["tarif_name"], "Basic");
    assert_eq!(subscription["account_dto"]["login"], "1004");
    assert_eq!(subscription["account_dto"]["provider_dto"], Value::Null);
    assert_eq!(subscription["account_dto"]["pin_md5"], Value::Null);
    let own = client.get("/device_subscriptions/1").await;
    assert_eq!(own["device_dto"]["unique_id"], "10:27:be:00:00:04");
}

#[tokio::test]
async fn units_of_stamps_and_ttl() {
    let (sandbox, client) = with(|behavior| {
        behavior.field_set = FieldSet::Newer;
        behavior.stamp_unit = EpochUnit::Milliseconds;
        behavior.ttl_unit = EpochUnit::Milliseconds;
    })
    .await;
    assert_eq!(
        client.get("/accounts/1").await["created"],
        1_672_560_000_000_i64
    );
    let body = json!({"ids": [1], "commands": [{"command": "reinit", "ttl": 32_503_680_000_i64}]});
    client.post("/commands/send/devices", body).await;
    // In milliseconds that is 1971.
    assert!(sandbox.tvip().inbox(1).is_empty());
}

async fn sent(
    client: &crate::Client,
    sandbox: &jsonsql_sandbox::Sandbox,
    path: &str,
    ids: Value,
) -> Sent {
    let body = json!({"ids": ids, "commands": [{"command": "reinit"}]});
    client.post(&format!("/commands/send/{path}"), body).await;
    sandbox.tvip().sent().pop().unwrap()
}

#[tokio::test]
async fn broadcast() {
    let path = "devices?broadcast=true";
    let (sandbox, client) = demo().await;
    let everybody = sent(&client, &sandbox, path, json!([1])).await;
    assert_eq!(everybody.reached, [1, 3, 4, 5, 6]);
    assert!(everybody.broadcast);
    let (sandbox, client) = with(|behavior| behavior.broadcast = Broadcast::Ignored).await;
    assert_eq!(sent(&client, &sandbox, path, json!([1])).await.reached, [1]);
    let answer = client
        .send("POST", "/commands/send/devices?broadcast=2", b"{}")
        .await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn empty_ids() {
    let (sandbox, client) = demo().await;
    assert!(
        sent(&client, &sandbox, "devices", json!([]))
            .await
            .reached
            .is_empty()
    );
    let (sandbox, client) = with(|behavior| behavior.empty_ids = EmptyIds::Everybody).await;
    assert_eq!(
        sent(&client, &sandbox, "devices", json!([]))
            .await
            .reached
            .len(),
        5
    );
    let (sandbox, client) = with(|behavior| behavior.empty_ids = EmptyIds::Refused).await;
    let body = json!({"ids": [], "commands": [{"command": "reinit"}]});
    assert_eq!(
        client
            .refused("POST", "/commands/send/devices", body)
            .await
            .0,
        400
    );
    assert!(sandbox.tvip().sent().is_empty());
}

#[tokio::test]
async fn unknown_ids() {
    let (sandbox, client) = with(|behavior| behavior.unknown_ids = UnknownIds::Refused).await;
    let body = json!({"ids": [1, 99], "commands": [{"command": "reinit"}]});
    for class in ["devices", "accounts", "providers"] {
        let path = format!("/commands/send/{class}");
        let refused = client.refused("POST", &path, body.clone()).await;
        assert_eq!(refused, (404, "ids: nobody has the id 99".to_owned()));
    }
    assert!(sandbox.tvip().sent().is_empty());
}

#[tokio::test]
async fn not_known_name() {
    let body = json!({"ids": [1], "commands": [{"command": "dance", "style": "tango"}]});
    let (sandbox, client) = demo().await;
    client.post("/commands/send/devices", body.clone()).await;
    assert_eq!(
        sandbox.tvip().inbox(1)[0].action,
        Action::Other("dance".to_owned())
    );
    let (sandbox, client) = with(|u| u.not_known_name = NotKnownName::Refused).await;
    assert_eq!(
        client
            .refused("POST", "/commands/send/devices", body)
            .await
            .0,
        400
    );
    assert!(sandbox.tvip().sent().is_empty());
}
