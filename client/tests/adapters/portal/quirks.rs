//! What only IPTVPORTAL has: its columns, and what nobody knows of them.

use jsonsql_client::model::Capability;
use jsonsql_client::model::{
    End, ExternalRef, NewSubscriber, NewSubscription, Patch, SubscriberId, SubscriberKey,
    SubscriberPatch, SubscriptionId, TerminalId,
};
use jsonsql_client::provisioning::{Adapter, Backend, Change, IptvPortal, ReferenceColumn};
use jsonsql_client::{Error, Indeterminate};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{MacForm, Sandbox, ServerBehavior};
use serde_json::{Value, json};

use crate::portal::{Portal, client};
use crate::world::{World, create, find, mac, new, sent, writes};

impl Portal {
    async fn one(&self, sql: &str) -> Value {
        let rows = self.sandbox.query(sql).await.unwrap();
        json!(rows)
    }
}

/// The demo's first subscriber has a name in three columns.
#[tokio::test]
async fn a_name_is_read_from_three_columns_and_written_into_one() {
    let world = Portal::start(1).await;
    let columns = "SELECT surname, first_name, middle_name FROM subscriber WHERE id = 1";
    let volkova = find(&world, "12345").await.unwrap();
    assert_eq!(volkova.name.as_deref(), Some("Волкова Анна Петровна"));
    let rename = |name: &str| SubscriberPatch {
        name: Patch::Set(name.to_owned()),
        ..SubscriberPatch::default()
    };
    // The same name stays parted as somebody parted it, and loses nothing.
    let same = rename("Волкова Анна Петровна");
    let same = world.backend.change_subscriber(&volkova.id, &same).await;
    let same = same.unwrap();
    assert_eq!((same.change, same.losses), (Change::Nothing, vec![]));
    let parted = json!([["Волкова", "Анна", "Петровна"]]);
    assert_eq!(world.one(columns).await, parted);

    let other = rename("Анна Орлова");
    let other = world.backend.change_subscriber(&volkova.id, &other).await;
    let other = other.unwrap();
    assert_eq!(
        other.losses[0].to_string(),
        "name: kept whole as the surname: where to part it is a guess"
    );
    assert_eq!(other.value.name.as_deref(), Some("Анна Орлова"));
    let whole = json!([["Анна Орлова", null, null]]);
    assert_eq!(world.one(columns).await, whole);
}

#[tokio::test]
async fn an_insert_has_the_columns_that_were_given_and_no_others() {
    let world = Portal::start(1).await;
    let bare = NewSubscriber::new("bare");
    world.backend.create_subscriber(&bare).await.unwrap();
    let full = NewSubscriber {
        enabled: false,
        email: Some("a@example.net".to_owned()),
        ..NewSubscriber::new("full")
    };
    world.backend.create_subscriber(&full).await.unwrap();
    let journal = world.sandbox.take_journal();
    let inserts = journal.iter().filter(|call| call.method == Some("insert"));
    let inserts: Vec<_> = inserts.filter_map(|call| call.sql.as_deref()).collect();
    assert_eq!(
        inserts,
        [
            "INSERT INTO subscriber (username, disabled) VALUES (?, FALSE) RETURNING id",
            "INSERT INTO subscriber (username, disabled, email) VALUES (?, TRUE, ?) RETURNING id",
        ]
    );
}

#[tokio::test]
async fn external_references_are_where_the_setting_says() {
    let world = Portal::start(1).await;
    let kept_in = |column| {
        let platform = world.backend.platform().clone();
        Adapter::new(platform.external_refs_in(column))
    };
    let nowhere = kept_in(ReferenceColumn::Nowhere);
    assert!(!nowhere.capabilities().has(Capability::ExternalRef));
    let anna = nowhere.create_subscriber(&new("anna")).await.unwrap();
    let lost: Vec<_> = anna.losses.iter().map(|lossy| lossy.field).collect();
    assert_eq!(lost, ["external_ref", "note"]);
    let key = SubscriberKey::ExternalRef(ExternalRef::new("LB-1001"));
    let refused = nowhere.find_subscriber(&key).await.unwrap_err();
    let Error::Refused(refusal) = refused else {
        panic!("{refused}");
    };
    assert_eq!(refusal.capability(), Some(Capability::ExternalRef));

    let business = kept_in(ReferenceColumn::Business);
    business.create_subscriber(&new("boris")).await.unwrap();
    let columns = "SELECT billing, business FROM subscriber WHERE username = 'boris'";
    assert_eq!(world.one(columns).await, json!([[null, "cboris"]]));
    let key = SubscriberKey::ExternalRef(ExternalRef::new("cboris"));
    let found = business.find_subscriber(&key).await.unwrap();
    assert_eq!(found.unwrap().login, "boris");
}

