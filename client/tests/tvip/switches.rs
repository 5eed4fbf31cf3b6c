//! The same provisioning on servers that behave in every way they might.

use jsonsql_client::model::{
    End, ExternalRef, NewSubscriber, NewSubscription, PackageId, Patch, SubscriberKey,
    SubscriberPatch, TerminalId,
};
use jsonsql_client::provisioning::{Backend, Change};
use jsonsql_client::tvip::{AccountId, NewAccount, Tvip, Unbind};
use jsonsql_client::{Error, Reply};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::tvip::{
    AccountDelete, Created, DeleteOfGone, Deleted, DeviceOverLimit, Dto, EmptyIds, ErrorShape,
    ExplicitNull, FieldSet, NotKnownName, PinMd5, SameTarifTwice, TextFilter, TvipBehavior,
    UniqueIdCase, UnknownIds,
};

use crate::{builder, client, platform, sandbox};

/// A subscriber's life, and nothing of it left at the end.
async fn lives(sandbox: &Sandbox, tvip: &Tvip) {
    let backend = platform(tvip);
    let before = sandbox.tvip().state();
    let new = NewSubscriber {
        password: Some("secret".into()),
        external_ref: Some(ExternalRef::new("NN-100")),
        name: Some("Newcomer".to_owned()),
        ..NewSubscriber::new("100")
    };
    let created = backend.create_subscriber(&new).await.unwrap();
    assert_eq!(created.change, Change::Made);
    let id = created.value.id;
    let again = backend.create_subscriber(&new).await.unwrap();
    assert_eq!((again.change, &again.value.id), (Change::Adopted, &id));
    let patch = SubscriberPatch {
        note: Patch::Set("gate".to_owned()),
        ..SubscriberPatch::default()
    };
    backend.change_subscriber(&id, &patch).await.unwrap();
    // A prefix of other logins and references, and only that.
    for key in [
        SubscriberKey::Login("100".to_owned()),
        SubscriberKey::ExternalRef(ExternalRef::new("NN-100")),
    ] {
        assert_eq!(backend.find_subscriber(&key).await.unwrap().unwrap().id, id);
    }
    let nobody = SubscriberKey::Login("10".to_owned());
    assert_eq!(backend.find_subscriber(&nobody).await.unwrap(), None);

    let mac = "10:27:BE:00:01:AA".parse().unwrap();
    let terminal = backend.bind_terminal(&id, mac).await.unwrap().value;
    let again = backend.bind_terminal(&id, mac).await.unwrap();
    assert_eq!(
        (again.change, &again.value.id),
        (Change::Nothing, &terminal.id)
    );
    let mut subscription = NewSubscription::new(id.clone(), PackageId::from(2));
    for change in [Change::Made, Change::Nothing] {
        let added = backend.add_subscription(&subscription).await.unwrap();
        assert_eq!(added.change, change);
    }
    subscription.terminal = Some(terminal.id.clone());
    subscription.package = PackageId::from(5);
    let own = backend.add_subscription(&subscription).await.unwrap().value;
    backend.end_subscription(&own.id, End::Now).await.unwrap();
    backend.disable_subscriber(&id).await.unwrap();
    assert_eq!(backend.terminals(&id).collect().await.unwrap().len(), 1);
    assert_eq!(backend.subscriptions(&id).collect().await.unwrap().len(), 1);

    for change in [Change::Made, Change::Nothing] {
        let deleted = backend.delete_subscriber(&id).await.unwrap();
        assert_eq!(deleted.change, change);
    }
    let after = sandbox.tvip().state();
    for table in [
        "accounts",
        "devices",
        "account_subscriptions",
        "device_subscriptions",
        "account_network",
    ] {
        assert_eq!(after[table], before[table], "{table}");
    }
}

