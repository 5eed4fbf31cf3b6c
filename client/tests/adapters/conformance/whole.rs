//! Previews, operations as data.

use jsonsql_client::Error;
use jsonsql_client::model::Capability;
use jsonsql_client::model::{End, NewSubscription, Patch, SubscriberPatch};
use jsonsql_client::provisioning::{Effect, Operation, Preview, TerminalKey};

use crate::conformance::subscriptions::add;
use crate::world::{World, create, find, mac, new, writes};

/// One of each kind, for a subscriber with a box and a package.
async fn operations(world: &impl World) -> Vec<Operation> {
    let backend = world.backend();
    let anna = create(world, "anna").await;
    let boris = create(world, "boris").await;
    let terminal = backend.bind_terminal(&anna.id, mac(1)).await.unwrap().value;
    backend.bind_terminal(&anna.id, mac(2)).await.unwrap();
    let [first, second, _] = world.packages();
    let subscription = add(world, &anna, &first).await;
    let mut operations = vec![
        Operation::CreateSubscriber(new("clara")),
        Operation::CreateSubscriber(new("anna")),
        Operation::ChangeSubscriber(
            anna.id.clone(),
            SubscriberPatch {
                name: Patch::Set("Anna O'Hara".to_owned()),
                email: Patch::Set("anna@example.org".to_owned()),
                note: Patch::Set("rings twice".to_owned()),
                device_limit: Patch::Clear,
                ..SubscriberPatch::default()
            },
        ),
        Operation::DisableSubscriber(anna.id.clone()),
        Operation::EnableSubscriber(anna.id.clone()),
        Operation::BindTerminal(boris.id.clone(), mac(3).into()),
        Operation::AddSubscription(NewSubscription::new(anna.id.clone(), second)),
        Operation::EndSubscription(subscription.id, End::Now),
    ];
    if backend.capabilities().has(Capability::MoveTerminal) {
        operations.push(Operation::MoveTerminal(
            terminal.id.clone(),
            boris.id.clone(),
        ));
    }
    operations.push(Operation::UnbindTerminal(terminal.id));
    operations.push(Operation::DeleteSubscriber(anna.id));
    operations
}

/// Returns how many boxes are to start again.
fn restarts(preview: &Preview) -> usize {
    let is_restart = |effect: &&Effect| matches!(effect, Effect::Restart { .. });
    preview.effects.iter().filter(is_restart).count()
}

fn is_irreversible(preview: &Preview) -> bool {
    let removes = |effect: &Effect| matches!(effect, Effect::Irreversible { .. });
    preview.effects.iter().any(removes)
}

pub(crate) async fn a_preview_writes_nothing_and_comes_true<W: World>() {
    let world = W::start(4).await;
    let backend = world.backend();
    for operation in operations(&world).await {
        let before = world.truth().await;
        world.restarts();
        writes(&world);
        let preview = backend.preview(&operation).await;
        let preview = preview.unwrap_or_else(|error| panic!("{}: {error}", operation.name()));
        assert_eq!(writes(&world), 0, "{}", operation.name());
        assert_eq!(world.truth().await, before);
        let applied = backend.apply(&operation).await.unwrap();
        assert_eq!(applied.losses, preview.losses, "{}", operation.name());
        let restarted = world.restarts().len();
        assert_eq!(restarts(&preview), restarted, "{}", operation.name());
        if matches!(operation, Operation::DeleteSubscriber(_)) {
            assert!(is_irreversible(&preview));
        }
    }
    // What would fail says so beforehand.
    let gone = find(&world, "clara").await.unwrap().id;
    backend.delete_subscriber(&gone).await.unwrap();
    let enable = Operation::EnableSubscriber(gone);
    let missing = backend.preview(&enable).await;
    assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
}

pub(crate) async fn operations_as_data_do_the_same<W: World>() {
    let (one, other) = (W::start(4).await, W::start(4).await);
    let operations = operations(&one).await;
    // The same server with the same ids.
    self::operations(&other).await;
    for operation in operations {
        let applied = one.backend().apply(&operation).await.unwrap();
        let backend = other.backend();
        let called = match &operation {
            Operation::CreateSubscriber(new) => {
                backend.create_subscriber(new).await.unwrap().change
            }
            Operation::ChangeSubscriber(id, patch) => {
                backend.change_subscriber(id, patch).await.unwrap().change
            }
            Operation::EnableSubscriber(id) => backend.enable_subscriber(id).await.unwrap().change,
            Operation::DisableSubscriber(id) => {
                backend.disable_subscriber(id).await.unwrap().change
            }
            Operation::DeleteSubscriber(id) => backend.delete_subscriber(id).await.unwrap().change,
            Operation::BindTerminal(id, TerminalKey::Mac(mac)) => {
                backend.bind_terminal(id, *mac).await.unwrap().change
            }
            Operation::MoveTerminal(id, to) => backend.move_terminal(id, to).await.unwrap().change,
            Operation::UnbindTerminal(id) => backend.unbind_terminal(id).await.unwrap().change,
            Operation::AddSubscription(new) => backend.add_subscription(new).await.unwrap().change,
            Operation::EndSubscription(id, end) => {
                backend.end_subscription(id, *end).await.unwrap().change
            }
            other => panic!("no call for {other:?}"),
        };
        assert_eq!(applied.change, called, "{}", operation.name());
        let (one, other) = (one.truth().await, other.truth().await);
        assert_eq!(one, other, "{}", operation.name());
    }
}
