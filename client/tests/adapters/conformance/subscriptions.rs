//! Packages are given and taken.

use jsonsql_client::Error;
use jsonsql_client::model::{End, NewSubscription, PackageId, Subscriber, Subscription};
use jsonsql_client::provisioning::Change;

use crate::world::{World, create, writes};

/// Gives the subscriber a package.
pub(crate) async fn add(world: &impl World, to: &Subscriber, package: &PackageId) -> Subscription {
    let new = NewSubscription::new(to.id.clone(), package.clone());
    world.backend().add_subscription(&new).await.unwrap().value
}

pub(crate) async fn a_subscription_is_added_and_ended<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let before = world.truth().await;
    let [first, second, third] = world.packages();
    for package in [&first, &second, &third] {
        let new = NewSubscription::new(anna.id.clone(), package.clone());
        let added = backend.add_subscription(&new).await.unwrap();
        assert_eq!(added.change, Change::Made);
        assert!(added.value.active);
        assert_eq!(&added.value.package, package);
        assert_eq!(added.value.subscriber, anna.id);
    }
    let truth = world.truth().await;
    let all = [first.clone(), second.clone(), third.clone()];
    assert_eq!(truth.person("anna").packages, all.clone().into());
    assert_eq!(truth.without(&["anna"]), before.without(&["anna"]));

    writes(&world);
    let new = NewSubscription::new(anna.id.clone(), second.clone());
    let again = backend.add_subscription(&new).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, truth);

    let list = backend.subscriptions(&anna.id).collect().await.unwrap();
    // A plan is among them, where there are plans.
    let in_use = |one: &&Subscription| one.active && all.contains(&one.package);
    assert_eq!(list.iter().filter(in_use).count(), 3);
    let id = &again.value.id;
    assert!(
        list.iter()
            .any(|one| one.id == *id && one.package == second)
    );
    let ended = backend.end_subscription(id, End::Now).await.unwrap();
    assert_eq!(ended.change, Change::Made);
    let mut expected = truth.clone();
    let person = expected.people.get_mut("anna").unwrap();
    person.packages.remove(&second);
    assert_eq!(world.truth().await.person("anna").packages, person.packages);
    let list = backend.subscriptions(&anna.id).collect().await.unwrap();
    assert!(!list.iter().any(|one| one.active && one.package == second));
    let again = backend.end_subscription(id, End::Now).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    assert_eq!(world.truth().await.person("anna").packages, person.packages);

    // What was ended can be had again.
    let back = backend.add_subscription(&new).await.unwrap();
    assert_eq!(back.change, Change::Made);
    assert_eq!(world.truth().await.person("anna"), truth.person("anna"));
}

pub(crate) async fn what_is_not_there_cannot_be_subscribed<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let before = world.truth().await;
    let unknown = NewSubscription::new(anna.id, PackageId::new("987654"));
    writes(&world);
    let missing = backend.add_subscription(&unknown).await.unwrap_err();
    assert!(matches!(missing, Error::Missing { .. }), "{missing}");
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, before);
}

/// As a person writes it, by the platform's key or by its name.
pub(crate) async fn a_package_is_found_by_its_key_and_its_name<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    for package in backend.packages().collect().await.unwrap() {
        for text in [package.id.as_str(), &package.name] {
            let found = backend.find_package(text).await.unwrap();
            assert_eq!(found, package, "{text}");
        }
        let wrong = format!("{}x", package.name);
        let refused = backend.find_package(&wrong).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
        let said = refused.to_string();
        assert!(said.contains(&format!("`{}`", package.name)), "{said}");
    }
    assert_eq!(writes(&world), 0);
}