#[tokio::test]
async fn a_subscriber_lives_on_every_server() {
    type Set = fn(&mut TvipBehavior);
    let settings: [Set; 22] = [
        |_| {},
        |behavior| behavior.field_set = FieldSet::Newer,
        |behavior| behavior.default_limit = Some(1),
        |behavior| behavior.default_limit = None,
        |behavior| behavior.not_known_name = NotKnownName::Refused,
        |behavior| behavior.pin_md5 = PinMd5::Echoed,
        |behavior| behavior.text_filter = TextFilter::Prefix,
        |behavior| behavior.unique_id_case = UniqueIdCase::Lowered,
        |behavior| behavior.created = Created::Http201,
        |behavior| behavior.deleted = Deleted::Entity,
        |behavior| behavior.deleted = Deleted::Http204,
        |behavior| behavior.delete_of_gone = DeleteOfGone::Http403,
        |behavior| behavior.delete_of_gone = DeleteOfGone::Http400,
        |behavior| behavior.account_delete = AccountDelete::Refused,
        |behavior| behavior.device_over_limit = DeviceOverLimit::Refused,
        |behavior| behavior.same_tarif_twice = SameTarifTwice::Refused,
        |behavior| behavior.error_shape = ErrorShape::Application,
        |behavior| behavior.error_shape = ErrorShape::Framework,
        |behavior| behavior.dto = Dto::Filled,
        |behavior| behavior.empty_ids = EmptyIds::Everybody,
        |behavior| behavior.unknown_ids = UnknownIds::Refused,
        |behavior| behavior.explicit_null = ExplicitNull::Clears,
    ];
    for set in settings {
        let sandbox = sandbox(set).await;
        lives(&sandbox, &client(&sandbox)).await;
    }
}

/// Where null does not clear, taking a box away says so and deleting it works.
#[tokio::test]
async fn a_server_that_keeps_nulls_needs_unbind_by_deletion() {
    let sandbox = sandbox(|behavior| behavior.explicit_null = ExplicitNull::Keeps).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let id = TerminalId::from(1);
    let refused = backend.unbind_terminal(&id).await.unwrap_err();
    assert!(matches!(refused, Error::NotApplied { .. }), "{refused}");
    let patch = SubscriberPatch {
        name: Patch::Clear,
        ..SubscriberPatch::default()
    };
    let refused = backend
        .change_subscriber(&1.into(), &patch)
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("these are not as wanted: name"),
        "{refused}"
    );

    let provider = jsonsql_client::tvip::ProviderId(1);
    let tvip = builder(&sandbox).provider(provider).unbind(Unbind::Delete);
    let tvip = tvip.build().unwrap();
    let backend = platform(&tvip);
    lives(&sandbox, &tvip).await;
    for change in [Change::Made, Change::Nothing] {
        assert_eq!(backend.unbind_terminal(&id).await.unwrap().change, change);
    }
}

/// The box was written in capitals by another client: one more with the same
/// address must not come.
#[tokio::test]
async fn a_box_in_capitals_is_found() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let new = jsonsql_client::tvip::NewDevice::of_unique_id("10:27:BE:00:0A:BC");
    let device = tvip.devices().create(&new).await.unwrap();
    let mac = "10:27:be:00:0a:bc".parse().unwrap();
    let bound = backend.bind_terminal(&1.into(), mac).await.unwrap().value;
    assert_eq!(bound.id, TerminalId::from(device.id.0));
    let mac = "10:27:be:00:0a:bd".parse().unwrap();
    let created = backend.bind_terminal(&1.into(), mac).await.unwrap().value;
    let created = created
        .id
        .as_str()
        .parse()
        .map(jsonsql_client::tvip::DeviceId);
    let created = tvip.devices().get(created.unwrap()).await.unwrap().unwrap();
    assert_eq!(created.unique_id, "10:27:be:00:0a:bd");
}

#[tokio::test]
async fn a_box_too_many_is_refused() {
    let sandbox = sandbox(|behavior| behavior.device_over_limit = DeviceOverLimit::Refused).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let mac = "10:27:be:00:0a:bc".parse().unwrap();
    let refused = backend.bind_terminal(&2.into(), mac).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let stray = NewAccount::new("spare");
    assert!(tvip.accounts().create(&stray).await.is_ok());
    assert!(tvip.accounts().get(AccountId(6)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_device_is_created_with_ws_connected_where_servers_want_it() {
    let server = crate::canned::Canned::of(|request| {
        Reply::ok(match request {
            _ if request.starts_with("POST") => {
                r#"{"id": 9, "unique_id": "10:27:be:00:0a:bc", "account": 1, "provider": 3}"#
            }
            "GET /accounts/1" => r#"{"id": 1, "login": "a", "enabled": true, "provider": 3}"#,
            _ => r#"{"data": [], "total": 0}"#,
        })
    });
    let client = server.builder().create_with_ws_connected().build().unwrap();
    let backend = platform(&client);
    let mac = "10:27:be:00:0a:bc".parse().unwrap();
    backend.bind_terminal(&1.into(), mac).await.unwrap();
    let requests = server.requests();
    let posts: Vec<_> = (requests.lines())
        .filter(|line| line.starts_with("POST"))
        .collect();
    assert_eq!(
        posts,
        [
            r#"POST /devices {"account":1,"provider":3,"unique_id":"10:27:be:00:0a:bc","ws_connected":false}"#
        ]
    );
}
