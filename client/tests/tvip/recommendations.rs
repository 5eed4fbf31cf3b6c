//! How a client should use the interface, each point with a test named after it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use jsonsql_client::model::{
    End, ExternalRef, NewSubscriber, NewSubscription, PackageId, Patch, SubscriberId,
    SubscriberPatch,
};
use jsonsql_client::provisioning::{Backend, Change};
use jsonsql_client::tvip::{Ending, Offset};
use jsonsql_client::{Error, ProtocolError, Reply};

use crate::canned::Canned;
use crate::{builder, client, platform, sandbox};

/// A server of regions with these keys. Before it answers, `before` may change
/// them: it is given the number of the request.
fn regions(
    keys: impl IntoIterator<Item = i64>,
    mut before: impl FnMut(usize, &mut Vec<i64>) + Send + 'static,
) -> Canned {
    let mut keys: Vec<i64> = keys.into_iter().collect();
    let mut number = 0;
    Canned::of(move |request| {
        number += 1;
        before(number, &mut keys);
        let query = request.split_once('?').unwrap().1;
        let parameter = |name: &str| -> usize {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|pair| pair.0 == name)
                .unwrap()
                .1
                .parse()
                .unwrap()
        };
        let limit = match parameter("limit") {
            0 => usize::MAX,
            limit => limit,
        };
        let rows = keys.iter().skip(parameter("start")).take(limit);
        let rows: Vec<_> = rows.map(|id| format!(r#"{{"id": {id}}}"#)).collect();
        let (rows, total) = (rows.join(","), keys.len());
        Reply::ok(format!(r#"{{"data": [{rows}], "total": {total}}}"#))
    })
}

async fn read(server: &Canned) -> Result<Vec<i64>, Error> {
    let regions = server.client().regions().all().collect().await?;
    Ok(regions.iter().map(|region| region.id.0).collect())
}

#[tokio::test]
async fn reads_go_by_pages_of_500_sorted_by_key_and_check_the_total() {
    for count in [0, 1, 499, 500, 501, 999, 1000, 1300] {
        let server = regions(1..=count, |_, _| {});
        assert_eq!(
            read(&server).await.unwrap(),
            (1..=count).collect::<Vec<_>>()
        );
    }
    let server = regions(1..=1300, |_, _| {});
    read(&server).await.unwrap();
    // A page begins with the last row of the one before.
    insta::assert_snapshot!(server.requests(), @r"
    GET /regions?start=0&limit=500&sort=id
    GET /regions?start=499&limit=500&sort=id
    GET /regions?start=998&limit=500&sort=id
    ");
    // Pages that nobody asks for are not read.
    let client = server.client();
    let mut first = client.regions().all();
    first.next().await.unwrap().unwrap();
    assert_eq!(server.requests().lines().count(), 1);
}

#[tokio::test]
async fn if_the_count_moves_all_is_read_once() {
    // One goes, and 501 slips to where nobody looks any more.
    let server = regions(1..=1200, |number, keys| {
        if number == 2 {
            keys.remove(0);
        }
    });
    assert_eq!(read(&server).await.unwrap(), (1..=1200).collect::<Vec<_>>());
    assert!(server.requests().ends_with("start=0&limit=0&sort=id"));
    // One goes and another comes: the count is the same, and 501 has slipped.
    let server = regions(1..=1200, |number, keys| {
        if number == 2 {
            keys.remove(0);
            keys.push(1201);
        }
    });
    assert_eq!(read(&server).await.unwrap(), (1..=1201).collect::<Vec<_>>());
    assert_eq!(server.requests().lines().count(), 3);
    // A server that gives fewer than it says has no list to be trusted.
    let server = Canned::of(|_| Reply::ok(r#"{"data": [{"id": 1}], "total": 2}"#));
    let error = read(&server).await.unwrap_err();
    assert!(
        matches!(&error, Error::Protocol(problem) if matches!(**problem, ProtocolError::Shape { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn upsert_finds_by_login_and_external_reference_and_sends_what_differs() {
    let found = r#"{"id": 7, "login": "user", "enabled": true, "fullname": "Old",
        "remote_custom_field": "C-1", "main_address": "By hand", "provider": 1}"#;
    let bodies = Arc::new(Mutex::new(String::from(found)));
    let server = Canned::of(move |request| {
        let mut row = bodies.lock().unwrap();
        if request.starts_with("POST") {
            *row = row.replace("Old", "New");
            return Reply::ok(row.clone());
        }
        Reply::ok(format!(r#"{{"data": [{row}], "total": 1}}"#))
    });
    let new = NewSubscriber {
        external_ref: Some(ExternalRef::new("C-1")),
        name: Some("New".to_owned()),
        ..NewSubscriber::new("user")
    };
    let adopted = platform(&server.client())
        .create_subscriber(&new)
        .await
        .unwrap();
    assert_eq!(adopted.change, Change::Adopted);
    assert_eq!(adopted.value.address.as_deref(), Some("By hand"));
    insta::assert_snapshot!(server.requests(), @r#"
    GET /accounts?login=user&start=0&limit=500&sort=id
    GET /accounts?remote_custom_field=C-1&start=0&limit=500&sort=id
    POST /accounts {"id":7,"fullname":"New"}
    "#);
    // By login, if nobody has the reference; the account then gets it.
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let hotel = NewSubscriber {
        external_ref: Some(ExternalRef::new("NN-1004")),
        ..NewSubscriber::new("1004")
    };
    let adopted = backend.create_subscriber(&hotel).await.unwrap();
    assert_eq!(adopted.change, Change::Adopted);
    let account = &sandbox.tvip().state()["accounts"][3];
    assert_eq!(account["remote_custom_field"], "NN-1004");
    assert_eq!(account["fullname"], "Hotel Seaview");
    assert_eq!(account["devices_per_account_limit"], 40);
}

#[tokio::test]
async fn an_unchanged_password_is_never_sent() {
    let row = r#"{"id": 7, "login": "user", "enabled": true,
        "pin_md5": "25d55ad283aa400af464c76d713c07ad"}"#;
    let server = Canned::of(move |request| match request.starts_with("POST") {
        true => Reply::ok(row.replace("\"enabled\"", "\"fullname\": \"New\", \"enabled\"")),
        false => Reply::ok(row),
    });
    let patch = SubscriberPatch {
        name: Patch::Set("New".to_owned()),
        password: Some("12345678".into()),
        ..SubscriberPatch::default()
    };
    let id = SubscriberId::from(7);
    platform(&server.client())
        .change_subscriber(&id, &patch)
        .await
        .unwrap();
    insta::assert_snapshot!(server.requests(), @r#"
    GET /accounts/7
    POST /accounts {"id":7,"fullname":"New"}
    "#);
}

#[tokio::test]
async fn a_subscription_ends_by_stop_and_deletion_is_an_option() {
    for (ending, left) in [(Ending::Stop, 6), (Ending::Delete, 5)] {
        let sandbox = sandbox(|_| {}).await;
        let tvip = builder(&sandbox).ending(ending).build().unwrap();
        let backend = platform(&tvip);
        let id = backend
            .subscriptions(&SubscriberId::from(1))
            .collect()
            .await
            .unwrap();
        let id = &id[0].id;
        for change in [Change::Made, Change::Nothing] {
            let ended = backend.end_subscription(id, End::Now).await.unwrap();
            assert_eq!(ended.change, change);
        }
        let rows = sandbox.tvip().state();
        let rows = rows["account_subscriptions"].as_array().unwrap();
        assert_eq!(rows.len(), left);
    }
}

#[tokio::test]
async fn a_start_in_the_past_is_now_in_server_time_and_the_offset_is_kept() {
    let sandbox = sandbox(|_| {}).await;
    let now = "2030-01-01T00:00:00.75Z".parse().unwrap();
    let tvip = builder(&sandbox)
        .clock(move || now)
        .offset(Offset::constant(3))
        .build()
        .unwrap();
    let backend = platform(&tvip);
    let igor = SubscriberId::from(2);
    let new = NewSubscription {
        from: Some("2019-01-01T00:00:00Z".parse().unwrap()),
        until: Some("2030-02-01T00:00:00Z".parse().unwrap()),
        ..NewSubscription::new(igor.clone(), PackageId::from(4))
    };
    let added = backend.add_subscription(&new).await.unwrap();
    assert_eq!(added.losses[0].field, "from");
    let row = |index: usize| sandbox.tvip().state()["account_subscriptions"][index].clone();
    assert_eq!(row(6)["start"], "2030-01-01T03:00:00+0300");
    assert_eq!(row(6)["stop"], "2030-02-01T03:00:00+0300");
    // What began long ago stays begun.
    let again = backend.add_subscription(&new).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    let basic = NewSubscription::new(igor, PackageId::from(2));
    assert_eq!(
        backend.add_subscription(&basic).await.unwrap().change,
        Change::Nothing
    );
    assert_eq!(row(2)["start"], "2023-02-01T00:00:00+0300");
    // A later end of what is there is not a second one.
    let longer = NewSubscription { until: None, ..new };
    let longer = backend.add_subscription(&longer).await.unwrap();
    assert_eq!((longer.change, longer.value.until), (Change::Made, None));
    assert!(row(7).is_null(), "no second row");
    let refused = NewSubscription {
        until: Some(now),
        ..NewSubscription::new(SubscriberId::from(1), PackageId::from(5))
    };
    let refused = backend.add_subscription(&refused).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn everybody_is_five_lists_and_the_models() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let backend = platform(&tvip);
    let all = backend.subscribers().collect().await.unwrap();
    let paths: Vec<String> = sandbox
        .take_requests()
        .into_iter()
        .map(|request| request.path.replace("/api/provider/", ""))
        .collect();
    assert_eq!(
        paths,
        [
            "devices",
            "account_subscriptions",
            "device_subscriptions",
            "account_network",
            "accounts",
            "device_types",
        ]
    );
    assert_eq!(all.len(), 4, "those of the first provider");
}

#[tokio::test]
async fn a_lost_answer_is_unknown_to_a_creation_and_repeated_by_a_change() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let server = Canned::of(move |request| match request.starts_with("POST") {
        true => match counted.fetch_add(1, Ordering::Relaxed) {
            0 => crate::canned::status(502, ""),
            _ => Reply::ok(r#"{"id": 7, "login": "user", "enabled": false}"#),
        },
        false => Reply::ok(r#"{"id": 7, "login": "user", "enabled": true}"#),
    });
    let backoff = std::time::Duration::from_millis(1);
    let client = server.builder().backoff(backoff, backoff).build().unwrap();
    let backend = platform(&client);
    let disabled = backend
        .disable_subscriber(&SubscriberId::from(7))
        .await
        .unwrap();
    assert!(!disabled.value.enabled);
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}
