//! Cases of several subscribers, run against the sandbox.

use std::fmt::Write as _;

use jsonsql_client::Error;
use jsonsql_client::model::{
    End, MacAddr, NewSubscription, Patch, SubscriberId, SubscriptionId, TerminalId,
};
use jsonsql_client::provisioning::{
    Adapter, Backend, Change, Collation, Desired, Effect, Executor, Job, Members, Operation,
    Platform, TerminalKey, Tvip,
};
use jsonsql_client::tvip::Unbind;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::{Value, json};

use super::{
    NOW, account, builder, device, job, key_of, macs, platform, run, sandbox, state, time, wanted,
};
use crate::outcome::show;
use crate::{block_on, mac};

/// Runs jobs on a server of their own.
fn case(text: &mut String, title: &str, state: Value, jobs: impl FnOnce(&Tvip) -> Vec<Job>) {
    block_on(async {
        let sandbox = sandbox(state).await;
        let tvip = platform(&sandbox);
        let _ = writeln!(
            text,
            "{title}\n{}",
            run(&sandbox, &tvip, &jobs(&tvip)).await
        );
    });
}

fn two() -> Value {
    state(
        vec![account(1, "ivanov", "c1"), account(2, "petrov", "c2")],
        vec![device(1, Some(1)), device(2, Some(2)), device(3, None)],
    )
}

fn found(tvip: &Tvip, reference: &str, wanted: Desired) -> Job {
    Job::new([tvip.identity().reference(&reference.into())], wanted)
}

fn renamed(tvip: &Tvip, reference: &str, login: &str) -> Job {
    let wanted = Desired {
        login: Some(login.to_owned()),
        ..Desired::existing()
    };
    found(tvip, reference, wanted)
}

fn boxes(tvip: &Tvip, reference: &str, numbers: &[usize]) -> Job {
    let terminals = Members::Exactly(macs(numbers));
    found(
        tvip,
        reference,
        Desired {
            terminals,
            ..Desired::existing()
        },
    )
}

