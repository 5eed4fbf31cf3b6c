//! The cases that every adapter has to cover, on the tables of IPTVPORTAL: what
//! is there, what is wanted, the steps with their effects, and what is there
//! then. Case 18 has no counterpart: a subscriber is one row.

use std::fmt::Write as _;

use jsonsql_client::model::{End, Patch, SubscriptionId, TerminalId};
use jsonsql_client::provisioning::{
    Desired, EndedSubscription, Job, Members, Platform as _, SubscriptionKey, TerminalKey,
    WantedSubscription,
};

use super::stage::{Has, Stage, has, macs, packages, wanted};
use crate::mac;

fn titled(cases: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut text = String::new();
    for (title, shown) in cases {
        let _ = writeln!(text, "{title}\n{shown}");
    }
    text
}

fn anna() -> Has {
    has(1, "a", "c1").terminals(&[1]).package(2)
}

fn boris() -> Has {
    has(2, "b", "c2").terminals(&[2])
}

/// One job for the subscriber with the login `a`.
fn one(all: Vec<Has>, loose: &[i64], wanted: Desired) -> String {
    let stage = Stage::new(all, loose);
    stage.run(&[stage.of_login("a", wanted)])
}

fn boxes(terminals: Members<TerminalKey, TerminalKey>) -> Desired {
    Desired {
        terminals,
        ..Desired::existing()
    }
}

fn binding(number: usize) -> Desired {
    boxes(Members::adding(TerminalKey::Mac(mac(number))))
}

fn subscriptions(set: Members<WantedSubscription, EndedSubscription>) -> Desired {
    Desired {
        subscriptions: set,
        ..Desired::existing()
    }
}

fn adding(package: i64) -> Desired {
    subscriptions(Members::adding(WantedSubscription::new(package.into())))
}

fn ending(subscription: SubscriptionKey) -> Desired {
    subscriptions(Members::removing(EndedSubscription {
        subscription,
        end: End::Now,
    }))
}

fn switched(enabled: bool) -> Desired {
    Desired {
        enabled: Some(enabled),
        ..Desired::existing()
    }
}

#[test]
fn case_1_none() {
    let stage = Stage::new([], &[]);
    let shown = stage.run(&[
        stage.job(Desired {
            enabled: Some(true),
            terminals: macs(&[1]),
            subscriptions: packages(&[2]),
            ..wanted("ivanov", "c1")
        }),
        stage.of_login("petrov", Desired::existing()),
        stage.of_login("sidorov", Desired::absent()),
    ]);
    insta::assert_snapshot!(shown);
}

