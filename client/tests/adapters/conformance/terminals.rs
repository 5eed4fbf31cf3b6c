//! Boxes are bound, moved and unbound.

use std::collections::BTreeSet;

use jsonsql_client::Error;
use jsonsql_client::model::{Capability, Command, MacAddr, Message, Recipients};
use jsonsql_client::provisioning::Change;

use crate::world::{World, create, mac, writes};

/// The addresses in the backend's list.
async fn listed(world: &impl World, of: &jsonsql_client::model::SubscriberId) -> BTreeSet<MacAddr> {
    let listed = world.backend().terminals(of).collect().await.unwrap();
    let own = |terminal: &jsonsql_client::model::Terminal| {
        assert_eq!(terminal.subscriber.as_ref(), Some(of));
        terminal.mac.unwrap()
    };
    listed.iter().map(own).collect()
}

pub(crate) async fn a_terminal_is_bound_once<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let before = world.truth().await;
    assert_eq!(listed(&world, &anna.id).await, [].into());
    let mut bound = Vec::new();
    for number in [1, 2] {
        let terminal = backend.bind_terminal(&anna.id, mac(number)).await.unwrap();
        assert_eq!(terminal.change, Change::Made);
        assert_eq!(terminal.value.mac, Some(mac(number)));
        assert_eq!(terminal.value.subscriber.as_ref(), Some(&anna.id));
        bound.push(terminal.value);
    }
    let both: BTreeSet<_> = [mac(1), mac(2)].into();
    let truth = world.truth().await;
    assert_eq!(truth.person("anna").terminals, both);
    assert_eq!(truth.without(&["anna"]), before.without(&["anna"]));
    assert_eq!(listed(&world, &anna.id).await, both);

    writes(&world);
    let again = backend.bind_terminal(&anna.id, mac(1)).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    assert_eq!(again.value.id, bound[0].id);
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, truth);
}

pub(crate) async fn a_terminal_of_another_is_taken<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let boris = create(&world, "boris").await;
    backend.bind_terminal(&anna.id, mac(1)).await.unwrap();
    let before = world.truth().await;
    writes(&world);
    let refused = backend.bind_terminal(&boris.id, mac(1)).await.unwrap_err();
    assert!(matches!(refused, Error::Taken { .. }), "{refused}");
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, before);
}

pub(crate) async fn an_unbound_terminal_can_be_bound_again<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let boris = create(&world, "boris").await;
    let before = world.truth().await;
    backend.bind_terminal(&anna.id, mac(2)).await.unwrap();
    let terminal = backend.bind_terminal(&anna.id, mac(1)).await.unwrap().value;
    let unbound = backend.unbind_terminal(&terminal.id).await.unwrap();
    assert_eq!(unbound.change, Change::Made);
    let truth = world.truth().await;
    assert_eq!(truth.person("anna").terminals, [mac(2)].into());
    let keeps = backend.capabilities().has(Capability::FreeTerminals);
    assert_eq!(truth.free.contains(&mac(1)), keeps);
    assert_eq!(truth.orphans, before.orphans);

    writes(&world);
    let again = backend.unbind_terminal(&terminal.id).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, truth);

    let taken = backend.bind_terminal(&boris.id, mac(1)).await.unwrap();
    assert_eq!(taken.change, Change::Made);
    let truth = world.truth().await;
    assert_eq!(truth.person("boris").terminals, [mac(1)].into());
    assert!(!truth.free.contains(&mac(1)));
    // The last box as well: the subscriber stays.
    let last = backend.terminals(&boris.id).collect().await.unwrap();
    backend.unbind_terminal(&last[0].id).await.unwrap();
    let truth = world.truth().await;
    assert_eq!(truth.person("boris").terminals, [].into());
    assert_eq!(truth.person("boris"), before.person("boris"));
}

/// Whatever the platform can tell, and also before there is anything to tell it to.
pub(crate) async fn whoever_has_no_terminals_is_told_nothing<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let to = Recipients::Subscribers(vec![anna.id]);
    let message = Command::Message(Message::new("hello"));
    for (needed, command) in [
        (Capability::Restart, Command::Restart),
        (Capability::Messages, message),
    ] {
        if !backend.capabilities().has(needed) {
            // `every_capability_is_true` looks at the refusal.
            continue;
        }
        world.restarts();
        writes(&world);
        let told = backend.send(&to, &command).await.unwrap();
        assert_eq!(told.change, Change::Nothing, "{command:?}");
        assert_eq!((writes(&world), world.restarts().len()), (0, 0));
    }
}

pub(crate) async fn a_terminal_is_moved_or_the_move_is_refused<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let boris = create(&world, "boris").await;
    let terminal = backend.bind_terminal(&anna.id, mac(1)).await.unwrap().value;
    let before = world.truth().await;
    if !backend.capabilities().has(Capability::MoveTerminal) {
        // `every_capability_is_true` looks at the refusal.
        return;
    }
    for change in [Change::Made, Change::Nothing] {
        writes(&world);
        let moved = backend.move_terminal(&terminal.id, &boris.id).await;
        let moved = moved.unwrap();
        assert_eq!(moved.change, change);
        assert_eq!(moved.value.id, terminal.id, "not made anew");
        assert_eq!(moved.value.subscriber.as_ref(), Some(&boris.id));
    }
    assert_eq!(writes(&world), 0);
    let truth = world.truth().await;
    assert_eq!(truth.person("anna").terminals, [].into());
    assert_eq!(truth.person("boris").terminals, [mac(1)].into());
    let both = ["anna", "boris"];
    assert_eq!(truth.without(&both), before.without(&both));
    let gone = create(&world, "clara").await.id;
    backend.delete_subscriber(&gone).await.unwrap();
    let missing = backend.move_terminal(&terminal.id, &gone).await;
    assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
    assert_eq!(world.truth().await, truth);
}
