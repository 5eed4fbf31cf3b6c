//! The cases that every adapter has to cover, on accounts: what is there, what
//! is wanted, the steps, and what is there then.

use std::fmt::Write as _;

use jsonsql_client::model::{End, Patch};
use jsonsql_client::provisioning::{
    Desired, EndedSubscription, Executor, Job, Members, Platform, SubscriptionKey, TerminalKey,
    WantedSubscription,
};
use serde_json::{Value, json};

use super::stage::{Stage, account, further, loose, macs, packages, wanted, with};
use crate::outcome::show;
use crate::{block_on, mac};

fn titled(cases: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut text = String::new();
    for (title, shown) in cases {
        let _ = writeln!(text, "{title}\n{shown}");
    }
    text
}

fn anna() -> Value {
    account("a", "c1", 1, &[2])
}

fn boxes(terminals: Members<TerminalKey, TerminalKey>) -> Desired {
    Desired {
        terminals,
        ..Desired::existing()
    }
}

fn adding(id: &str) -> Desired {
    Desired {
        subscriptions: Members::adding(WantedSubscription::new(id.into())),
        ..Desired::existing()
    }
}

#[test]
fn case_1_none() {
    let stage = Stage::new([]);
    let shown = stage.run(&[
        stage.job(wanted("ivanov", "c1")),
        stage.of_login("petrov", Desired::existing()),
        stage.of_login("sidorov", Desired::absent()),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_2_equal_by_collation() {
    let there = |login: &str| with(account(login, "C1", 0, &[]), "full_name", json!("N"));
    let run = |login: &str, asked: &str| {
        let stage = Stage::new([there(login)]);
        stage.run(&[stage.job(wanted(asked, "c1"))])
    };
    let alone = Stage::new([account("Ivanov", "", 0, &[])]);
    let keeping = Desired {
        login: None,
        ..Desired::create("")
    };
    let shown = titled([
        ("case", run("Ivanov", "IVANOV")),
        ("ё", run("Фёдоров", "Федоров")),
        ("a blank at the end", run("ivanov ", "ivanov")),
        ("the same", run("ivanov", "ivanov")),
        (
            "by the login alone",
            alone.run(&[alone.of_login("IVANOV", keeping)]),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_3_login_of_a_further_row_and_of_another_reference() {
    let stage = Stage::new([
        account("a", "c1", 1, &[]),
        further("a-2", "c1", 2, &[]),
        account("a-3", "c1", 3, &[]),
        account("b", "c2", 0, &[]),
    ]);
    let shown = stage.run(&[
        stage.job(wanted("a-2", "c8")),
        stage.job(wanted("a-3", "c7")),
        stage.job(wanted("b", "c9")),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_4_rows_that_differ_from_one_another() {
    let run = |desired: Desired| {
        let first = with(account("a", "c1", 1, &[2]), "full_name", json!("Anna"));
        let second = with(further("a-2", "c1", 2, &[]), "full_name", json!("Nobody"));
        let second = with(second, "tariff_plan", json!("full"));
        let third = with(account("a-3", "c1", 3, &[2]), "full_name", json!("Anna"));
        let stage = Stage::new([first, with(second, "status", json!(0)), third]);
        stage.run(&[stage.of_reference("c1", desired)])
    };
    let named = |name: &str| Desired {
        name: Patch::Set(name.into()),
        ..Desired::existing()
    };
    let switched = |enabled| Desired {
        enabled: Some(enabled),
        ..Desired::existing()
    };
    let shown = titled([
        ("off", run(switched(false))),
        ("on", run(switched(true))),
        ("name of one", run(named("Anna"))),
        ("name of all", run(named("Other"))),
        ("plan", run(adding("plan:basic"))),
        (
            "plan and packages",
            run(Desired {
                subscriptions: packages(&["plan:basic", "package:2"]),
                ..Desired::existing()
            }),
        ),
        (
            "a note, and the mark stays",
            run(Desired {
                note: Patch::Set("hello".into()),
                ..switched(false)
            }),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_5_keep_keeps() {
    let odd = with(further("a-2", "c1", 1, &[3]), "status", json!(0));
    let stage = Stage::new([anna(), odd]);
    let before = stage.show();
    let shown = stage.run(&[stage.of_login("a", Desired::existing())]);
    assert_eq!(shown, format!("Nothing: \n{before}"));
}

#[test]
fn case_6_bind() {
    let run = |accounts: Vec<Value>, number| {
        let stage = Stage::new(accounts);
        stage.run(&[stage.of_login("a", boxes(Members::adding(TerminalKey::Mac(mac(number)))))])
    };
    let lower = with(
        account("a", "c1", 0, &[]),
        "stb_mac",
        json!("00:1a:79:00:00:01"),
    );
    let begun = with(further("a-2", "c1", 2, &[]), "tariff_plan", json!("full"));
    let shown = titled([
        ("own", run(vec![anna()], 1)),
        ("own, not as the server finds it", run(vec![lower], 1)),
        ("a free account", run(vec![account("a", "", 0, &[])], 1)),
        ("a second one", run(vec![anna()], 2)),
        (
            "a second one, without a reference",
            run(vec![account("a", "", 1, &[])], 2),
        ),
        ("a second one, begun", run(vec![anna(), begun], 2)),
        (
            "nobody's, for a free account",
            run(vec![account("a", "c1", 0, &[2]), loose(2)], 2),
        ),
        (
            "nobody's, for a further account",
            run(vec![anna(), loose(2)], 2),
        ),
        ("nobody's, twice", run(vec![anna(), loose(2), loose(2)], 2)),
        (
            "another one's",
            run(vec![anna(), account("b", "", 2, &[])], 2),
        ),
        (
            "doubled",
            run(vec![anna(), further("a-2", "c1", 1, &[2])], 1),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_7_unbind() {
    let run = |desired: Desired| {
        let garbage = with(account("a-4", "c1", 0, &[]), "stb_mac", json!("garbage"));
        let stage = Stage::new([
            anna(),
            further("a-2", "c1", 2, &[2]),
            account("a-3", "c1", 3, &[2]),
            garbage,
        ]);
        stage.run(&[stage.of_login("a", desired)])
    };
    let without = |number| boxes(Members::removing(TerminalKey::Mac(mac(number))));
    let shown = titled([
        ("first", run(without(1))),
        ("made for it", run(without(2))),
        ("made by a person", run(without(3))),
        (
            "what is no address",
            run(boxes(Members::removing(TerminalKey::Id("garbage".into())))),
        ),
        ("another box in its place", run(boxes(macs(&[1, 3, 4])))),
        ("all but the first", run(boxes(macs(&[1])))),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_8_rename() {
    let run = |accounts: Vec<Value>, to: &str| {
        let stage = Stage::new(accounts);
        let renamed = Desired {
            login: Some(to.to_owned()),
            ..Desired::existing()
        };
        stage.run(&[stage.of_login("a", renamed)])
    };
    let alone = || vec![account("a", "", 0, &[])];
    let with_further = || vec![account("a", "c1", 1, &[]), further("a-2", "c1", 2, &[])];
    let with_another = || vec![account("a", "c1", 1, &[]), account("abc", "c1", 2, &[])];
    let shown = titled([
        ("alone", run(alone(), "b")),
        ("alone, only its case", run(alone(), "A")),
        ("with a further account", run(with_further(), "b")),
        (
            "longer than the further one's",
            run(with_further(), "much-longer"),
        ),
        ("the further one's", run(with_further(), "a-2")),
        (
            "longer than one made by hand",
            run(with_another(), "much-longer"),
        ),
        ("of one made by hand", run(with_another(), "abc")),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_9_rings_and_chains() {
    let run = |logins: &[(&str, &str)]| {
        let stage = Stage::new([
            account("a", "c1", 0, &[]),
            account("b", "c2", 0, &[]),
            account("c", "c3", 0, &[]),
        ]);
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
        let stage = Stage::new([account("a", "c1", 1, &[]), account("b", "c2", 2, &[])]);
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
            "moved, and its account used again",
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
    let stage = Stage::new([account("a", "c1", 0, &[]), account("b", "c2", 2, &[])]);
    let shown = stage.run(&[stage.of_login("b", boxes(Members::adding(TerminalKey::Mac(mac(1)))))]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_12_packages() {
    let run = |accounts: Vec<Value>, desired: Desired| {
        let stage = Stage::new(accounts);
        stage.run(&[stage.of_login("a", desired)])
    };
    let exactly = |ids: &[&str]| Desired {
        subscriptions: packages(ids),
        ..Desired::existing()
    };
    let ending = |key| Desired {
        subscriptions: Members::removing(EndedSubscription {
            subscription: key,
            end: End::Now,
        }),
        ..Desired::existing()
    };
    let long = "contract-2026-0001";
    let two = || vec![anna(), further("a-2", "c1", 2, &[3])];
    let shown = titled([
        ("not in the plan", run(vec![anna()], adding("package:5"))),
        ("part of the plan", run(vec![anna()], adding("package:1"))),
        ("no such package", run(vec![anna()], adding("package:99"))),
        ("no such plan", run(vec![anna()], adding("plan:nosuch"))),
        (
            "a plan that cannot be given",
            run(vec![anna()], adding("plan#3")),
        ),
        (
            "two plans",
            run(vec![anna()], exactly(&["plan:basic", "plan:full"])),
        ),
        (
            "another plan",
            run(vec![account("a", "c1", 1, &[2, 3])], adding("plan:full")),
        ),
        (
            "another plan and its packages",
            run(vec![anna()], exactly(&["plan:full", "package:5"])),
        ),
        (
            "the plan ended",
            run(
                vec![anna()],
                ending(SubscriptionKey::Package("plan:basic".into())),
            ),
        ),
        (
            "ended",
            run(two(), ending(SubscriptionKey::Package("package:3".into()))),
        ),
        (
            "ended by its id",
            run(two(), ending(SubscriptionKey::Id("A/package:2".into()))),
        ),
        (
            "another one's id",
            run(two(), ending(SubscriptionKey::Id("b/package:2".into()))),
        ),
        (
            "the same for two accounts",
            run(two(), exactly(&["package:2", "package:3"])),
        ),
        ("no others", run(two(), exactly(&[]))),
        (
            "a long number, box by box",
            run(
                vec![account("a", long, 1, &[]), further("a-2", long, 2, &[])],
                exactly(&["package:2"]),
            ),
        ),
        (
            "without a box and a short number",
            run(vec![account("a", long, 0, &[])], exactly(&["package:2"])),
        ),
        ("sold singly", run(two(), adding("package:7"))),
        (
            "sold singly, and there",
            run(vec![account("a", "c1", 1, &[7])], adding("package:7")),
        ),
        (
            "sold singly, and one has it",
            run(
                vec![account("a", "c1", 1, &[7]), further("a-2", "c1", 2, &[])],
                adding("package:7"),
            ),
        ),
        ("a new one without a box and a short number", {
            let stage = Stage::new([]);
            stage.run(&[stage.job(Desired {
                subscriptions: packages(&["package:2"]),
                ..wanted("new", long)
            })])
        }),
        ("a new one with two boxes", {
            let stage = Stage::new([]);
            stage.run(&[stage.job(Desired {
                subscriptions: packages(&["plan:full", "package:3", "package:5"]),
                terminals: macs(&[1, 2]),
                ..wanted("new", "c1")
            })])
        }),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_13_a_password() {
    let with_password = |desired: Desired| Desired {
        password: Some("a secret".into()),
        ..desired
    };
    let there = Stage::new([anna(), further("a-2", "c1", 2, &[])]);
    let new = Stage::new([]);
    let created =
        block_on(Executor::new(&new).run(vec![new.job(with_password(wanted("new", "c1")))]));
    let shown = titled([
        (
            "there",
            there.run(&[there.job(with_password(wanted("a", "c1")))]),
        ),
        // It goes with the creation, and is not written once more.
        (
            "new",
            format!(
                "{} with {} write\n",
                show(&created[0].outcome),
                new.writes()
            ),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_15_whoever_waits_for_a_refused_one() {
    let stage = Stage::new([
        account("a", "c1", 0, &[]),
        account("b", "c2", 0, &[]),
        account("x", "c9", 0, &[]),
    ]);
    let shown = stage.run(&[
        stage.job(wanted("b", "c1")),
        stage.job(wanted("x", "c2")),
        stage.job(wanted("new", "c3")),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_16_a_leaver_whose_login_is_anothers_now() {
    let stage = Stage::new([account("a", "c2", 0, &[])]);
    let gone = Job::new(
        [
            stage.identity().reference(&"c1".into()),
            stage.identity().login("a"),
        ],
        Desired::absent(),
    );
    insta::assert_snapshot!(stage.run(&[gone]));
    let stage = Stage::new([
        anna(),
        further("a-2", "c1", 2, &[]),
        account("a-3", "", 3, &[]),
    ]);
    insta::assert_snapshot!(stage.run(&[stage.of_login("a", Desired::absent())]));
}

#[test]
fn case_17_two_jobs_or_two_rows() {
    let off = |desired: Desired| Desired {
        enabled: Some(false),
        ..desired
    };
    let two_jobs = Stage::new([account("a", "c1", 0, &[])]);
    let two_rows = Stage::new([account("Ёжик", "c1", 0, &[]), account("ежик", "c2", 0, &[])]);
    let twins = Stage::new([account("a", "c1", 0, &[]), account("A", "c1", 2, &[])]);
    let shown = titled([
        (
            "two jobs",
            two_jobs.run(&[
                two_jobs.job(off(wanted("a", "c1"))),
                two_jobs.of_login("a", Desired::absent()),
            ]),
        ),
        (
            "two rows",
            two_rows.run(&[two_rows.of_login("ЕЖИК", Desired::absent())]),
        ),
        // Found by their references, each would still be changed with the other.
        (
            "two rows, by their references",
            two_rows.run(&[two_rows.of_reference("c1", {
                let mut desired = off(Desired::existing());
                desired.external_ref = Patch::Clear;
                desired
            })]),
        ),
        (
            "two rows of one reference",
            twins.run(&[
                twins.of_reference("c1", Desired::absent()),
                twins.of_login("a", off(Desired::existing())),
            ]),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_18_a_further_rows_login_that_somebody_is_to_have() {
    let run = |second: Value| {
        let stage = Stage::new([anna(), second]);
        stage.run(&[stage.job(wanted("a", "c1")), stage.job(wanted("a-2", "c2"))])
    };
    let shown = titled([
        ("made for a box", run(further("a-2", "c1", 2, &[]))),
        ("made by a person", run(account("a-2", "c1", 2, &[]))),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_19_dates() {
    let run = |wanted: WantedSubscription| {
        let ends = with(anna(), "tariff_expired_date", json!("2026-12-01 00:00:00"));
        let ends = with(ends, "tariff_instead_expired", json!("full"));
        let stage = Stage::new([ends, account("a-2", "c1", 2, &[])]);
        stage.run(&[stage.of_login(
            "a",
            Desired {
                subscriptions: Members::adding(wanted),
                ..Desired::existing()
            },
        )])
    };
    let of = |id: &str| WantedSubscription::new(id.into());
    let keeping = |id: &str| WantedSubscription {
        until: Patch::Keep,
        ..of(id)
    };
    let soon = "2026-12-01T00:00:00Z".parse().unwrap();
    let paid_until = || {
        let ends = with(anna(), "end_date", json!("2027-01-01 00:00:00"));
        Stage::new([ends])
    };
    let switched = |enabled| Desired {
        enabled: Some(enabled),
        ..Desired::existing()
    };
    let shown = titled([
        ("the account's own end", {
            let stage = paid_until();
            stage.run(&[stage.of_login("a", adding("package:3"))])
        }),
        ("the account's own end, enabled", {
            let stage = paid_until();
            stage.run(&[stage.of_login("a", switched(true))])
        }),
        ("the account's own end, disabled", {
            let stage = paid_until();
            stage.run(&[stage.of_login("a", switched(false))])
        }),
        ("the plan, until it is ended", run(of("plan:basic"))),
        ("the plan, as long as it is", run(keeping("plan:basic"))),
        ("another plan, until it is ended", run(of("plan:full"))),
        (
            "with an end",
            run(WantedSubscription {
                until: Patch::Set(soon),
                ..of("package:3")
            }),
        ),
        (
            "from a time",
            run(WantedSubscription {
                from: Some(soon),
                ..of("package:3")
            }),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn case_20_effects() {
    let effects = |desired: Desired| {
        let off = with(account("a-3", "c1", 3, &[2]), "status", json!(0));
        let stage = Stage::new([anna(), further("a-2", "c1", 2, &[3]), off]);
        let job = stage.of_login("a", desired);
        let forecast = block_on(Executor::new(&stage).preview(vec![job])).remove(0);
        let forecast = forecast.unwrap();
        let lines = forecast
            .effects
            .iter()
            .map(|effect| format!("{effect:?}\n"));
        lines.collect::<String>()
    };
    let shown = titled([
        ("a package", effects(adding("package:3"))),
        ("another plan", effects(adding("plan:full"))),
        (
            "disabled",
            effects(Desired {
                enabled: Some(false),
                ..Desired::existing()
            }),
        ),
        (
            "unbound",
            effects(boxes(Members::removing(TerminalKey::Mac(mac(2))))),
        ),
        ("deleted", effects(Desired::absent())),
    ]);
    insta::assert_snapshot!(shown);
}
