//! The quirks of the interface, each with a test named after it.

use std::time::{Duration, SystemTime};

use jsonsql_client::model::{
    self, End, ExternalRef, NewSubscriber, NewSubscription, PackageId, Patch, Recipients,
    SubscriberId, SubscriberKey, SubscriberPatch, SubscriptionId, TerminalId, Timestamp,
};
use jsonsql_client::provisioning::{Backend, Change};
use jsonsql_client::tvip::{
    AccountChange, AccountFilter, AccountId, AccountSubscriptionId, Command, DeviceId, NewAccount,
    NewAccountSubscription, OffsetDateTime, ProviderId, TarifId,
};
use jsonsql_client::{Error, ProtocolError, RejectionKind, Reply};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::tvip::{AccountDelete, DeleteOfGone, EpochUnit, ErrorShape, FieldSet, PinMd5};

use crate::canned::{Canned, status};
use crate::{builder, client, platform, sandbox};

#[tokio::test]
async fn q01_post_creates_without_id_and_changes_with_it() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let created = tvip
        .accounts()
        .create(&NewAccount::new("new"))
        .await
        .unwrap();
    let change = AccountChange {
        fullname: Patch::Set("Somebody".to_owned()),
        ..AccountChange::default()
    };
    let changed = tvip.accounts().update(created.id, &change).await.unwrap();
    assert_eq!((changed.id, changed.login.as_str()), (created.id, "new"));
    let all = tvip.accounts().all().collect().await.unwrap();
    assert_eq!(all.len(), 6, "one more than the demo has");
    let nothing = tvip
        .accounts()
        .update(created.id, &AccountChange::default())
        .await;
    assert!(matches!(nothing, Err(Error::Refused(_))));
}

#[tokio::test]
async fn q02_times_have_four_formats() {
    let sandbox = sandbox(|behavior| {
        behavior.field_set = FieldSet::Newer;
        behavior.stamp_unit = EpochUnit::Milliseconds;
    })
    .await;
    let tvip = client(&sandbox);
    // With an offset, which stays as it was given.
    let start: OffsetDateTime = "2030-05-19T00:00:00+03:00".parse().unwrap();
    let new = NewAccountSubscription::new(AccountId(2), TarifId(4), start);
    let row = tvip.account_subscriptions().create(&new).await.unwrap();
    assert_eq!(row.start.unwrap().to_string(), "2030-05-19T00:00:00+0300");
    // GMT without one, and a Unix time.
    let noon: Timestamp = "2035-12-31T12:00:00Z".parse().unwrap();
    let command = Command::restart().not_before(noon).not_after(noon);
    let devices = [DeviceId(1)];
    tvip.commands()
        .to_devices(&devices, &[command])
        .await
        .unwrap();
    // It waits for its time until then.
    assert_eq!(sandbox.tvip().inbox(1), []);
    let then = sandbox.tvip().inbox_at(1, noon.into());
    let [sent] = then.as_slice() else {
        panic!("{then:?}")
    };
    assert_eq!(sent.post_time, Some(SystemTime::from(noon)));
    assert_eq!(sent.ttl, Some(SystemTime::from(noon)));
    // An integer in a unit nobody knows.
    let account = tvip.accounts().get(AccountId(1)).await.unwrap().unwrap();
    assert_eq!(account.created, Some(1_672_560_000_000));
}