/// Texts are compared exactly here, as PostgreSQL does: another letter case is
/// another subscriber, who is neither adopted nor deleted.
#[test]
fn case_2_letter_case() {
    let stage = Stage::new([has(1, "Ivanov", "C1")], &[]);
    let shown = titled([
        (
            "another case",
            stage.run(&[stage.job(wanted("ivanov", "c1"))]),
        ),
        (
            "deleted by another case",
            stage.run(&[stage.of_login("IVANOV", Desired::absent())]),
        ),
        (
            "its login, with another reference",
            stage.run(&[stage.job(wanted("Ivanov", "c9"))]),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_3_login_of_another_reference() {
    let stage = Stage::new([anna(), boris()], &[]);
    let referring = Desired {
        external_ref: Patch::Set("c2".into()),
        ..Desired::existing()
    };
    let shown = stage.run(&[stage.job(wanted("b", "c9")), stage.of_login("a", referring)]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_4_each_field_that_differs() {
    let there = || vec![anna().off().name("Anna").limit(3)];
    let shown = titled([
        ("on", one(there(), &[], switched(true))),
        ("off again", one(there(), &[], switched(false))),
        (
            "name",
            one(
                there(),
                &[],
                Desired {
                    name: Patch::Set("Anna Petrovna".into()),
                    ..Desired::existing()
                },
            ),
        ),
        (
            "name and limit cleared",
            one(
                there(),
                &[],
                Desired {
                    name: Patch::Clear,
                    device_limit: Patch::Clear,
                    ..Desired::existing()
                },
            ),
        ),
        (
            "a note, which has no column",
            one(
                there(),
                &[],
                Desired {
                    note: Patch::Set("hello".into()),
                    ..Desired::existing()
                },
            ),
        ),
        (
            "a terminal that is not registered",
            one(vec![has(1, "a", "c1").terminals(&[-1])], &[], binding(1)),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_5_keep_keeps() {
    let doubled = anna().off().package(2).unused(3).terminals(&[-2]);
    let stage = Stage::new([doubled], &[]);
    let before = stage.show();
    let shown = stage.run(&[stage.of_login("a", Desired::existing())]);
    assert_eq!(shown, format!("Nothing: \n{before}"));
}

#[test]
fn case_6_bind() {
    let shown = titled([
        ("own", one(vec![anna()], &[], binding(1))),
        ("a second one", one(vec![anna()], &[], binding(3))),
        ("nobody's", one(vec![anna()], &[3], binding(3))),
        ("another one's", one(vec![anna(), boris()], &[], binding(2))),
        (
            "doubled",
            one(vec![anna().terminals(&[1])], &[], binding(1)),
        ),
        (
            "over the limit",
            one(vec![anna().limit(1)], &[], binding(3)),
        ),
        (
            "by a number that is nobody's",
            one(
                vec![anna()],
                &[],
                boxes(Members::adding(TerminalKey::Id(TerminalId::from(9)))),
            ),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_7_unbind() {
    let there = || vec![anna().terminals(&[3, -4])];
    let without = |number| boxes(Members::removing(TerminalKey::Mac(mac(number))));
    let shown = titled([
        ("one", one(there(), &[], without(1))),
        ("one that is not registered", one(there(), &[], without(4))),
        ("one that is not there", one(there(), &[], without(5))),
        (
            "by its number",
            one(
                there(),
                &[],
                boxes(Members::removing(TerminalKey::Id(TerminalId::from(3)))),
            ),
        ),
        (
            "another in its place",
            one(there(), &[], boxes(macs(&[1, 3, 5]))),
        ),
        ("all", one(there(), &[], boxes(macs(&[])))),
        (
            "of two rows of one terminal, the one in use stays",
            one(
                vec![has(1, "a", "c1").terminals(&[-1, 1])],
                &[],
                boxes(macs(&[1])),
            ),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_8_rename() {
    let renamed = |login: &str| Desired {
        login: Some(login.to_owned()),
        ..Desired::existing()
    };
    let shown = titled([
        ("alone", one(vec![anna()], &[], renamed("b"))),
        ("only its case", one(vec![anna()], &[], renamed("A"))),
        (
            "another one's",
            one(vec![anna(), boris()], &[], renamed("b")),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_9_rings_and_chains() {
    let run = |logins: &[(&str, &str)]| {
        let stage = Stage::new(
            [has(1, "a", "c1"), has(2, "b", "c2"), has(3, "c", "c3")],
            &[],
        );
        let job = |(reference, login): &(&str, &str)| match *login {
            "" => stage.of_reference(reference, Desired::absent()),
            login => stage.job(wanted(login, reference)),
        };
        stage.run(&logins.iter().map(job).collect::<Vec<Job>>())
    };
    let shown = titled([
        ("two", run(&[("c1", "b"), ("c2", "a")])),
        ("three", run(&[("c1", "b"), ("c2", "c"), ("c3", "a")])),
        ("a chain", run(&[("c1", "b"), ("c2", "d")])),
        ("a leaver's login", run(&[("c9", "b"), ("c2", "")])),
        ("somebody who stays", run(&[("c1", "b"), ("c2", "c")])),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_10_boxes_that_change_hands() {
    let run = |wants: &[(&str, &str, &[usize])]| {
        let stage = Stage::new([anna(), boris()], &[]);
        let job = |(login, reference, numbers): &(&str, &str, &[usize])| {
            stage.job(Desired {
                terminals: macs(numbers),
                ..wanted(login, reference)
            })
        };
        stage.run(&wants.iter().map(job).collect::<Vec<Job>>())
    };
    let shown = titled([
        ("swapped", run(&[("a", "c1", &[2]), ("b", "c2", &[1])])),
        (
            "moved, and another one comes",
            run(&[("a", "c1", &[3]), ("b", "c2", &[2, 1])]),
        ),
        (
            "to a new one",
            run(&[("a", "c1", &[]), ("new", "c3", &[1, 3])]),
        ),
        (
            "wanted by two",
            run(&[("a", "c1", &[1, 5]), ("b", "c2", &[2, 5])]),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_11_a_move_that_was_killed_between_take_and_give() {
    let shown = one(vec![has(1, "a", "c1"), boris()], &[1], binding(1));
    insta::assert_snapshot!(shown);
}

#[test]
fn case_12_packages() {
    let exactly = |ids: &[i64]| subscriptions(packages(ids));
    let two = || vec![anna().package(3)];
    let keeping = |id: i64| {
        subscriptions(Members::Exactly(vec![WantedSubscription {
            until: Patch::Keep,
            ..WantedSubscription::new(id.into())
        }]))
    };
    let by_id = |id: &str| ending(SubscriptionKey::Id(SubscriptionId::from(id)));
    let shown = titled([
        ("there", one(vec![anna()], &[], adding(2))),
        ("not there", one(vec![anna()], &[], adding(3))),
        ("not in use", one(vec![anna().unused(3)], &[], adding(3))),
        ("no such package", one(vec![anna()], &[], adding(9))),
        ("not sold any more", one(vec![anna()], &[], adding(4))),
        (
            "not sold any more, and there",
            one(vec![anna().package(4)], &[], adding(4)),
        ),
        ("exactly one", one(two(), &[], exactly(&[3]))),
        ("none", one(two(), &[], exactly(&[]))),
        (
            "twice, of a managed set",
            one(vec![anna().package(2)], &[], keeping(2)),
        ),
        ("twice, added", one(vec![anna().package(2)], &[], adding(2))),
        (
            "ended",
            one(two(), &[], ending(SubscriptionKey::Package(3.into()))),
        ),
        ("ended by its id", one(two(), &[], by_id("1/3"))),
        ("another one's id", one(two(), &[], by_id("2/3"))),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_13_a_password() {
    let wanted = Desired {
        password: Some("a secret".into()),
        ..Desired::existing()
    };
    let shown = one(vec![anna()], &[], wanted);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_15_whoever_waits_for_a_refused_one() {
    let stage = Stage::new(
        [has(1, "a", "c1"), has(2, "b", "c2"), has(3, "x", "c9")],
        &[],
    );
    let shown = stage.run(&[
        stage.job(wanted("b", "c1")),
        stage.job(wanted("x", "c2")),
        stage.job(wanted("new", "c3")),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_16_a_leaver_whose_login_is_anothers_now() {
    let stage = Stage::new([has(1, "a", "c2")], &[]);
    let find = [
        stage.identity().reference(&"c1".into()),
        stage.identity().login("a"),
    ];
    let gone = stage.run(&[Job::new(find, Desired::absent())]);
    let deleted = one(
        vec![anna().package(3).terminals(&[4])],
        &[],
        Desired::absent(),
    );
    insta::assert_snapshot!(titled([("gone", gone), ("deleted", deleted)]));
}

#[test]
fn case_17_two_jobs_or_two_rows() {
    let two_jobs = Stage::new([anna()], &[]);
    let two_rows = Stage::new([has(1, "a", "c1"), has(2, "a", "c2")], &[]);
    let shown = titled([
        (
            "two jobs",
            two_jobs.run(&[
                two_jobs.job(Desired {
                    enabled: Some(false),
                    ..wanted("a", "c1")
                }),
                two_jobs.of_login("a", Desired::absent()),
            ]),
        ),
        (
            "two rows",
            two_rows.run(&[two_rows.of_login("a", Desired::absent())]),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_19_dates() {
    let ends = || {
        let there = has(1, "a", "c1").terminals(&[1]);
        vec![
            there
                .until(1, "2020-01-01 00:00:00")
                .until(2, "2099-01-01 00:00:00"),
        ]
    };
    let until = |until| {
        subscriptions(Members::adding(WantedSubscription {
            until,
            ..WantedSubscription::new(2.into())
        }))
    };
    let soon = "2026-12-01T00:00:00Z".parse().unwrap();
    let shown = titled([
        ("until it is ended", one(ends(), &[], adding(2))),
        ("as long as it is", one(ends(), &[], until(Patch::Keep))),
        ("with an end", one(ends(), &[], until(Patch::Set(soon)))),
        ("whose end has passed", one(ends(), &[], adding(1))),
        (
            "from a time",
            one(
                ends(),
                &[],
                subscriptions(Members::adding(WantedSubscription {
                    from: Some(soon),
                    ..WantedSubscription::new(3.into())
                })),
            ),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_20_effects() {
    let there = || vec![anna().package(3).terminals(&[3, -4])];
    let shown = titled([
        ("a package", one(there(), &[], adding(1))),
        (
            "a package ended",
            one(there(), &[], ending(SubscriptionKey::Package(3.into()))),
        ),
        ("disabled", one(there(), &[], switched(false))),
        (
            "of one terminal",
            one(
                there(),
                &[],
                subscriptions(Members::adding(WantedSubscription {
                    terminal: Some(TerminalId::from(1)),
                    ..WantedSubscription::new(1.into())
                })),
            ),
        ),
        ("deleted", one(there(), &[], Desired::absent())),
    ]);
    insta::assert_snapshot!(shown);
}
