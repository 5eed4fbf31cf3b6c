//! Every example of the vendor's English and Russian documents. The Russian one
//! has the first five, with the same requests and answers.

use insta::{assert_compact_debug_snapshot, assert_snapshot};
use jsonsql_client::model::Patch;
use jsonsql_client::tvip::{
    AccountChange, AccountId, AccountSubscriptionFilter, AccountSubscriptionId, Command,
    NewAccount, NewAccountSubscription, ProviderId, SubscriptionChange, TarifId,
};

use crate::canned::Canned;

const ACCOUNT: &str = r#"{
"id": 4333,
"login": "user",
"remote_custom_field": null,
"fullname": "First name Last name",
"pin_md5": null,
"contract_info": null,
"main_address": null,
"account_desc": null,
"provider": 212,
"provider_dto": null,
"region_tag": null,
"region_dto": null,
"enabled": true,
"devices_per_account_limit": null
}"#;

const DISABLED: &str = r#"{
"id": 4333,
"login": "user",
"remote_custom_field": null,
"fullname": "First name Last name",
"pin_md5": null,
"contract_info": null,
"main_address": null,
"account_desc": null,
"provider": 212,
"provider_dto": null,
"region_tag": null,
"region_dto": null,
"enabled": false,
"devices_per_account_limit": null
}"#;

const SUBSCRIPTION: &str = r#"{
"start": "2020-05-19T00:00:00+0300",
"stop": null,
"tarif": 69,
"id": 13592,
"account": 4333,
"tarif_dto": null,
"account_dto": null
}"#;

const ENDED: &str = r#"{
"start": "2020-05-19T00:00:00+0300",
"stop": "2020-05-20T00:00:00+0300",
"tarif": 69,
"id": 13592,
"account": 4333,
"tarif_dto": null,
"account_dto": null
}"#;

const RESPONSE: &str = r#"{
"response": true
}"#;

