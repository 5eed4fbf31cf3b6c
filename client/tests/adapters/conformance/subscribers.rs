//! Subscribers are created, adopted, changed and deleted.

use jsonsql_client::Error;
use jsonsql_client::model::Capability;
use jsonsql_client::model::{ExternalRef, NewSubscriber, Patch, SubscriberKey, SubscriberPatch};
use jsonsql_client::provisioning::Change;

use crate::world::{World, create, fields, find, kept, mac, person, reference, sent, writes};

pub(crate) async fn a_subscriber_is_created_found_and_deleted<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let before = world.truth().await;
    let new = kept(&world, "anna");
    let created = backend.create_subscriber(&new).await.unwrap();
    assert_eq!(created.change, Change::Made);
    assert_eq!(created.losses, []);
    let anna = created.value;
    assert_eq!(anna.login, "anna");
    let expected = person(&world, &new);
    assert_eq!(fields(&anna), expected.shown(), "as read back");
    let truth = world.truth().await;
    assert_eq!(truth.person("anna").managed(), expected, "as it is");
    assert_eq!(truth.without(&["anna"]), before.people, "bystanders");

    let mut keys = vec![
        SubscriberKey::Id(anna.id.clone()),
        SubscriberKey::Login("anna".to_owned()),
    ];
    if backend.capabilities().has(Capability::ExternalRef) {
        keys.push(SubscriberKey::ExternalRef(reference("anna")));
    }
    for key in keys {
        let found = backend.find_subscriber(&key).await.unwrap();
        assert_eq!(found.as_ref(), Some(&anna), "{key:?}");
    }
    let all = backend.subscribers().collect().await.unwrap();
    assert_eq!(all.len(), before.people.len() + 1);
    assert!(all.contains(&anna));

    // With everything that belongs to one.
    for number in [1, 2] {
        backend.bind_terminal(&anna.id, mac(number)).await.unwrap();
    }
    let [first, second, _] = world.packages();
    for package in [first, second] {
        crate::conformance::subscriptions::add(&world, &anna, &package).await;
    }
    let full = world.truth().await;
    assert_eq!(full.person("anna").terminals, [mac(1), mac(2)].into());
    assert_eq!(full.person("anna").packages.len(), 2);
    let deleted = backend.delete_subscriber(&anna.id).await.unwrap();
    assert_eq!(deleted.change, Change::Made);
    let truth = world.truth().await;
    assert_eq!(truth.people, before.people, "all of it and nothing else");
    assert_eq!(truth.orphans, before.orphans);

    writes(&world);
    let again = backend.delete_subscriber(&anna.id).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    assert_eq!(world.truth().await, truth);
    assert_eq!(find(&world, "anna").await, None);
    let key = SubscriberKey::Id(anna.id.clone());
    assert_eq!(backend.find_subscriber(&key).await.unwrap(), None);
    assert_eq!(backend.terminals(&anna.id).collect().await.unwrap(), []);
    assert_eq!(backend.subscriptions(&anna.id).collect().await.unwrap(), []);
}

pub(crate) async fn creating_again_adopts<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let before = world.truth().await;
    let new = kept(&world, "anna");
    let again = backend.create_subscriber(&new).await.unwrap();
    assert_eq!(again.change, Change::Adopted);
    assert_eq!(again.value, anna);
    assert_eq!(world.truth().await, before);

    // Only what is given is managed.
    let bare = NewSubscriber {
        name: Some("Another".to_owned()),
        enabled: false,
        ..NewSubscriber::new("anna")
    };
    let adopted = backend.create_subscriber(&bare).await.unwrap();
    assert_eq!(adopted.change, Change::Adopted);
    assert_eq!(adopted.value.id, anna.id);
    let mut expected = before.clone();
    let person = expected.people.get_mut("anna").unwrap();
    person.name = Some("Another".to_owned());
    person.enabled = false;
    assert_eq!(world.truth().await, expected);
}