#[tokio::test]
async fn two_with_one_external_reference_are_not_told_apart() {
    let world = Portal::start(1).await;
    let twice = "UPDATE subscriber SET billing = 'LB-1001' WHERE id = 2";
    world.sandbox.query(twice).await.unwrap();
    let key = SubscriberKey::ExternalRef(ExternalRef::new("LB-1001"));
    let found = world.backend.find_subscriber(&key).await;
    assert!(
        matches!(found, Err(Error::ManyRows { found: 2, .. })),
        "{found:?}"
    );
}

/// Both look before either inserts; the server's constraint decides.
#[tokio::test]
async fn of_two_who_create_at_once_the_later_adopts() {
    let world = Portal::start(1).await;
    let backend = &world.backend;
    let anna = new("anna");
    let (one, other) = tokio::join!(
        backend.create_subscriber(&anna),
        backend.create_subscriber(&anna)
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.value, other.value);
    let mut changes = [one.change, other.change].map(|change| format!("{change:?}"));
    changes.sort();
    assert_eq!(changes, ["Adopted", "Made"]);

    let mut stranger = new("boris");
    stranger.external_ref = Some(ExternalRef::new("stranger"));
    let boris = new("boris");
    let (one, other) = tokio::join!(
        backend.create_subscriber(&boris),
        backend.create_subscriber(&stranger)
    );
    let refused = one.err().or(other.err()).unwrap();
    assert!(
        matches!(refused, Error::Taken { key: "login", .. }),
        "{refused}"
    );
    let count = "SELECT count(*) FROM subscriber WHERE username IN ('anna', 'boris')";
    assert_eq!(world.one(count).await, json!([[2]]));
}

