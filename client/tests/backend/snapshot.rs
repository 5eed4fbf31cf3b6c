//! Snapshots.

use std::collections::BTreeSet;

use jsonsql_client::backend::{Capability, Record};

use crate::conformance::subscriptions::add;
use crate::world::{World, create, mac, writes};

pub(crate) async fn the_snapshot_is_what_the_lists_say<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    for number in [1, 2] {
        backend.bind_terminal(&anna.id, mac(number)).await.unwrap();
    }
    for package in world.packages() {
        add(&world, &anna, &package).await;
    }
    writes(&world);
    let (mut packages, mut channels) = (Vec::new(), Vec::new());
    let (mut subscribers, mut terminals, mut subscriptions) = (Vec::new(), Vec::new(), Vec::new());
    let mut snapshot = backend.snapshot();
    while let Some(record) = snapshot.next().await {
        match record.unwrap() {
            Record::Package(package) => packages.push(package),
            Record::Channel(channel) => channels.push(channel),
            Record::Subscriber(subscriber) => subscribers.push(subscriber),
            Record::Terminal(terminal) => terminals.push(terminal),
            Record::Subscription(subscription) => subscriptions.push(subscription),
            _ => {}
        }
    }
    assert_eq!(writes(&world), 0);
    assert_eq!(packages, backend.packages().collect().await.unwrap());
    if backend.capabilities().has(Capability::Channels) {
        assert_eq!(channels, backend.channels().collect().await.unwrap());
    }
    assert_eq!(subscribers, backend.subscribers().collect().await.unwrap());
    assert_eq!(subscribers.len(), world.truth().await.people.len());
    for subscriber in &subscribers {
        let of = Some(&subscriber.id);
        let own = terminals.iter().filter(|one| one.subscriber.as_ref() == of);
        let own: BTreeSet<_> = own.map(|one| format!("{one:?}")).collect();
        let list = backend.terminals(&subscriber.id).collect().await.unwrap();
        let list: BTreeSet<_> = list.iter().map(|one| format!("{one:?}")).collect();
        assert_eq!(own, list, "terminals of {}", subscriber.login);
        let own = subscriptions
            .iter()
            .filter(|one| one.subscriber == subscriber.id);
        let own: BTreeSet<_> = own.map(|one| format!("{one:?}")).collect();
        let list = backend.subscriptions(&subscriber.id).collect().await;
        let list: BTreeSet<_> = list.unwrap().iter().map(|one| format!("{one:?}")).collect();
        assert_eq!(own, list, "subscriptions of {}", subscriber.login);
    }
}
