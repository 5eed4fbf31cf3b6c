//! The code of a billing, on any platform.

use std::time::Duration;

use jsonsql_client::model::{
    Command, End, ExternalRef, Message, NewSubscriber, NewSubscription, Patch, Recipients,
    SubscriberId, SubscriberKey, SubscriberPatch, SubscriptionId, TerminalId,
};
use jsonsql_client::provisioning::memory::{Fault, Layout, Memory, Row};
use jsonsql_client::provisioning::{Adapter, Backend, Change, Effect, Operation};
use jsonsql_client::{Error, Result};

use crate::{block_on, mac};

/// Five lines: a new customer with a box and a package.
async fn order(platform: &dyn Backend) -> Result<()> {
    let new = NewSubscriber {
        external_ref: Some(ExternalRef::new("c-1")),
        ..NewSubscriber::new("ivanov")
    };
    let subscriber = platform.create_subscriber(&new).await?.value;
    platform.bind_terminal(&subscriber.id, mac(1)).await?;
    let package = NewSubscription::new(subscriber.id, "sports".into());
    platform.add_subscription(&package).await?;
    Ok(())
}

fn memory(layout: Layout) -> Memory {
    Memory::new()
        .layout(layout)
        .package("sports", "Sports")
        .package("movies", "Movies")
}

fn backend(memory: &Memory) -> Box<dyn Backend> {
    Box::new(Adapter::new(memory.clone()))
}

const LAYOUTS: [Layout; 2] = [Layout::RowPerSubscriber, Layout::RowPerTerminal];

#[test]
fn an_order_is_five_lines_and_asking_again_writes_nothing() {
    for layout in LAYOUTS {
        let memory = memory(layout);
        block_on(order(&*backend(&memory))).unwrap();
        let row = memory.row("ivanov").unwrap();
        assert_eq!(row.reference.as_deref(), Some("c-1"));
        assert_eq!(row.terminals, [mac(1)]);
        assert_eq!(row.packages[0].package.as_str(), "sports");
        let writes = memory.requests().writes;
        assert_eq!(writes, 3);
        block_on(order(&*backend(&memory))).unwrap();
        assert_eq!(memory.requests().writes, writes);
    }
}

