//! How many requests an operation takes.

use std::fmt::Write as _;

use jsonsql_client::model::{
    Command, End, Message, NewSubscriber, NewSubscription, Recipients, SubscriberId, SubscriberKey,
    SubscriptionId, TerminalId,
};
use jsonsql_client::provisioning::{Adapter, Backend};
use jsonsql_sandbox::Sandbox;
use serde_json::json;

use super::{account, device, platform, sandbox, state};
use crate::{block_on, mac};

/// Returns how many requests there were, and of them for the list of tariffs.
fn count(sandbox: &Sandbox) -> (usize, usize) {
    let requests = sandbox.take_requests();
    let lists = requests
        .iter()
        .filter(|request| request.path.ends_with("/tarifs"));
    (requests.len(), lists.count())
}

/// Adding a package takes three requests beside the list of packages, which a run reads
/// once. The documentation of `Tvip` says what each of them is for; the tests that fail
/// without them are `what_is_not_there_cannot_be_subscribed` and
/// `anothers_account_is_given_nothing` (the account), `case_19_dates_of_an_addition` (its
/// subscriptions) and `case_12_packages_that_are_not_to_be_had` (the tariffs).
#[test]
fn requests_of_each_operation() {
    block_on(async {
        let mut state = state(
            vec![account(1, "petrov", "c1")],
            vec![device(1, Some(1)), device(2, None)],
        );
        state["account_subscriptions"] = json!([
            {"id": 1, "account": 1, "tarif": 2, "start": "2026-01-01T00:00:00+0000", "stop": null},
        ]);
        let sandbox = sandbox(state).await;
        let tvip = Adapter::new(platform(&sandbox));
        let id = SubscriberId::from(1);
        let mut table = String::from(
            "| operation | requests | of them the list of packages |\n| --- | --- | --- |\n",
        );
        let mut counts = Vec::new();
        let mut line = |name: &'static str| {
            let (all, lists) = count(&sandbox);
            let _ = writeln!(table, "| {name} | {all} | {lists} |");
            counts.push((name, all - lists));
        };
        sandbox.take_requests();
        let new = NewSubscriber {
            external_ref: Some("c2".into()),
            ..NewSubscriber::new("ivanov")
        };
        tvip.create_subscriber(&new).await.unwrap();
        line("create");
        tvip.create_subscriber(&new).await.unwrap();
        line("create, again");
        tvip.find_subscriber(&SubscriberKey::Login("petrov".into()))
            .await
            .unwrap()
            .unwrap();
        line("find");
        tvip.disable_subscriber(&id).await.unwrap();
        line("disable");
        tvip.disable_subscriber(&id).await.unwrap();
        line("disable, again");
        tvip.bind_terminal(&id, mac(3)).await.unwrap();
        line("bind");
        tvip.bind_terminal(&id, mac(2)).await.unwrap();
        line("bind, nobody's");
        tvip.bind_terminal(&id, mac(3)).await.unwrap();
        line("bind, again");
        let package = |number: i64| NewSubscription::new(id.clone(), number.into());
        tvip.add_subscription(&package(3)).await.unwrap();
        line("add a package");
        tvip.add_subscription(&package(3)).await.unwrap();
        line("add a package, again");
        tvip.end_subscription(&SubscriptionId::from(1), End::Now)
            .await
            .unwrap();
        line("end a package");
        tvip.unbind_terminal(&TerminalId::from(2)).await.unwrap();
        line("unbind");
        println!("{table}");
        insta::assert_snapshot!(table);
        let of = |name| counts.iter().find(|(own, _)| *own == name).unwrap().1;
        assert_eq!(
            [of("create"), of("disable"), of("bind"), of("add a package")],
            [3, 2, 3, 3],
        );
    });
}

/// With lists that are kept, three requests; what is given up is that a package that has
/// been withdrawn since is refused.
#[test]
fn lists_that_are_kept_are_read_again_before_a_refusal() {
    block_on(async {
        let mut state = state(vec![account(1, "ivanov", "c1")], vec![]);
        let sandbox = sandbox(state.clone()).await;
        let minute = std::time::Duration::from_secs(60);
        let tvip = Adapter::new(platform(&sandbox)).keeping_lists(minute);
        let package = |number: i64| NewSubscription::new(1.into(), number.into());
        tvip.add_subscription(&package(2)).await.unwrap();
        assert_eq!(count(&sandbox), (4, 1));
        tvip.find_package("Three").await.unwrap();
        tvip.add_subscription(&package(3)).await.unwrap();
        assert_eq!(count(&sandbox), (3, 0));
        tvip.find_package("Five").await.unwrap_err();
        assert_eq!(count(&sandbox), (1, 1));

        // One that was not available, and is now.
        let refused = tvip.add_subscription(&package(4)).await.unwrap_err();
        assert!(refused.to_string().contains("not available"), "{refused}");
        assert_eq!(count(&sandbox), (3, 1));
        state["tarifs"][2]["enabled"] = json!(true);
        state["tarifs"][0]["enabled"] = json!(false);
        sandbox.tvip().load(state.clone()).unwrap();
        sandbox.take_requests();
        tvip.add_subscription(&package(4)).await.unwrap();
        assert_eq!(count(&sandbox), (4, 1));
        // What is given up.
        state["tarifs"][1]["enabled"] = json!(false);
        sandbox.tvip().load(state).unwrap();
        tvip.add_subscription(&package(3)).await.unwrap();
        let withdrawn = tvip.add_subscription(&package(2)).await.unwrap_err();
        assert!(withdrawn.to_string().contains("not available"));
    });
}

/// Many are found by the lists, and told by one request.
#[test]
fn a_message_to_250_subscribers() {
    block_on(async {
        let all = || 1..=250_i64;
        let accounts = all().map(|id| account(id, &format!("u{id}"), &format!("c{id}")));
        let mut devices = Vec::new();
        for id in all() {
            devices.push(json!({
                "id": id, "account": id, "provider": 1,
                "unique_id": format!("10:27:be:00:{:02x}:{:02x}", id / 256, id % 256),
            }));
        }
        let sandbox = sandbox(state(accounts.collect(), devices)).await;
        let tvip = Adapter::new(platform(&sandbox));
        let to = Recipients::Subscribers(all().map(SubscriberId::from).collect());
        tvip.send(&to, &Command::Message(Message::new("hello")))
            .await
            .unwrap();
        let (requests, _) = count(&sandbox);
        println!("a message to 250 subscribers: {requests} requests");
        assert!(requests <= 10, "{requests}");
        assert_eq!(sandbox.tvip().sent().len(), 1);
    });
}