/// The update is about a box that is nobody's.
#[tokio::test]
async fn of_two_who_bind_a_box_at_once_one_is_told() {
    let world = Portal::start(1).await;
    let backend = &world.backend;
    let anna = create(&world, "anna").await.id;
    let boris = create(&world, "boris").await.id;
    let bound = backend.bind_terminal(&anna, mac(1)).await.unwrap().value;
    backend.unbind_terminal(&bound.id).await.unwrap();
    let (one, other) = tokio::join!(
        backend.bind_terminal(&anna, mac(1)),
        backend.bind_terminal(&boris, mac(1))
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let refused = one.err().or(other.err()).unwrap();
    assert!(matches!(refused, Error::Taken { .. }), "{refused}");
}

/// An insert is not sent again. What became of it is read.
#[tokio::test]
async fn an_insert_without_an_answer_is_looked_for() {
    let world = Portal::start(4).await;
    let lose = |fault| Rule::new("/api/jsonsql", fault).call("insert").nth(1);
    world
        .sandbox
        .set_faults(Faults::seeded(1).rule(lose(Fault::Drop)));
    // A password, which cannot be read, would be written again.
    let new = |login: &str| NewSubscriber {
        password: None,
        ..new(login)
    };
    let made = world.backend.create_subscriber(&new("anna")).await.unwrap();
    // Whose it is cannot be said.
    assert_eq!(made.change, Change::Adopted);
    assert_eq!(writes(&world), 1);

    // Not there: it may still come, so that is not known.
    world
        .sandbox
        .set_faults(Faults::seeded(1).rule(lose(Fault::Refuse)));
    let lost = world.backend.create_subscriber(&new("boris")).await;
    let Err(Error::Indeterminate(lost)) = lost else {
        panic!("{lost:?}");
    };
    let lost: &Indeterminate = &lost;
    assert_eq!(lost.write().tables(), ["subscriber"]);
    assert_eq!(writes(&world), 1, "and not a second one");
    // Asked again, it is completed.
    let made = world
        .backend
        .create_subscriber(&new("boris"))
        .await
        .unwrap();
    assert_eq!(made.change, Change::Made);
}

#[tokio::test]
async fn a_delete_that_stopped_half_way_says_where_and_is_completed() {
    let world = Portal::start(1).await;
    let anna = create(&world, "anna").await.id;
    world.backend.bind_terminal(&anna, mac(1)).await.unwrap();
    let [package, ..] = world.packages();
    let new = NewSubscription::new(anna.clone(), package);
    world.backend.add_subscription(&new).await.unwrap();
    let address = format!(
        "INSERT INTO subscriber_inetaddr (subscriber_id, inet_addr) VALUES ({anna}, '10.1.1.1')"
    );
    world.sandbox.query(&address).await.unwrap();

    // The fourth delete is the subscriber's, which is tried again.
    let rule = Rule::new(
        "/api/jsonsql",
        Fault::Status {
            code: 500,
            retry_after: None,
        },
    );
    let rule = (4..40).fold(rule.call("delete"), Rule::nth);
    world.sandbox.set_faults(Faults::seeded(1).rule(rule));
    let stopped = world.backend.delete_subscriber(&anna).await;
    let Err(Error::Partial(partial)) = stopped else {
        panic!("{stopped:?}");
    };
    assert_eq!(
        partial.done(),
        [
            "end the packages",
            "delete the addresses",
            "delete the terminals"
        ]
    );
    assert_eq!(partial.failed(), "delete the subscriber");
    world.sandbox.set_faults(Faults::default());
    assert!(find(&world, "anna").await.is_some());
    let deleted = world.backend.delete_subscriber(&anna).await.unwrap();
    assert_eq!(deleted.change, Change::Made);
    assert_eq!(find(&world, "anna").await, None);
}

#[tokio::test]
async fn a_server_without_the_table_of_addresses_is_not_asked_for_it() {
    let world = Portal::start(1).await;
    let anna = create(&world, "anna").await.id;
    let backend = Adapter::new(world.backend.platform().clone().without_addresses());
    world.sandbox.take_journal();
    backend.delete_subscriber(&anna).await.unwrap();
    let journal = world.sandbox.take_journal();
    let asked = |call: &jsonsql_sandbox::Entry| {
        call.sql
            .as_deref()
            .is_some_and(|sql| sql.contains("inetaddr"))
    };
    assert!(!journal.iter().any(asked));
    let is_delete = |call: &&jsonsql_sandbox::Entry| call.method == Some("delete");
    assert_eq!(journal.iter().filter(is_delete).count(), 1);
}

#[tokio::test]
async fn a_row_that_is_not_enabled_is_kept_and_enabled_again() {
    let world = Portal::start(1).await;
    let anna = create(&world, "anna").await.id;
    let [package, ..] = world.packages();
    let new = NewSubscription::new(anna.clone(), package);
    let added = world.backend.add_subscription(&new).await.unwrap().value;
    let row = format!("SELECT id, enabled FROM subscriber_package WHERE subscriber_id = {anna}");
    let before = world.one(&row).await;
    let disable = format!("UPDATE subscriber_package SET enabled = 0 WHERE subscriber_id = {anna}");
    world.sandbox.query(&disable).await.unwrap();
    let list = world.backend.subscriptions(&anna).collect().await.unwrap();
    assert!(!list[0].active);
    let again = world.backend.add_subscription(&new).await.unwrap();
    assert_eq!(again.change, Change::Made);
    assert_eq!(world.one(&row).await, before, "the same row");
    world
        .backend
        .end_subscription(&added.id, End::Now)
        .await
        .unwrap();
    assert_eq!(world.one(&row).await, json!([]));
}

/// Whether the server prints colons or dashes, or a box has no address at all.
#[tokio::test]
async fn a_box_is_registered_by_being_given_and_no_longer_when_taken() {
    let world = Portal::start(1).await;
    let row = "SELECT subscriber_id, registered FROM terminal WHERE id = 5";
    assert_eq!(world.one(row).await, json!([[4, 0]]));
    let owner = SubscriberId::from(4);
    let mac = "00-1A-79-10-00-05".parse().unwrap();
    let bound = world.backend.bind_terminal(&owner, mac).await.unwrap();
    assert_eq!(bound.change, Change::Made);
    assert_eq!(world.one(row).await, json!([[4, 1]]));
    world
        .backend
        .unbind_terminal(&bound.value.id)
        .await
        .unwrap();
    assert_eq!(world.one(row).await, json!([[null, 0]]));

    let by_hand = "UPDATE terminal SET subscriber_id = 4, mac_addr = NULL WHERE id = 5";
    world.sandbox.query(by_hand).await.unwrap();
    let to = SubscriberId::from(3);
    let moved = world
        .backend
        .move_terminal(&bound.value.id, &to)
        .await
        .unwrap();
    assert_eq!(world.one(row).await, json!([[3, 1]]));
    assert_eq!(moved.value.mac, None);
}

/// The vendor's script writes dashes; what a server prints is unknown.
#[tokio::test]
async fn a_server_that_prints_dashes_is_the_same() {
    let mut behavior = ServerBehavior::default();
    behavior.mac_form = MacForm::Dashes;
    let sandbox = Sandbox::builder().behavior(behavior).start();
    let sandbox = sandbox.await.unwrap();
    let backend = Adapter::new(IptvPortal::new(client(&sandbox, 1).build().unwrap()));
    let owner = SubscriberId::from(1);
    let boxes = backend.terminals(&owner).collect().await.unwrap();
    let mac = "00:1a:79:10:00:01".parse().unwrap();
    assert_eq!(boxes[0].mac, Some(mac));
    let bound = backend.bind_terminal(&owner, mac).await.unwrap();
    assert_eq!(
        (bound.change, bound.value),
        (Change::Nothing, boxes[0].clone())
    );
}

#[tokio::test]
async fn a_text_that_reads_as_a_column_is_refused_and_not_repeated() {
    let world = Portal::start(1).await;
    let mut login = NewSubscriber::new("email");
    writes(&world);
    let refused = world.backend.create_subscriber(&login).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused}");
    assert_eq!(writes(&world), 0);
    // Who is called so is found, and those who are called otherwise are not.
    assert_eq!(find(&world, "email").await, None);
    let called = "UPDATE subscriber SET username = 'email', email = 'x@example.net' WHERE id = 2";
    world.sandbox.query(called).await.unwrap();
    let found = find(&world, "email").await.unwrap();
    assert_eq!(found.id, SubscriberId::from(2));
    writes(&world);
    login = NewSubscriber {
        password: Some("surname".into()),
        ..NewSubscriber::new("anna")
    };
    let refused = world.backend.create_subscriber(&login).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused}");
    assert_eq!(writes(&world), 0);
    assert!(!refused.to_string().contains("surname"), "{refused}");
}

#[tokio::test]
async fn ids_of_another_platform_are_refused() {
    let world = Portal::start(1).await;
    let backend = &world.backend;
    let theirs = SubscriberId::new("ivanov");
    let terminal = TerminalId::new("ivanov");
    let subscription = SubscriptionId::new("17");
    sent(&world);
    for error in [
        backend
            .find_subscriber(&SubscriberKey::Id(theirs.clone()))
            .await
            .err(),
        backend.delete_subscriber(&theirs).await.err(),
        backend.terminals(&theirs).collect().await.err(),
        backend.subscriptions(&theirs).collect().await.err(),
        backend.bind_terminal(&theirs, mac(1)).await.err(),
        backend.unbind_terminal(&terminal).await.err(),
        backend
            .end_subscription(&subscription, End::Now)
            .await
            .err(),
    ] {
        let error = error.unwrap();
        assert!(matches!(error, Error::Refused(_)), "{error}");
        assert!(error.to_string().contains("whole number"), "{error}");
    }
    assert_eq!(sent(&world), []);
}