#[tokio::test]
async fn q03_limit_0_is_all() {
    let rows = |count: usize| {
        let rows: Vec<_> = (1..=count).map(|id| format!(r#"{{"id": {id}}}"#)).collect();
        rows.join(",")
    };
    // The second page's total is another one: rows have moved.
    let server = Canned::of(move |request| {
        let (rows, total) = match request {
            _ if request.contains("limit=0") => (rows(3), 3),
            _ if request.contains("start=0") => (rows(2), 4),
            _ => (rows(2), 3),
        };
        Reply::ok(format!(
            r#"{{"data": [{rows}], "total": {total}, "start": 0, "limit": 0}}"#
        ))
    });
    let client = server.builder().page_rows(2).build().unwrap();
    let regions = client.regions().all().collect().await.unwrap();
    assert_eq!(regions.len(), 3);
    insta::assert_snapshot!(server.requests(), @r"
    GET /regions?start=0&limit=2&sort=id
    GET /regions?start=1&limit=2&sort=id
    GET /regions?start=0&limit=0&sort=id
    ");
}

#[tokio::test]
async fn q04_pin_md5_may_or_may_not_come_back() {
    for (pin_md5, again) in [
        (PinMd5::Null, Change::Made),
        (PinMd5::Echoed, Change::Nothing),
    ] {
        let sandbox = sandbox(|behavior| behavior.pin_md5 = pin_md5).await;
        let tvip = client(&sandbox);
        let backend = platform(&tvip);
        let id = SubscriberId::from(1);
        let password = |password: &str| SubscriberPatch {
            password: Some(password.into()),
            ..SubscriberPatch::default()
        };
        let changed = backend
            .change_subscriber(&id, &password("new"))
            .await
            .unwrap();
        assert_eq!(changed.change, Change::Made);
        // One that the server is known to have is not sent again.
        let changed = backend
            .change_subscriber(&id, &password("new"))
            .await
            .unwrap();
        assert_eq!(changed.change, again);
        let account = tvip.accounts().get(AccountId(1)).await.unwrap().unwrap();
        assert_eq!(account.pin_md5.is_some(), pin_md5 == PinMd5::Echoed);
        if let Some(pin) = &account.pin_md5 {
            assert!(pin.is_of(&"new".into()));
        }
        let shown = format!("{account:?}");
        assert!(
            !shown.contains("22af645d1859cb5ca6da0c484f1f37ea"),
            "{shown}"
        );
        let state = sandbox.tvip().state();
        assert_eq!(
            state["accounts"][0]["pin_md5"],
            "22af645d1859cb5ca6da0c484f1f37ea"
        );
    }
}

#[tokio::test]
async fn q05_fields_grow_with_the_version() {
    for field_set in [FieldSet::Documented, FieldSet::Newer] {
        let sandbox = sandbox(|behavior| behavior.field_set = field_set).await;
        let tvip = client(&sandbox);
        let backend = platform(&tvip);
        let newer = field_set == FieldSet::Newer;
        let account = tvip.accounts().get(AccountId(1)).await.unwrap().unwrap();
        assert_eq!(account.updated.is_some(), newer);
        let device = tvip.devices().get(DeviceId(1)).await.unwrap().unwrap();
        assert_eq!(device.ws_connected.is_some(), newer);
        backend.subscribers().collect().await.unwrap();
    }
    // As little as can be, and what nobody has seen yet.
    let server = Canned::list([r#"{"data": [
        {"id": 1, "login": "a", "enabled": true, "avatar": {"url": "x"}, "region_dto": 7}
    ], "next": null}"#]);
    let accounts = server.client().accounts().all().collect().await.unwrap();
    assert_eq!(accounts[0].login, "a");
    // What is there and is not as documented is named, without its value.
    let server = Canned::list([r#"{"data": [
        {"id": 1, "login": "a", "enabled": "s3cret"}
    ], "total": 1}"#]);
    let error = server
        .client()
        .accounts()
        .all()
        .collect()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`data[0].enabled` in the answer: expected a boolean \
         (GET accounts at https://tms.example.com/api/provider/)"
    );
}

#[tokio::test]
async fn q06_errors_have_two_shapes_and_may_be_html() {
    for shape in [ErrorShape::Application, ErrorShape::Framework] {
        let sandbox = sandbox(|behavior| behavior.error_shape = shape).await;
        let tvip = client(&sandbox);
        // The demo has this login; the server's words quote it.
        let error = tvip
            .accounts()
            .create(&NewAccount::new("1001"))
            .await
            .unwrap_err();
        let Error::Rejected(rejection) = &error else {
            panic!("{error}")
        };
        assert_eq!(rejection.kind(), RejectionKind::Invalid);
        assert_eq!(rejection.status(), 400);
        assert!(
            rejection.message().contains("is another account's"),
            "{error}"
        );
        assert!(!error.to_string().contains("1001"), "{error}");
        assert_eq!(tvip.accounts().get(AccountId(99)).await.unwrap(), None);
        let stranger = builder(&sandbox).credentials("admin", "wrong");
        let denied = stranger.build().unwrap().accounts().all().collect().await;
        assert!(denied.unwrap_err().is_auth());
    }
    // With a status of success, as one client in production expects.
    let server = Canned::list([r#"{"statusCode": 404, "cause": "no such account"}"#]);
    assert_eq!(
        server.client().accounts().get(AccountId(1)).await.unwrap(),
        None
    );

    let html = "<html>maintenance</html>";
    let page = |code| Canned::of(move |_| status(code, html));
    let read = |error: Result<_, Error>| error.unwrap_err().to_string();
    let new = NewAccount::new("a");
    let get = page(200).client().accounts().get(AccountId(1)).await;
    assert_eq!(
        read(get.map(drop)),
        "the answer is not JSON; it begins with `<html>maintenance</html>` \
         (GET accounts at https://tms.example.com/api/provider/)"
    );
    // A page is not the server's word that there is no such account.
    let get = page(404).client().accounts().get(AccountId(1)).await;
    assert_eq!(
        read(get.map(drop)),
        "the server answered with HTTP status 404 and a text that begins with \
         `<html>maintenance</html>` (GET accounts at \
         https://tms.example.com/api/provider/); is the address right? The usual one \
         looks like `https://tms.example.com/api/provider`"
    );
    for code in [200, 502] {
        let server = page(code);
        let lost = server.client().accounts().create(&new).await.unwrap_err();
        assert!(lost.is_indeterminate(), "{lost}");
        assert_eq!(server.requests().lines().count(), 1, "not sent again");
    }
    let cut = Canned::list([r#"{"id": 1, "login""#]);
    let cut = cut.client().accounts().get(AccountId(1)).await.unwrap_err();
    assert!(
        matches!(&cut, Error::Protocol(problem) if matches!(**problem, ProtocolError::CutOff)),
        "{cut}"
    );
}

/// That one key cannot be given for the other is the compiler's business: see
/// `AccountSubscriptionId`.
#[tokio::test]
async fn q07_a_tariffs_number_is_not_a_subscriptions() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    // Account 1 has tariff 3 as subscription 1; subscription 3 is account 2's.
    let list = backend
        .subscriptions(&SubscriberId::from(1))
        .collect()
        .await
        .unwrap();
    let family = list
        .iter()
        .find(|one| one.package == PackageId::from(3))
        .unwrap();
    assert_eq!(family.id, SubscriptionId::from(1));
    backend
        .end_subscription(&family.id, End::Now)
        .await
        .unwrap();
    let rows = &sandbox.tvip().state()["account_subscriptions"];
    assert!(rows[0]["stop"].is_string());
    assert!(rows[2]["stop"].is_null(), "a stranger's");
}

#[tokio::test]
async fn q08_a_devices_subscriptions_shadow_its_accounts() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let now = || SystemTime::now() + Duration::from_secs(1);
    let box_1 = TerminalId::from(1);
    let (anna, igor) = (SubscriberId::from(1), SubscriberId::from(2));
    let shown = || sandbox.tvip().channels(1, now()).unwrap();
    let family = shown();
    let sport = NewSubscription {
        terminal: Some(box_1.clone()),
        ..NewSubscription::new(anna.clone(), PackageId::from(5))
    };
    let added = backend.add_subscription(&sport).await.unwrap().value;
    assert_eq!(added.id.as_str(), "device-2");
    assert_eq!(shown(), [11, 12], "nothing of the account's");
    let all = backend.subscriptions(&anna).collect().await.unwrap();
    assert!(all.contains(&added));
    assert_ne!(family, shown());
    // Even ended it would shadow the account's, so it is deleted.
    let ended = backend.end_subscription(&added.id, End::Now).await.unwrap();
    assert_eq!(ended.change, Change::Made);
    assert_eq!(shown(), family);
    // He has as many as he may.
    let more = AccountChange {
        devices_per_account_limit: Patch::Set(9),
        ..AccountChange::default()
    };
    tvip.accounts().update(AccountId(2), &more).await.unwrap();
    backend.move_terminal(&box_1, &igor).await.unwrap();
    assert_eq!(
        sandbox.tvip().state()["device_subscriptions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(shown().contains(&3), "what the new subscriber has");
    // Somebody else's box is not the subscriber's to subscribe.
    let refused = backend.add_subscription(&sport).await;
    assert!(matches!(refused, Err(Error::Missing { .. })), "{refused:?}");
}

#[tokio::test]
async fn q09_disabled_is_not_no_picture() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let anna = SubscriberId::from(1);
    let before = backend.subscriptions(&anna).collect().await.unwrap();
    let disabled = backend.disable_subscriber(&anna).await.unwrap().value;
    assert!(!disabled.enabled);
    assert_eq!(
        backend.subscriptions(&anna).collect().await.unwrap(),
        before
    );
    let shown = sandbox.tvip().channels(1, SystemTime::now()).unwrap();
    assert_eq!(shown, [1, 2, 4], "the provider's free tariff");
}

#[tokio::test]
async fn q10_deleting_what_is_gone_is_done() {
    for gone in [
        DeleteOfGone::Http404,
        DeleteOfGone::Http403,
        DeleteOfGone::Http400,
    ] {
        let sandbox = sandbox(|behavior| {
            behavior.delete_of_gone = gone;
            behavior.account_delete = AccountDelete::Refused;
        })
        .await;
        let tvip = client(&sandbox);
        tvip.accounts().delete(AccountId(99)).await.unwrap();
        // What is there and may not be deleted is there.
        let refused = tvip.accounts().delete(AccountId(1)).await.unwrap_err();
        assert!(matches!(refused, Error::Rejected(_)), "{refused}");
        assert!(tvip.accounts().get(AccountId(1)).await.unwrap().is_some());
        // The answer is lost, and the repetition finds nothing.
        let network = jsonsql_client::tvip::AccountNetworkId(1);
        let rule = Rule::new("/api/provider/account_network", Fault::Drop).nth(1);
        sandbox.set_faults(Faults::seeded(1).rule(rule));
        tvip.account_network().delete(network).await.unwrap();
    }
}

/// Something in between may answer for the server, with HTTP 200 and a page.
#[tokio::test]
async fn a_page_is_no_answer_to_a_deletion() {
    for (there, deleted) in [(true, false), (false, true)] {
        let server = Canned::of(move |request| match (request.split(' ').next(), there) {
            (Some("DELETE"), _) => Reply::ok("<html>Sign in to the network</html>"),
            (_, true) => Reply::ok(r#"{"id":7,"account":1,"tarif":2}"#),
            (_, false) => status(404, r#"{"status":404,"error":"Not Found"}"#),
        });
        let tvip = server.client();
        let answer = tvip
            .account_subscriptions()
            .delete(AccountSubscriptionId(7))
            .await;
        assert_eq!(answer.is_ok(), deleted, "{answer:?}");
        if let Err(error) = answer {
            assert!(error.is_indeterminate(), "{error}");
        }
    }
}

#[tokio::test]
async fn q11_a_login_that_is_taken_is_looked_up() {
    let taken = || status(400, r#"{"statusCode": 400, "cause": "taken"}"#);
    let list =
        |rows: &str, total: usize| Reply::ok(format!(r#"{{"data": [{rows}], "total": {total}}}"#));
    // Somebody else creates it between the look and the creation.
    let mut looks = 0;
    let server = Canned::of(move |request| match request {
        _ if request.starts_with("POST") => taken(),
        _ => {
            looks += 1;
            match looks {
                1 => list("", 0),
                _ => list(r#"{"id": 7, "login": "user", "enabled": true}"#, 1),
            }
        }
    });
    let adopted = platform(&server.client())
        .create_subscriber(&NewSubscriber::new("user"))
        .await
        .unwrap();
    assert_eq!(
        (adopted.change, adopted.value.id),
        (Change::Adopted, SubscriberId::from(7))
    );
    insta::assert_snapshot!(server.requests(), @r#"
    GET /accounts?login=user&start=0&limit=500&sort=id
    POST /accounts {"enabled":true,"login":"user"}
    GET /accounts?login=user&start=0&limit=500&sort=id
    "#);
    // Refused for another reason, it is refused.
    let server = Canned::of(move |request| match request.starts_with("POST") {
        true => taken(),
        false => list("", 0),
    });
    let refused = platform(&server.client())
        .create_subscriber(&NewSubscriber::new("user"))
        .await;
    assert!(matches!(refused, Err(Error::Rejected(_))), "{refused:?}");
}

#[tokio::test]
async fn q12_a_commands_answer_says_nothing_of_delivery() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    sandbox.tvip().disconnect(1).unwrap();
    let restart = [Command::restart()];
    tvip.commands()
        .to_devices(&[DeviceId(1)], &restart)
        .await
        .unwrap();
    let sent = sandbox.tvip().sent().pop().unwrap();
    assert_eq!((sent.reached, sent.missed), (vec![], vec![1]));
    // Of ids that nobody has it says nothing either, so the backend looks: one
    // by one, or for many in the list.
    let before = sandbox.tvip().sent().len();
    for some in [1, 20] {
        let nobody = vec![TerminalId::from(99); some];
        let told = backend
            .send(&Recipients::Terminals(nobody), &model::Command::Restart)
            .await;
        assert!(matches!(told, Err(Error::Missing { .. })), "{told:?}");
        let nobody = vec![SubscriberId::from(99); some];
        let told = backend
            .send(&Recipients::Subscribers(nobody), &model::Command::Restart)
            .await;
        assert!(matches!(told, Err(Error::Missing { .. })), "{told:?}");
        let known = vec![SubscriberId::from(1); some];
        backend
            .send(&Recipients::Subscribers(known), &model::Command::Restart)
            .await
            .unwrap();
    }
    assert_eq!(sandbox.tvip().sent().len(), before + 2);
}

#[tokio::test]
async fn q13_a_login_is_unique_within_its_provider() {
    let sandbox = sandbox(|_| {}).await;
    let key = SubscriberKey::Login("1001".to_owned());
    let of = |provider| {
        let client = builder(&sandbox).provider(ProviderId(provider));
        platform(&client.build().unwrap())
    };
    let found = of(1).find_subscriber(&key).await.unwrap().unwrap();
    assert_eq!(found.name.as_deref(), Some("Anna Berg"));
    let found = of(2).find_subscriber(&key).await.unwrap().unwrap();
    assert_eq!(found.name.as_deref(), Some("Marta Novak"));
    let everybody = platform(&builder(&sandbox).build().unwrap());
    let both = everybody.find_subscriber(&key).await;
    assert!(
        matches!(both, Err(Error::ManyRows { found: 2, .. })),
        "{both:?}"
    );
    // What is another provider's is not there.
    let before = sandbox.tvip().state();
    let marta = SubscriberId::from(5);
    let northnet = of(1);
    let found = northnet
        .find_subscriber(&SubscriberKey::Id(marta.clone()))
        .await;
    assert_eq!(found.unwrap(), None);
    let key = SubscriberKey::ExternalRef(ExternalRef::new("SL-1"));
    assert_eq!(northnet.find_subscriber(&key).await.unwrap(), None);
    let deleted = northnet.delete_subscriber(&marta).await.unwrap();
    assert_eq!(deleted.change, Change::Nothing);
    let ended = northnet
        .end_subscription(&SubscriptionId::from(6), End::Now)
        .await;
    assert_eq!(ended.unwrap().change, Change::Nothing);
    let refused = northnet.unbind_terminal(&TerminalId::from(6)).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let mac = "10:27:be:00:00:05".parse().unwrap();
    let taken = northnet.bind_terminal(&SubscriberId::from(1), mac).await;
    assert!(matches!(taken, Err(Error::Taken { .. })), "{taken:?}");
    assert_eq!(sandbox.tvip().state(), before);
    let filter = AccountFilter {
        provider: Some(ProviderId(2)),
        ..AccountFilter::default()
    };
    let all = northnet
        .platform()
        .client()
        .accounts()
        .list(filter)
        .collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 1, "the adapter itself sees all");
}

/// Proxies, filters and portals use every status, with JSON too. HTTP 401 without a
/// body is the server's answer to wrong credentials; with a page it is anybody's.
#[tokio::test]
async fn a_write_that_is_answered_by_somebody_else_is_unknown() {
    let write = async |code, body: &'static str| {
        let server = Canned::of(move |_| status(code, body));
        let tvip = server.builder().max_attempts(2).build().unwrap();
        let error = tvip.accounts().create(&NewAccount::new("a")).await;
        assert_eq!(server.requests().lines().count(), 1, "{code} {body}");
        error.unwrap_err()
    };
    for code in [
        302, 400, 403, 404, 405, 407, 408, 409, 413, 422, 425, 429, 451, 500, 502, 503, 504,
    ] {
        for body in [
            "",
            "<html>Forbidden</html>",
            "{}",
            r#"{"error":"upstream session aborted"}"#,
            r#"{"message":"Forbidden"}"#,
            r#"{"status":"error","error":"blocked"}"#,
            r#"{"status":200,"error":"blocked"}"#,
        ] {
            let error = write(code, body).await;
            assert!(error.is_indeterminate(), "{code} {body}: {error}");
        }
    }
    for body in [
        r#"{"statusCode":400,"cause":"no"}"#,
        r#"{"status":400,"error":"no"}"#,
    ] {
        let error = write(400, body).await;
        assert!(matches!(error, Error::Rejected(_)), "{error}");
    }
    for (code, body) in [
        (401, ""),
        (401, " \n"),
        (401, r#"{"status":401,"error":"Unauthorized"}"#),
        (403, r#"{"status":403,"error":"Forbidden"}"#),
    ] {
        let error = write(code, body).await;
        assert!(
            matches!(error, Error::Denied { .. }),
            "{code} {body}: {error}"
        );
    }
    for body in [
        "<html>Log in",
        "{}",
        r#"{"error":"no"}"#,
        r#"{"status":200}"#,
    ] {
        let error = write(401, body).await;
        assert!(error.is_indeterminate(), "{body}: {error}");
    }
}