#[test]
fn cases_1_to_3_who_is_who() {
    let mut text = String::new();
    case(&mut text, "none", state(vec![], vec![]), |tvip| {
        vec![
            job(tvip.identity(), wanted("ivanov", "c1")),
            Job::new([key_of(tvip, "petrov")], Desired::existing()),
            Job::new([key_of(tvip, "sidorov")], Desired::absent()),
        ]
    });
    case(&mut text, "there", two(), |tvip| {
        vec![job(tvip.identity(), wanted("ivanov", "c1"))]
    });
    case(&mut text, "there with another reference", two(), |tvip| {
        vec![job(tvip.identity(), wanted("petrov", "c3"))]
    });
    case(&mut text, "the reference of another one", two(), |tvip| {
        let wanted = Desired {
            external_ref: Patch::Set("c2".into()),
            ..Desired::existing()
        };
        vec![found(tvip, "c1", wanted)]
    });
    let mut foreign = two();
    foreign["accounts"][1]["provider"] = json!(2);
    foreign["devices"][1]["provider"] = json!(2);
    foreign["devices"][2]["provider"] = json!(2);
    case(
        &mut text,
        "another provider's login is free",
        foreign.clone(),
        |tvip| vec![job(tvip.identity(), wanted("petrov", "c3"))],
    );
    case(
        &mut text,
        "another provider's boxes are not",
        foreign,
        |tvip| {
            let by_number = Desired {
                terminals: Members::removing(TerminalKey::Id(TerminalId::from(2))),
                ..Desired::existing()
            };
            let key = tvip.identity().terminal(&TerminalId::from(2));
            vec![boxes(tvip, "c1", &[2]), Job::new([key], by_number)]
        },
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_2_letters_that_the_server_takes_as_equal() {
    block_on(async {
        let mut text = String::new();
        let state = state(
            vec![account(1, "Фёдоров", "C1"), account(2, "Ivanov", "c2")],
            vec![],
        );
        let sandbox = sandbox(state).await;
        let tvip = platform(&sandbox).collation(Collation::MysqlGeneral);
        let by_login = |login: &str| Job::new([key_of(&tvip, login)], Desired::create(login));
        for jobs in [
            vec![job(tvip.identity(), wanted("федоров", "c1"))],
            vec![by_login("IVANOV")],
            vec![by_login("ivanov"), by_login("ivÁnov")],
        ] {
            text.push_str(&run(&sandbox, &tvip, &jobs).await);
            text.push('\n');
        }
        insta::assert_snapshot!(text);
    });
}

#[test]
fn cases_9_and_10_rings_and_chains() {
    let mut text = String::new();
    case(&mut text, "two swap their logins", two(), |tvip| {
        vec![renamed(tvip, "c1", "petrov"), renamed(tvip, "c2", "ivanov")]
    });
    case(&mut text, "a chain", two(), |tvip| {
        vec![
            renamed(tvip, "c1", "petrov"),
            renamed(tvip, "c2", "sidorov"),
        ]
    });
    case(&mut text, "a leaver's login for a new one", two(), |tvip| {
        vec![
            job(tvip.identity(), wanted("petrov", "c3")),
            found(tvip, "c2", Desired::absent()),
        ]
    });
    case(&mut text, "the holder is nobody's job", two(), |tvip| {
        vec![renamed(tvip, "c1", "petrov")]
    });
    case(&mut text, "two swap their boxes", two(), |tvip| {
        vec![boxes(tvip, "c1", &[2]), boxes(tvip, "c2", &[1])]
    });
    case(
        &mut text,
        "a box goes on, another one comes",
        two(),
        |tvip| vec![boxes(tvip, "c1", &[2, 3]), boxes(tvip, "c2", &[1])],
    );
    case(&mut text, "two want one box", two(), |tvip| {
        vec![boxes(tvip, "c1", &[3]), boxes(tvip, "c2", &[3])]
    });
    case(
        &mut text,
        "a box of one who is nobody's job",
        two(),
        |tvip| vec![boxes(tvip, "c1", &[2])],
    );
    case(&mut text, "two jobs for one subscriber", two(), |tvip| {
        vec![
            renamed(tvip, "c1", "sidorov"),
            Job::new([key_of(tvip, "ivanov")], Desired::absent()),
        ]
    });
    insta::assert_snapshot!(text);
}

#[test]
fn case_15_and_16_who_waits_and_who_is_not_mistaken() {
    let mut text = String::new();
    case(&mut text, "its holder is refused", two(), |tvip| {
        let refused = Desired {
            terminals: Members::Exactly(vec![TerminalKey::Id(TerminalId::from(99))]),
            login: Some("sidorov".to_owned()),
            ..Desired::existing()
        };
        vec![renamed(tvip, "c1", "petrov"), found(tvip, "c2", refused)]
    });
    case(
        &mut text,
        "gone, and its login is another one's",
        two(),
        |tvip| {
            let find = [
                tvip.identity().reference(&"c9".into()),
                key_of(tvip, "petrov"),
            ];
            vec![Job::new(find, Desired::absent())]
        },
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_11_a_move_that_was_broken_off() {
    block_on(async {
        let sandbox = sandbox(two()).await;
        let tvip = Adapter::new(platform(&sandbox));
        let (terminal, from, to) = (
            TerminalId::from(1),
            SubscriberId::from(1),
            SubscriberId::from(2),
        );
        let account = || sandbox.tvip().state()["devices"][0]["account"].clone();
        for fault in [Fault::Refuse, Fault::Drop] {
            for nth in 1.. {
                // Whatever is asked from there on fails.
                let rule = Rule::new("/api/provider", fault.clone());
                let rule = (nth..nth + 40).fold(rule, Rule::nth);
                sandbox.set_faults(Faults::seeded(1).rule(rule));
                let moved = tvip.move_terminal(&terminal, &to).await;
                sandbox.set_faults(Faults::seeded(1));
                // The one write moves it: it is always somebody's.
                assert!([json!(1), json!(2)].contains(&account()), "{}", account());
                tvip.move_terminal(&terminal, &to).await.unwrap();
                assert_eq!(account(), 2);
                if moved.is_ok() {
                    break;
                }
                assert!(nth < 30, "it is never moved");
                tvip.move_terminal(&terminal, &from).await.unwrap();
            }
        }
    });
}

#[test]
fn case_14_lost_answers_make_nothing_twice() {
    block_on(async {
        for fault in [Fault::Refuse, Fault::Drop] {
            for nth in 1..=4 {
                let sandbox = sandbox(two()).await;
                let tvip = Adapter::new(platform(&sandbox));
                let rule = Rule::new("/api/provider", fault.clone()).nth(nth);
                sandbox.set_faults(Faults::seeded(1).rule(rule));
                let new = NewSubscription::new(SubscriberId::from(1), 2.into());
                let added = tvip.add_subscription(&new).await;
                sandbox.set_faults(Faults::seeded(1));
                let rows = || {
                    sandbox.tvip().state()["account_subscriptions"]
                        .as_array()
                        .unwrap()
                        .len()
                };
                assert!(rows() <= 1);
                assert!(added.is_err() || rows() == 1, "{fault:?} {nth}");
                tvip.add_subscription(&new).await.unwrap();
                assert_eq!(rows(), 1, "{fault:?} {nth}");
            }
        }
    });
}

#[test]
fn two_calls_for_one_subscriber_at_once_leave_one_subscription() {
    block_on(async {
        let sandbox = sandbox(two()).await;
        let tvip = Adapter::new(platform(&sandbox));
        let new = NewSubscription::new(SubscriberId::from(1), 2.into());
        let (one, other) = tokio::join!(tvip.add_subscription(&new), tvip.add_subscription(&new));
        let mut changes = [one.unwrap().change, other.unwrap().change];
        changes.sort_by_key(|change| *change == Change::Nothing);
        assert_eq!(changes, [Change::Made, Change::Nothing]);
        assert_eq!(
            sandbox.tvip().state()["account_subscriptions"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    });
}

/// An operation that does not read the devices says so; one that is to report
/// all effects has those of its preview.
#[test]
fn effects_on_devices_that_are_not_read_are_not_passed_over() {
    block_on(async {
        let id = SubscriberId::from(1);
        let new = NewSubscription::new(id.clone(), 2.into());
        let operations = [
            Operation::DisableSubscriber(id.clone()),
            Operation::AddSubscription(new.clone()),
        ];
        for operation in operations {
            let sandbox = sandbox(two()).await;
            let tvip = Adapter::new(platform(&sandbox));
            let preview = tvip.preview(&operation).await.unwrap();
            assert!(!preview.effects.is_empty(), "{operation:?}");
            let applied = tvip.apply(&operation).await.unwrap();
            assert_eq!(applied.effects, [Effect::Unread], "{operation:?}");
            // What is so already changes nothing on any device.
            let again = tvip.apply(&operation).await.unwrap();
            assert_eq!(again.effects, [], "{operation:?}");

            let sandbox = self::sandbox(two()).await;
            let tvip = Adapter::new(platform(&sandbox)).reporting_all_effects();
            let applied = tvip.apply(&operation).await.unwrap();
            assert_eq!(applied.effects, preview.effects, "{operation:?}");
        }
        // All rows are read to delete somebody.
        let sandbox = sandbox(two()).await;
        let tvip = Adapter::new(platform(&sandbox));
        let operation = Operation::DeleteSubscriber(id);
        let preview = tvip.preview(&operation).await.unwrap();
        let applied = tvip.apply(&operation).await.unwrap();
        assert_eq!(applied.effects, preview.effects);
        let is_removal = |effect: &Effect| matches!(effect, Effect::Irreversible { .. });
        assert!(applied.effects.iter().any(is_removal));
    });
}

#[test]
fn anothers_subscription_id_ends_nothing() {
    block_on(async {
        let mut state = two();
        state["accounts"][1]["provider"] = json!(2);
        let row = |id: i64, account: i64| {
            json!({
                "id": id, "account": account, "tarif": 3, "start": "2026-01-01T00:00:00+0000",
            })
        };
        // The number of one is that of the other's package.
        state["account_subscriptions"] = json!([row(1, 1), row(3, 2)]);
        let sandbox = sandbox(state).await;
        let tvip = Adapter::new(platform(&sandbox));
        let before = sandbox.tvip().state();
        for id in ["3", "device-1", "7"] {
            let ended = tvip
                .end_subscription(&SubscriptionId::from(id), End::Now)
                .await;
            assert_eq!(ended.unwrap().change, Change::Nothing, "{id}");
        }
        let basic = SubscriptionId::from("basic");
        let foreign = tvip.end_subscription(&basic, End::Now).await.unwrap_err();
        assert!(matches!(foreign, Error::Refused(_)), "{foreign}");
        assert_eq!(sandbox.tvip().state(), before);
        tvip.end_subscription(&SubscriptionId::from("1"), End::Now)
            .await
            .unwrap();
        let stop = &sandbox.tvip().state()["account_subscriptions"][0]["stop"];
        assert_eq!(stop, "2026-11-25T20:00:00+0000");
    });
}

/// The sandbox says what boxes show, by its own rules.
#[test]
fn what_boxes_show_is_what_the_server_lets_them_show() {
    block_on(async {
        let mut state = two();
        state["channels"] = json!([
            {"id": 2, "name": "two", "enabled": true, "tags": ["2"]},
            {"id": 3, "name": "three", "enabled": true, "tags": ["3"]},
        ]);
        state["tarifs"][0]["channel_tags"] = json!(["2"]);
        state["tarifs"][1]["channel_tags"] = json!(["3"]);
        state["devices"][1]["account"] = json!(1);
        let times = [
            (None, "2026-01-01"),
            (Some("2026-02-01"), "2026-01-01"),
            (None, "2027-01-01"),
        ];
        let row = |id: usize, owner: &str, number: i64, tarif: i64, time: usize| {
            let (stop, start) = times[time];
            let at = |day: &str| format!("{day}T00:00:00+0000");
            json!({"id": id, owner: number, "tarif": tarif, "start": at(start), "stop": stop.map(at)})
        };
        for own in 0..4 {
            for of_account in 0..3 {
                for enabled in [true, false] {
                    let mut state = state.clone();
                    state["accounts"][0]["enabled"] = json!(enabled);
                    state["account_subscriptions"] = json!([row(1, "account", 1, 2, of_account)]);
                    if own < 3 {
                        state["device_subscriptions"] = json!([row(1, "device", 1, 3, own)]);
                    }
                    let sandbox = sandbox(state).await;
                    let tvip = platform(&sandbox);
                    let found = tvip.load(&[key_of(&tvip, "ivanov")]).await.unwrap().found;
                    let view = tvip.view(&found[0], None, time(NOW));
                    for (screen, device) in view.screens.iter().zip([1, 2]) {
                        let shows = sandbox.tvip().channels(device, time(NOW).into()).unwrap();
                        let shows: Vec<String> = shows.iter().map(i64::to_string).collect();
                        let seen: Vec<String> = match screen.on {
                            true => screen.shows.iter().map(ToString::to_string).collect(),
                            false => Vec::new(),
                        };
                        assert_eq!(seen, shows, "device {device}: {own} {of_account} {enabled}");
                    }
                }
            }
        }
    });
}

#[test]
fn where_unbinding_deletes_a_box_is_made_anew() {
    block_on(async {
        let sandbox = sandbox(two()).await;
        let raw = builder(&sandbox)
            .clock(|| time(NOW))
            .unbind(Unbind::Delete)
            .build()
            .unwrap();
        let tvip = Tvip::new(raw);
        let jobs = [boxes(&tvip, "c1", &[2]), boxes(&tvip, "c2", &[])];
        let reports = Executor::new(&tvip).run(jobs.to_vec()).await;
        for report in &reports {
            assert!(report.outcome.is_done(), "{}", show(&report.outcome));
        }
        let state = sandbox.tvip().state();
        let of = |account: i64| -> Vec<MacAddr> {
            let devices = state["devices"].as_array().unwrap().iter();
            let own = devices.filter(|row| row["account"] == account);
            own.map(|row| row["unique_id"].as_str().unwrap().parse().unwrap())
                .collect()
        };
        assert_eq!((of(1), of(2)), (vec![mac(2)], vec![]));
    });
}

/// An administrator of all providers reaches accounts of others, by their numbers.
#[test]
fn anothers_account_is_given_nothing() {
    block_on(async {
        let mut state = two();
        state["administrator"] = json!({});
        state["accounts"][1]["provider"] = json!(2);
        let sandbox = sandbox(state).await;
        let tvip = Adapter::new(platform(&sandbox));
        let before = sandbox.tvip().state();
        let package = |id: i64| NewSubscription::new(id.into(), 3.into());
        let missing = tvip.add_subscription(&package(2)).await.unwrap_err();
        assert!(matches!(missing, Error::Missing { .. }), "{missing}");
        assert_eq!(sandbox.tvip().state(), before);
        tvip.add_subscription(&package(1)).await.unwrap();
    });
}

/// The server's answers carry its time, which is not this machine's.
#[test]
fn the_time_is_the_servers() {
    block_on(async {
        let sandbox = sandbox(two()).await;
        let tvip = Tvip::new(builder(&sandbox).build().unwrap());
        let before = jsonsql_client::model::Timestamp::now().as_second();
        let loaded = tvip.load(&[key_of(&tvip, "ivanov")]).await.unwrap();
        let now = loaded.now.unwrap();
        assert_eq!(now.subsec_nanosecond(), 0);
        assert!((now.as_second() - before).abs() <= 2);
        let set = platform(&sandbox).load(&[]).await.unwrap().now;
        assert_eq!(set, Some(time(NOW)));
    });
}