pub(crate) async fn a_key_of_another_is_taken<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    create(&world, "boris").await;
    let before = world.truth().await;
    let has = backend.capabilities();
    if has.has(Capability::ExternalRef) {
        // The login with another's reference, and a reference with another login.
        let mut other = kept(&world, "anna");
        other.external_ref = Some(ExternalRef::new("c-other"));
        let mut reused = kept(&world, "clara");
        reused.external_ref = Some(reference("anna"));
        for new in [other, reused] {
            let refused = backend.create_subscriber(&new).await.unwrap_err();
            assert!(matches!(refused, Error::Taken { .. }), "{refused}");
            assert!(refused.is_conflict());
            named(&refused, "create subscriber");
        }
        let patch = SubscriberPatch {
            external_ref: Patch::Set(reference("boris")),
            ..SubscriberPatch::default()
        };
        let refused = backend.change_subscriber(&anna.id, &patch).await;
        assert!(matches!(refused, Err(Error::Taken { .. })), "{refused:?}");
    }
    if has.has(Capability::ChangeLogin) {
        let patch = SubscriberPatch {
            login: Some("boris".to_owned()),
            ..SubscriberPatch::default()
        };
        let refused = backend.change_subscriber(&anna.id, &patch).await;
        assert!(matches!(refused, Err(Error::Taken { .. })), "{refused:?}");
    }
    assert_eq!(world.truth().await, before);
}

pub(crate) async fn a_patch_touches_what_it_names<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let mut expected = world.truth().await;
    let has = backend.capabilities();

    let empty = SubscriberPatch::default();
    sent(&world);
    let nothing = backend.change_subscriber(&anna.id, &empty).await.unwrap();
    assert_eq!(nothing.change, Change::Nothing);
    let mut patches = vec![SubscriberPatch {
        name: Patch::Set("New Name".to_owned()),
        ..SubscriberPatch::default()
    }];
    if has.has(Capability::Phone) {
        patches.push(SubscriberPatch {
            phone: Patch::Set("+7 911".to_owned()),
            ..SubscriberPatch::default()
        });
    }
    if has.has(Capability::Email) {
        patches.push(SubscriberPatch {
            email: Patch::Set("new@example.net".to_owned()),
            ..SubscriberPatch::default()
        });
    }
    if has.has(Capability::Address) {
        patches.push(SubscriberPatch {
            address: Patch::Set("1 O'Hara \"Lane\"".to_owned()),
            ..SubscriberPatch::default()
        });
    }
    if has.has(Capability::Note) {
        patches.push(SubscriberPatch {
            note: Patch::Set("a & b".to_owned()),
            ..SubscriberPatch::default()
        });
    }
    if has.has(Capability::DeviceLimit) {
        patches.push(SubscriberPatch {
            device_limit: Patch::Set(4),
            ..SubscriberPatch::default()
        });
    }
    if has.has(Capability::ExternalRef) {
        patches.push(SubscriberPatch {
            external_ref: Patch::Set(ExternalRef::new("c-new")),
            ..SubscriberPatch::default()
        });
    }
    // Each one made, made again, and taken back.
    for patch in patches {
        for patch in [patch.clone(), cleared(&patch)] {
            let changed = backend.change_subscriber(&anna.id, &patch).await.unwrap();
            assert_eq!(changed.change, Change::Made, "{patch:?}");
            let person = expected.people.get_mut("anna").unwrap();
            patch_person(person, &patch);
            assert_eq!(world.truth().await, expected, "{patch:?}");
            assert_eq!(fields(&changed.value), expected.person("anna").shown());
            writes(&world);
            let again = backend.change_subscriber(&anna.id, &patch).await.unwrap();
            assert_eq!(again.change, Change::Nothing, "{patch:?}");
            assert_eq!(writes(&world), 0, "{patch:?}");
        }
    }
    let patch = SubscriberPatch {
        password: Some("pw-another9".into()),
        ..SubscriberPatch::default()
    };
    backend.change_subscriber(&anna.id, &patch).await.unwrap();
    let person = expected.people.get_mut("anna").unwrap();
    person.password = world.stored("pw-another9");
    assert_eq!(world.truth().await, expected);
}