/// Requests of each operation: the keys that are loaded, the lists, the writes.
#[test]
fn nothing_is_read_twice() {
    let memory = memory(Layout::RowPerSubscriber)
        .with(Row::new("petrov").terminal(mac(2)).package("movies"));
    let platform = backend(&memory);
    let mut lines = Vec::new();
    let id = SubscriberId::from(1);
    let mut before = memory.requests();
    let mut count = |name: &str| {
        let now = memory.requests();
        lines.push(format!(
            "{name}: {} + {}",
            now.reads - before.reads,
            now.writes - before.writes
        ));
        before = now;
    };
    block_on(async {
        platform.disable_subscriber(&id).await.unwrap();
        count("disable");
        platform.disable_subscriber(&id).await.unwrap();
        count("disable again");
        platform.bind_terminal(&id, mac(3)).await.unwrap();
        count("bind");
        let sports = NewSubscription::new(id.clone(), "sports".into());
        platform.add_subscription(&sports).await.unwrap();
        count("add a package");
        let new = NewSubscriber {
            external_ref: Some("c-2".into()),
            ..NewSubscriber::new("new")
        };
        platform.create_subscriber(&new).await.unwrap();
        count("create");
        platform
            .move_terminal(&TerminalId::new(mac(3).to_string()), &2.into())
            .await
            .unwrap();
        count("move");
        platform
            .unbind_terminal(&TerminalId::new(mac(3).to_string()))
            .await
            .unwrap();
        count("unbind");
        let preview = Operation::DeleteSubscriber(id.clone());
        platform.preview(&preview).await.unwrap();
        count("preview of a deletion");
        platform.delete_subscriber(&id).await.unwrap();
        count("delete");
    });
    // A read for each key: the subscriber; who has the address; the lists.
    insta::assert_snapshot!(lines.join("\n"), @r"
    disable: 1 + 1
    disable again: 1 + 0
    bind: 2 + 1
    add a package: 2 + 1
    create: 2 + 1
    move: 2 + 2
    unbind: 1 + 1
    preview of a deletion: 1 + 0
    delete: 1 + 1
    ");
}

#[test]
fn errors_are_about_the_users_thing() {
    let memory = memory(Layout::RowPerSubscriber)
        .with(Row::new("ivanov").reference("c-1").terminal(mac(1)))
        .with(Row::new("petrov").reference("c-2"));
    let platform = backend(&memory);
    let before = memory.rows();
    block_on(async {
        let nobody = SubscriberId::from(77);
        let missing = platform.enable_subscriber(&nobody).await.unwrap_err();
        assert!(matches!(
            missing,
            Error::Missing {
                record: "subscriber",
                ..
            }
        ));
        let taken = platform.bind_terminal(&2.into(), mac(1)).await.unwrap_err();
        assert!(
            matches!(
                taken,
                Error::Taken {
                    record: "terminal",
                    key: "hardware address",
                    ..
                }
            ),
            "{taken}"
        );
        let new = NewSubscriber {
            external_ref: Some("c-2".into()),
            ..NewSubscriber::new("ivanov")
        };
        let taken = platform.create_subscriber(&new).await.unwrap_err();
        assert!(
            matches!(
                taken,
                Error::Taken {
                    record: "subscriber",
                    ..
                }
            ),
            "{taken}"
        );
        let new = NewSubscriber {
            external_ref: Some("c-2".into()),
            ..NewSubscriber::new("other")
        };
        let taken = platform.create_subscriber(&new).await.unwrap_err();
        assert!(
            matches!(
                taken,
                Error::Taken {
                    key: "external reference",
                    ..
                }
            ),
            "{taken}"
        );
        let patch = SubscriberPatch {
            login: Some("ivanov".into()),
            ..SubscriberPatch::default()
        };
        let taken = platform
            .change_subscriber(&2.into(), &patch)
            .await
            .unwrap_err();
        assert!(
            matches!(taken, Error::Taken { key: "login", .. }),
            "{taken}"
        );
        let blank = platform
            .create_subscriber(&NewSubscriber::new(" x"))
            .await
            .unwrap_err();
        assert_eq!(
            blank.to_string(),
            "create subscriber: the login begins or ends with a blank; nothing was sent"
        );
        let empty = platform
            .delete_subscriber(&SubscriberId::from(""))
            .await
            .unwrap_err();
        assert!(matches!(empty, Error::Refused(_)), "{empty}");
        let package = NewSubscription::new(1.into(), "opera".into());
        let missing = platform.add_subscription(&package).await.unwrap_err();
        assert!(matches!(
            missing,
            Error::Missing {
                record: "package",
                ..
            }
        ));
        let nobodys = TerminalId::new(mac(9).to_string());
        let missing = platform
            .move_terminal(&nobodys, &2.into())
            .await
            .unwrap_err();
        assert!(matches!(
            missing,
            Error::Missing {
                record: "terminal",
                ..
            }
        ));
        // What is to be gone and is not there is gone already.
        assert_eq!(
            platform.delete_subscriber(&nobody).await.unwrap().change,
            Change::Nothing
        );
        assert_eq!(
            platform.unbind_terminal(&nobodys).await.unwrap().change,
            Change::Nothing
        );
        let none = SubscriptionId::from("1/opera");
        assert_eq!(
            platform
                .end_subscription(&none, End::Now)
                .await
                .unwrap()
                .change,
            Change::Nothing
        );
    });
    assert!(memory.rows() == before, "somebody was touched");
}

#[test]
fn values_are_what_the_platform_has_then() {
    for layout in LAYOUTS {
        let memory = memory(layout).with(Row::new("ivanov").reference("c-1").terminal(mac(1)));
        let platform = backend(&memory);
        block_on(async {
            let key = SubscriberKey::ExternalRef("c-1".into());
            let id = platform.find_subscriber(&key).await.unwrap().unwrap().id;
            let patch = SubscriberPatch {
                login: Some("petrov".into()),
                password: Some("a secret".into()),
                phone: Patch::Set("1".into()),
                ..SubscriberPatch::default()
            };
            let changed = platform.change_subscriber(&id, &patch).await.unwrap().value;
            assert_eq!(
                (changed.login.as_str(), changed.phone.as_deref()),
                ("petrov", Some("1"))
            );
            assert!(memory.password("petrov").is_some());
            let bound = platform.bind_terminal(&changed.id, mac(2)).await.unwrap();
            assert_eq!(bound.value.mac, Some(mac(2)));
            let on = Effect::SwitchedOn {
                terminal: jsonsql_client::provisioning::Identity::new().mac(mac(2)),
            };
            assert_eq!(bound.effects, [on]);
            let added = platform
                .add_subscription(&NewSubscription::new(changed.id.clone(), "sports".into()))
                .await
                .unwrap();
            assert!(added.value.active);
            assert_eq!(
                added.effects.len(),
                2,
                "both boxes show it: {:?}",
                added.effects
            );
            let ended = platform
                .end_subscription(&added.value.id, End::Now)
                .await
                .unwrap();
            assert_eq!(ended.change, Change::Made);
            assert_eq!(
                platform.subscriptions(&changed.id).collect().await.unwrap(),
                []
            );
            assert_eq!(
                platform
                    .terminals(&changed.id)
                    .collect()
                    .await
                    .unwrap()
                    .len(),
                2
            );
            assert_eq!(platform.subscribers().collect().await.unwrap(), [changed]);
        });
    }
}

#[test]
fn two_callers_at_once_leave_one_record() {
    for layout in LAYOUTS {
        let memory = memory(layout)
            .without_unique_logins()
            .with(Row::new("ivanov").reference("c-1"));
        memory.set_latency(Duration::from_millis(1));
        let platform = backend(&memory);
        block_on(async {
            let new = NewSubscriber::new("petrov");
            let (one, other) = tokio::join!(
                platform.create_subscriber(&new),
                platform.create_subscriber(&new)
            );
            let mut changes = [one.unwrap().change, other.unwrap().change];
            changes.sort_by_key(|change| *change == Change::Adopted);
            assert_eq!(changes, [Change::Made, Change::Adopted]);
            let ivanov = SubscriberKey::Login("ivanov".into());
            let id = platform.find_subscriber(&ivanov).await.unwrap().unwrap().id;
            let sports = NewSubscription::new(id.clone(), "sports".into());
            let movies = NewSubscription::new(id, "movies".into());
            let (one, other, third) = tokio::join!(
                platform.add_subscription(&sports),
                platform.add_subscription(&sports),
                platform.add_subscription(&movies),
            );
            for added in [one, other, third] {
                added.unwrap();
            }
            // Found by its login, it is the same one.
            let again = NewSubscriber {
                note: Some("hello".into()),
                ..NewSubscriber::new("ivanov")
            };
            let sports = NewSubscription::new(1.into(), "movies".into());
            if layout == Layout::RowPerSubscriber {
                let (one, other) = tokio::join!(
                    platform.create_subscriber(&again),
                    platform.add_subscription(&sports)
                );
                one.unwrap();
                other.unwrap();
            }
        });
        assert_eq!(memory.rows().len(), 2);
        assert_eq!(memory.row("ivanov").unwrap().packages.len(), 2);
    }
}

#[test]
fn a_second_record_that_came_at_the_same_time_is_a_conflict_and_not_a_success() {
    let memory = memory(Layout::RowPerSubscriber).without_unique_logins();
    memory.set_latency(Duration::from_millis(5));
    // Two programs, each with a queue of its own.
    let (one, other) = (backend(&memory), backend(&memory));
    let new = NewSubscriber::new("ivanov");
    let (one, other) = block_on(async {
        tokio::join!(one.create_subscriber(&new), other.create_subscriber(&new))
    });
    for twin in [one, other] {
        let error = twin.unwrap_err();
        assert!(
            error.to_string().contains("another record with its login"),
            "{error}"
        );
    }
}

#[test]
fn an_outcome_that_nobody_knows_is_said_and_asking_again_completes_it() {
    let memory = memory(Layout::RowPerSubscriber).with(Row::new("ivanov"));
    let platform = backend(&memory);
    block_on(async {
        let new = NewSubscriber::new("petrov");
        memory.fail(2, Fault::LostBefore);
        let lost = platform.create_subscriber(&new).await.unwrap_err();
        assert!(lost.is_indeterminate(), "{lost}");
        assert_eq!(
            platform.create_subscriber(&new).await.unwrap().change,
            Change::Made
        );
        // One that took effect is found.
        memory.fail(2, Fault::LostAfter);
        let third = NewSubscriber::new("sidorov");
        assert_eq!(
            platform.create_subscriber(&third).await.unwrap().change,
            Change::Adopted
        );
        // What can be repeated without harm is.
        memory.fail(2, Fault::LostBefore);
        assert_eq!(
            platform.disable_subscriber(&1.into()).await.unwrap().change,
            Change::Made
        );
        assert!(memory.row("ivanov").unwrap().disabled);
    });
    assert_eq!(memory.rows().len(), 3);
}

#[test]
fn a_command_goes_to_those_who_have_terminals() {
    let memory = memory(Layout::RowPerSubscriber)
        .with(Row::new("ivanov").terminal(mac(1)))
        .with(Row::new("petrov"));
    let platform = backend(&memory);
    block_on(async {
        let message = Command::Message(Message::new("hello"));
        let to = |ids: &[i64]| Recipients::Subscribers(ids.iter().map(|id| (*id).into()).collect());
        assert_eq!(
            platform.send(&to(&[1]), &message).await.unwrap().change,
            Change::Made
        );
        assert_eq!(
            platform
                .send(&to(&[2]), &Command::Restart)
                .await
                .unwrap()
                .change,
            Change::Nothing
        );
        let missing = platform.send(&to(&[1, 9]), &message).await.unwrap_err();
        assert!(matches!(
            missing,
            Error::Missing {
                record: "subscriber",
                ..
            }
        ));
        assert!(platform.send(&to(&[]), &message).await.is_err());
    });
    assert_eq!(memory.requests().writes, 1);
}

#[test]
fn a_preview_says_what_is_lost() {
    let memory = memory(Layout::RowPerTerminal)
        .with(
            Row::new("ivanov")
                .reference("c-1")
                .terminal(mac(1))
                .package("sports"),
        )
        .with(
            Row::new("ivanov-2")
                .reference("c-1")
                .marked()
                .terminal(mac(2))
                .package("sports"),
        );
    let platform = backend(&memory);
    let show = |operation: Operation| {
        let preview = block_on(platform.preview(&operation)).unwrap();
        format!(
            "{}: {:?}\n{:#?}",
            operation.name(),
            preview.steps,
            preview.effects
        )
    };
    let texts = [
        show(Operation::DisableSubscriber("ivanov".into())),
        show(Operation::UnbindTerminal(TerminalId::new(
            mac(2).to_string(),
        ))),
        show(Operation::DeleteSubscriber("ivanov".into())),
    ];
    insta::assert_snapshot!(texts.join("\n"));
    assert_eq!(memory.requests().writes, 0);
}
