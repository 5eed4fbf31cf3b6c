//! What a billing gets wrong, and who must not be reached by it.

use jsonsql_client::Error;
use jsonsql_client::model::{
    Command, End, ExternalRef, NewSubscriber, NewSubscription, PackageId, Patch, Recipients,
    SubscriberId, SubscriberKey, SubscriberPatch, SubscriptionId, TerminalId,
};
use jsonsql_client::provisioning::{Change, Operation};

use crate::world::{World, create, kept, mac, writes};

/// Refused, and says which field is wrong.
#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>, field: &str) {
    let error = answer.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert!(error.to_string().contains(field), "{field}: {error}");
}

pub(crate) async fn keys_that_are_none_are_refused<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let before = world.truth().await;
    writes(&world);
    for text in ["", " ", "\t\n", " boris", "boris ", "bo\0ris", "bo\nris"] {
        let new = NewSubscriber::new(text);
        refused(backend.create_subscriber(&new).await, "login");
        let operation = Operation::CreateSubscriber(new);
        refused(backend.preview(&operation).await, "login");
        let patch = SubscriberPatch {
            login: Some(text.to_owned()),
            ..SubscriberPatch::default()
        };
        refused(backend.change_subscriber(&anna.id, &patch).await, "login");
        let new = NewSubscriber {
            external_ref: Some(ExternalRef::new(text)),
            ..NewSubscriber::new("boris")
        };
        let field = "external reference";
        refused(backend.create_subscriber(&new).await, field);
        let patch = SubscriberPatch {
            external_ref: Patch::Set(ExternalRef::new(text)),
            ..SubscriberPatch::default()
        };
        refused(backend.change_subscriber(&anna.id, &patch).await, field);
        if text.trim().is_empty() {
            let key = SubscriberKey::Login(text.to_owned());
            refused(backend.find_subscriber(&key).await, "login");
            let key = SubscriberKey::ExternalRef(ExternalRef::new(text));
            refused(backend.find_subscriber(&key).await, field);
        }
    }
    let open = NewSubscriber {
        password: Some("".into()),
        ..NewSubscriber::new("boris")
    };
    refused(backend.create_subscriber(&open).await, "password");
    let open = SubscriberPatch {
        password: Some("".into()),
        ..SubscriberPatch::default()
    };
    refused(backend.change_subscriber(&anna.id, &open).await, "password");
    assert_eq!(writes(&world), 0);
    assert_eq!(world.truth().await, before);
}

/// Texts that somebody could read as this one, and texts of other platforms.
fn near(id: &str) -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "0",
        "00",
        "-1",
        "*",
        "%",
        "_",
        ".",
        "..",
        ",",
        "/",
        "0,1",
        "../accounts",
        "%2e%2e",
        "9223372036854775808",
        "ivanov",
        "id",
        "subscriber",
        "12/7",
        "device-x",
        "plan:basic",
        "package:2",
        "'; --",
        "\u{0}",
        "\u{ff10}",
        "null",
    ]
    .map(str::to_owned)
    .into();
    texts.extend([
        format!("+{id}"),
        format!("0{id}"),
        format!(" {id}"),
        format!("{id} "),
        format!("{id}\0"),
        format!("{id}\n"),
        format!("{id},"),
        format!("{id},1"),
        format!("{id}/"),
        format!("{id}/.."),
        format!("{id}%20"),
        format!("{id}%00"),
        format!("{id}?x=1"),
        format!("{id}#"),
        format!("{id}.0"),
        format!("{id}%"),
        format!("{id}{}", "0".repeat(5000)),
    ]);
    texts.retain(|text| text != id);
    texts
}

pub(crate) async fn an_id_that_is_almost_one_reaches_nobody<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let bound = backend.bind_terminal(&anna.id, mac(1)).await.unwrap();
    let [package, other, _] = world.packages();
    let new = NewSubscription::new(anna.id.clone(), package);
    let had = backend.add_subscription(&new).await.unwrap().value;
    let before = world.truth().await;
    world.restarts();
    let patch = SubscriberPatch {
        name: Patch::Set("Nobody".to_owned()),
        password: Some("changed".into()),
        ..SubscriberPatch::default()
    };
    let mut operations = Vec::new();
    let mut ids = near(anna.id.as_str());
    ids.retain(|text| !world.is_same_id(text, anna.id.as_str()));
    for text in ids {
        let id = SubscriberId::new(text.as_str());
        operations.extend([
            Operation::ChangeSubscriber(id.clone(), patch.clone()),
            Operation::DisableSubscriber(id.clone()),
            Operation::DeleteSubscriber(id.clone()),
            Operation::BindTerminal(id.clone(), mac(9).into()),
            Operation::MoveTerminal(bound.value.id.clone(), id.clone()),
            Operation::AddSubscription(NewSubscription::new(id.clone(), other.clone())),
            Operation::Send(Recipients::Subscribers(vec![id]), Command::Restart),
        ]);
    }
    for text in near(bound.value.id.as_str()) {
        let id = TerminalId::new(text.as_str());
        operations.extend([
            Operation::UnbindTerminal(id.clone()),
            Operation::MoveTerminal(id.clone(), anna.id.clone()),
            Operation::Send(Recipients::Terminals(vec![id]), Command::Restart),
        ]);
    }
    for text in near(had.id.as_str()) {
        let id = SubscriptionId::new(text.as_str());
        operations.push(Operation::EndSubscription(id, End::Now));
    }
    for text in near(other.as_str()) {
        let id = PackageId::new(text.as_str());
        let new = NewSubscription::new(anna.id.clone(), id);
        operations.push(Operation::AddSubscription(new));
    }
    for operation in operations {
        let answer = backend.apply(&operation).await;
        let made = answer
            .as_ref()
            .is_ok_and(|made| made.change != Change::Nothing);
        assert!(!made, "{operation:?}: {answer:?}");
    }
    assert_eq!(world.truth().await, before);
    assert!(world.restarts().is_empty());
}

/// Whoever sees that it has ended already takes the box away and forgets it.
pub(crate) async fn the_id_of_another_platform_is_not_one_that_has_ended<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let package = &world.packages()[0];
    crate::conformance::subscriptions::add(&world, &anna, package).await;
    for text in [
        "",
        "ivanov",
        "anna/x",
        "anna/package:03",
        "a/b/c",
        "device-x",
        "1,2",
    ] {
        let id = SubscriptionId::new(text);
        let field = match text {
            "" => "id",
            _ => "id of",
        };
        refused(backend.end_subscription(&id, End::Now).await, field);
        let operation = Operation::EndSubscription(id, End::Now);
        refused(backend.preview(&operation).await, field);
    }
}

/// Two orders of the same subscriber, from two computers.
pub(crate) async fn of_two_who_create_at_once_both_have_it<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    let before = world.truth().await;
    for number in 0..8 {
        let new = kept(&world, &format!("twin{number}"));
        let (one, other) = tokio::join!(
            backend.create_subscriber(&new),
            backend.create_subscriber(&new)
        );
        assert_eq!(one.unwrap().value, other.unwrap().value);
    }
    assert_eq!(world.truth().await.people.len(), before.people.len() + 8);
}