#[tokio::test]
async fn api_authorization() {
    let server = Canned::list([r#"{"data": [], "total": 0, "start": 0, "limit": 100}"#]);
    let accounts = server.client().accounts().all().collect().await.unwrap();
    assert_eq!(accounts, []);
    assert_snapshot!(server.requests(), @"GET /accounts?start=0&limit=500&sort=id");
}

#[tokio::test]
async fn creating_an_account() {
    let server = Canned::list([ACCOUNT]);
    let new = NewAccount {
        password: Some("12345678".into()),
        fullname: Some("First name Last name".to_owned()),
        provider: Some(ProviderId(212)),
        ..NewAccount::new("user")
    };
    let account = server.client().accounts().create(&new).await.unwrap();
    assert_snapshot!(server.requests(), @r#"POST /accounts {"enabled":true,"login":"user","pin_md5":"25d55ad283aa400af464c76d713c07ad","fullname":"First name Last name","provider":212}"#);
    assert_eq!(account.login, "user");
    assert_eq!(account.fullname.as_deref(), Some("First name Last name"));
    assert_compact_debug_snapshot!(account, @"Account { id: AccountId(4333), login: …, remote_custom_field: None, fullname: Some(…), pin_md5: None, contract_info: None, main_address: None, account_desc: None, provider: Some(ProviderId(212)), provider_dto: None, region_tag: None, region_dto: None, enabled: true, devices_per_account_limit: None, last_online: None, created: None, updated: None }");
}

#[tokio::test]
async fn adding_a_subscription_to_a_user() {
    // The English text says that the answer is an array; its example is not.
    for answer in [
        SUBSCRIPTION,
        "[{\"id\": 13592, \"account\": 4333, \"tarif\": 69, \"start\": \"2020-05-19T00:00:00+0300\", \"stop\": null}]",
    ] {
        let server = Canned::of(move |_| jsonsql_client::Reply::ok(answer));
        let start = "2020-05-19T00:00:00+0300".parse().unwrap();
        let new = NewAccountSubscription::new(AccountId(4333), TarifId(69), start);
        let subscriptions = server.client();
        let subscription = subscriptions
            .account_subscriptions()
            .create(&new)
            .await
            .unwrap();
        insta::allow_duplicates! {
            assert_snapshot!(server.requests(), @r#"POST /account_subscriptions {"account":4333,"start":"2020-05-19T00:00:00+0300","tarif":69}"#);
            assert_compact_debug_snapshot!(subscription, @"AccountSubscription { id: AccountSubscriptionId(13592), account: AccountId(4333), tarif: TarifId(69), start: Some(2020-05-19T00:00:00+0300), stop: None, time_shift_depth: None, tarif_dto: None, account_dto: None }");
        }
    }
}

#[tokio::test]
async fn all_client_subscriptions() {
    let server = Canned::of(|_| {
        jsonsql_client::Reply::ok(format!(
            r#"{{"data": [{SUBSCRIPTION}], "total": 1, "start": 0, "limit": 100}}"#
        ))
    });
    let filter = AccountSubscriptionFilter {
        account: Some(AccountId(4333)),
        ..AccountSubscriptionFilter::default()
    };
    let list = server.client().account_subscriptions().list(filter);
    let list = list.collect().await.unwrap();
    assert_snapshot!(server.requests(), @"GET /account_subscriptions?account=4333&start=0&limit=500&sort=id");
    assert_compact_debug_snapshot!(list, @"[AccountSubscription { id: AccountSubscriptionId(13592), account: AccountId(4333), tarif: TarifId(69), start: Some(2020-05-19T00:00:00+0300), stop: None, time_shift_depth: None, tarif_dto: None, account_dto: None }]");
}

#[tokio::test]
async fn subscription_cancelling() {
    let server = Canned::list([ENDED]);
    let change = SubscriptionChange {
        stop: Patch::Set("2020-05-20T00:00:00+0300".parse().unwrap()),
        ..SubscriptionChange::default()
    };
    let id = AccountSubscriptionId(13592);
    let client = server.client();
    let ended = client.account_subscriptions().update(id, &change).await;
    assert_snapshot!(server.requests(), @r#"POST /account_subscriptions {"id":13592,"stop":"2020-05-20T00:00:00+0300"}"#);
    assert_compact_debug_snapshot!(ended.unwrap(), @"AccountSubscription { id: AccountSubscriptionId(13592), account: AccountId(4333), tarif: TarifId(69), start: Some(2020-05-19T00:00:00+0300), stop: Some(2020-05-20T00:00:00+0300), time_shift_depth: None, tarif_dto: None, account_dto: None }");
}

#[tokio::test]
async fn account_disconnection() {
    let server = Canned::list([DISABLED]);
    let change = AccountChange {
        enabled: Some(false),
        ..AccountChange::default()
    };
    let client = server.client();
    let account = client.accounts().update(AccountId(4333), &change).await;
    let account = account.unwrap();
    assert_snapshot!(server.requests(), @r#"POST /accounts {"id":4333,"enabled":false}"#);
    assert_eq!(account.login, "user");
    assert_eq!(account.fullname.as_deref(), Some("First name Last name"));
    assert_compact_debug_snapshot!(account, @"Account { id: AccountId(4333), login: …, remote_custom_field: None, fullname: Some(…), pin_md5: None, contract_info: None, main_address: None, account_desc: None, provider: Some(ProviderId(212)), provider_dto: None, region_tag: None, region_dto: None, enabled: false, devices_per_account_limit: None, last_online: None, created: None, updated: None }");
}

#[tokio::test]
async fn a_command_to_update_the_channel_list() {
    let server = Canned::list([RESPONSE]);
    let ids = [AccountId(3), AccountId(11)];
    let client = server.client();
    let sent = client
        .commands()
        .to_accounts(&ids, &[Command::refresh_channel_list()])
        .await;
    assert_compact_debug_snapshot!(sent, @"Ok(())");
    assert_snapshot!(server.requests(), @r#"POST /commands/send/accounts?broadcast=false {"ids":[3,11],"commands":[{"command":"refresh_channel_list"}]}"#);
}

#[tokio::test]
async fn a_message_to_client_devices() {
    let server = Canned::list([RESPONSE]);
    let title = Some("Dear subscribers!".to_owned());
    let message = Command::confirm(title, "Happy Holidays!")
        .not_before("2025-12-31T12:00:00Z".parse().unwrap());
    let client = server.client();
    let sent = client
        .commands()
        .to_providers(&[ProviderId(1)], &[message])
        .await;
    assert_compact_debug_snapshot!(sent, @"Ok(())");
    assert_snapshot!(server.requests(), @r#"POST /commands/send/providers?broadcast=false {"ids":[1],"commands":[{"command":"user_message","type":"confirm","title":"Dear subscribers!","text":"Happy Holidays!","post_time":"2025-12-31T12:00:00"}]}"#);
}