fn cleared(patch: &SubscriberPatch) -> SubscriberPatch {
    fn clear<T>(field: &Patch<T>) -> Patch<T> {
        match field {
            Patch::Keep => Patch::Keep,
            _ => Patch::Clear,
        }
    }
    SubscriberPatch {
        name: clear(&patch.name),
        email: clear(&patch.email),
        phone: clear(&patch.phone),
        address: clear(&patch.address),
        note: clear(&patch.note),
        external_ref: clear(&patch.external_ref),
        device_limit: clear(&patch.device_limit),
        ..SubscriberPatch::default()
    }
}

/// What a patch makes of a subscriber, the password aside.
pub(crate) fn patch_person(person: &mut crate::world::Person, patch: &SubscriberPatch) {
    fn set<T: Clone>(field: &mut Option<T>, patch: &Patch<T>) {
        if let Some(change) = patch.as_change() {
            *field = change.cloned();
        }
    }
    set(&mut person.name, &patch.name);
    set(&mut person.email, &patch.email);
    set(&mut person.phone, &patch.phone);
    set(&mut person.address, &patch.address);
    set(&mut person.note, &patch.note);
    set(&mut person.device_limit, &patch.device_limit);
    if let Some(change) = patch.external_ref.as_change() {
        person.external_ref = change.map(ToString::to_string);
    }
}

pub(crate) async fn a_disabled_subscriber_keeps_everything<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    backend.bind_terminal(&anna.id, mac(1)).await.unwrap();
    let [package, ..] = world.packages();
    crate::conformance::subscriptions::add(&world, &anna, &package).await;
    let enabled = world.truth().await;
    let mut disabled = enabled.clone();
    disabled.people.get_mut("anna").unwrap().enabled = false;

    for change in [Change::Made, Change::Nothing] {
        writes(&world);
        let applied = backend.disable_subscriber(&anna.id).await.unwrap();
        assert_eq!(applied.change, change);
        assert!(!applied.value.enabled);
        assert_eq!(world.truth().await, disabled);
    }
    assert_eq!(writes(&world), 0, "there was nothing to write");
    for change in [Change::Made, Change::Nothing] {
        let applied = backend.enable_subscriber(&anna.id).await.unwrap();
        assert_eq!(applied.change, change);
        assert!(applied.value.enabled);
        assert_eq!(world.truth().await, enabled);
    }
}

pub(crate) async fn what_is_not_there_is_missing<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let gone = create(&world, "anna").await.id;
    backend.delete_subscriber(&gone).await.unwrap();
    let before = world.truth().await;
    let patch = SubscriberPatch {
        name: Patch::Set("Nobody".to_owned()),
        ..SubscriberPatch::default()
    };
    let [package, ..] = world.packages();
    let new = jsonsql_client::model::NewSubscription::new(gone.clone(), package);
    writes(&world);
    for (operation, error) in [
        (
            "change subscriber",
            backend.change_subscriber(&gone, &patch).await.err(),
        ),
        (
            "enable subscriber",
            backend.enable_subscriber(&gone).await.err(),
        ),
        (
            "disable subscriber",
            backend.disable_subscriber(&gone).await.err(),
        ),
        (
            "bind terminal",
            backend.bind_terminal(&gone, mac(1)).await.err(),
        ),
        (
            "add subscription",
            backend.add_subscription(&new).await.err(),
        ),
    ] {
        let error = error.unwrap();
        assert!(matches!(error, Error::Missing { .. }), "{error}");
        assert!(error.is_not_found());
        named(&error, operation);
    }
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, before);
    let empty = NewSubscriber::new("");
    sent(&world);
    let refused = backend.create_subscriber(&empty).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused}");
    assert_eq!(sent(&world), []);
}

/// What failed, and where, as every error says it.
fn named(error: &Error, operation: &str) {
    let place = error.place().unwrap();
    assert_eq!(place.operation(), operation);
    assert!(place.address().starts_with("http://127.0.0.1:"), "{error}");
    let named = format!("({operation} at {})", place.address());
    assert!(error.to_string().ends_with(&named), "{error}");
}
