//! The comparison, without a platform.

use jsonsql_client::model::{ExternalRef, Patch, SubscriberId, SubscriptionId};

use super::*;
use crate::sync::plan::Limit;
use crate::sync::state::{Had, Offer};
use crate::sync::wanted::WantedPackage;

fn mac(last: u8) -> MacAddr {
    format!("02:00:00:00:00:{last:02x}").parse().unwrap()
}

/// Somebody with the login `login` and the reference `LB-login`.
fn record(login: &str) -> NewSubscriber {
    NewSubscriber {
        external_ref: Some(ExternalRef::new(format!("LB-{login}"))),
        ..NewSubscriber::of(login)
    }
}

fn present(id: i64, login: &str, packages: &[&str], macs: &[u8]) -> Present {
    let had = |package: &&str| Had {
        id: SubscriptionId::new(format!("{id}-{package}")),
        package: PackageId::new(*package),
        until: None,
    };
    let terminal = |last: &u8| (TerminalId::from(i64::from(*last)), mac(*last));
    Present {
        id: SubscriberId::from(id),
        record: record(login),
        subscriptions: packages.iter().map(had).collect(),
        of_one_terminal: 0,
        inactive: 0,
        terminals: macs.iter().map(terminal).collect(),
        applications: 0,
    }
}

fn wanted(login: &str, packages: &[&str], macs: &[u8]) -> Wanted {
    Wanted {
        record: record(login),
        packages: packages.iter().map(|name| package(name)).collect(),
        macs: macs.iter().copied().map(mac).collect(),
    }
}

/// A package whose name is its key; a plan, if it says so.
fn package(name: &str) -> WantedPackage {
    WantedPackage::of(&offer(name))
}

fn offer(name: &str) -> Offer {
    Offer {
        id: PackageId::new(name),
        name: name.to_owned(),
        plan: name.starts_with("plan"),
    }
}

fn state(subscribers: Vec<Present>) -> State {
    State {
        subscribers,
        ..State::default()
    }
}

fn rules() -> Rules {
    Rules {
        managed: Managed::ALL,
        removal: Removal::Owned(Ownership {
            reference_prefix: Some("LB-".to_owned()),
            login_prefix: None,
        }),
        change_login: true,
        move_terminal: true,
        external_ref: true,
    }
}

/// The plan, a step or a conflict a line.
fn lines(plan: &Plan) -> Vec<String> {
    let conflicts = plan.conflicts.iter();
    let conflicts = conflicts.map(|one| format!("conflict {}: {}", one.login, one.reason));
    let steps = plan.steps.iter().map(ToString::to_string);
    steps.chain(conflicts).collect()
}

#[test]
fn the_same_needs_nothing() {
    let state = state(vec![present(1, "a", &["tv"], &[1])]);
    let plan = compare(&[wanted("a", &["tv"], &[1])], &state, &rules());
    assert_eq!(lines(&plan), [""; 0]);
    assert_eq!((plan.unchanged, plan.left_alone, plan.owned), (1, 0, 1));
}

#[test]
fn whoever_pays_gets_something_before_anybody_loses_anything() {
    let mut debtor = wanted("debtor", &[], &[]);
    debtor.record.enabled = false;
    let mut paid = present(2, "paid", &["tv"], &[2]);
    paid.record.enabled = false;
    let state = state(vec![
        present(1, "debtor", &[], &[]),
        paid,
        present(3, "gone", &[], &[]),
    ]);
    let new = wanted("new", &["tv", "plan-a"], &[9]);
    let plan = compare(&[debtor, wanted("paid", &[], &[]), new], &state, &rules());
    assert_eq!(
        lines(&plan),
        [
            "create subscriber  new",
            "enable subscriber  paid",
            "add subscription   new: plan-a",
            "add subscription   new: tv",
            "end subscription   paid: tv",
            "unbind terminal    paid: 02-00-00-00-00-02",
            "bind terminal      new: 02-00-00-00-00-09",
            "disable subscriber debtor",
            "delete subscriber  gone",
        ]
    );
}

#[test]
fn only_fields_that_differ_are_written() {
    let mut is = present(1, "a", &[], &[]);
    is.record.phone = Some("1".to_owned());
    is.record.email = Some("a@example.net".to_owned());
    is.record.note = Some("by hand".to_owned());
    let mut one = wanted("a", &[], &[]);
    one.record.phone = Some("2".to_owned());
    let mut rules = rules();
    rules.managed.note = false;
    let plan = compare(&[one], &state(vec![is]), &rules);
    assert_eq!(lines(&plan), ["change subscriber  a: email, phone"]);
    let Action::Change(patch) = &plan.steps[0].action else {
        panic!("{:?}", plan.steps);
    };
    assert_eq!(patch.phone, Patch::Set("2".to_owned()));
    assert_eq!(patch.email, Patch::Clear);
}

#[test]
fn columns_that_are_left_out_are_left() {
    let mut rules = rules();
    rules.managed = Managed::default();
    let state = state(vec![present(1, "a", &["tv"], &[1])]);
    let plan = compare(&[wanted("a", &["sport"], &[2])], &state, &rules);
    assert_eq!(lines(&plan), [""; 0]);
}

#[test]
fn only_what_is_owned_is_deleted() {
    let mut by_hand = present(2, "hotel", &[], &[]);
    by_hand.record.external_ref = None;
    let state = state(vec![present(1, "gone", &[], &[]), by_hand]);
    let plan = compare(&[], &state, &rules());
    assert_eq!(lines(&plan), ["delete subscriber  gone"]);
    assert_eq!((plan.left_alone, plan.owned), (1, 1));

    // Nobody said what is owned: not even an empty prefix owns everything.
    let mut rules = rules();
    rules.removal = Removal::Owned(Ownership {
        reference_prefix: Some(String::new()),
        login_prefix: None,
    });
    let plan = compare(&[], &state, &rules);
    assert_eq!(lines(&plan), [""; 0]);
    assert_eq!(plan.left_alone, 2);
}

#[test]
fn the_login_finds_who_has_no_reference_yet() {
    let mut by_hand = present(1, "a", &[], &[]);
    by_hand.record.external_ref = None;
    let plan = compare(&[wanted("a", &[], &[])], &state(vec![by_hand]), &rules());
    assert_eq!(lines(&plan), ["change subscriber  a: external_ref"]);
}

#[test]
fn the_reference_finds_who_has_another_login() {
    let mut renamed = wanted("a", &[], &[]);
    renamed.record.login = "b".to_owned();
    let state = state(vec![present(1, "a", &[], &[])]);
    let plan = compare(std::slice::from_ref(&renamed), &state, &rules());
    assert_eq!(lines(&plan), ["change subscriber  b: login"]);

    let mut rules = rules();
    rules.change_login = false;
    let plan = compare(&[renamed], &state, &rules);
    let told = "conflict b: it has another login, and the platform cannot change one";
    assert_eq!(lines(&plan), [told]);
}

#[test]
fn in_doubt_nothing_is_written_and_nobody_deleted() {
    let mut other = present(1, "a", &["tv"], &[]);
    other.record.external_ref = Some(ExternalRef::new("LB-other"));
    let mut twin = present(3, "b-2", &[], &[]);
    twin.record.external_ref = Some(ExternalRef::new("LB-b"));
    let state = state(vec![other, present(2, "b", &[], &[]), twin]);
    let plan = compare(
        &[wanted("a", &[], &[]), wanted("b", &[], &[])],
        &state,
        &rules(),
    );
    assert_eq!(
        lines(&plan),
        [
            "conflict a: a subscriber with another external reference has its login",
            "conflict b: several subscribers have its external reference",
        ]
    );
}

#[test]
fn a_box_moves_in_one_step_where_that_is_possible() {
    let state = state(vec![present(1, "a", &[], &[1]), present(2, "b", &[], &[2])]);
    // They have exchanged their boxes.
    let swapped = [wanted("a", &[], &[2]), wanted("b", &[], &[1])];
    let plan = compare(&swapped, &state, &rules());
    assert_eq!(
        lines(&plan),
        [
            "move terminal      a: 02-00-00-00-00-02",
            "move terminal      b: 02-00-00-00-00-01",
        ]
    );
    let mut rules = rules();
    rules.move_terminal = false;
    let plan = compare(&swapped, &state, &rules);
    assert_eq!(
        lines(&plan),
        [
            "unbind terminal    b: 02-00-00-00-00-02",
            "unbind terminal    a: 02-00-00-00-00-01",
            "bind terminal      a: 02-00-00-00-00-02",
            "bind terminal      b: 02-00-00-00-00-01",
        ]
    );
}

#[test]
fn a_box_is_not_taken_from_somebody_else() {
    let mut by_hand = present(1, "hotel", &[], &[1]);
    by_hand.record.external_ref = None;
    let state = state(vec![by_hand]);
    let plan = compare(&[wanted("a", &[], &[1])], &state, &rules());
    let told = "conflict a: another subscriber, who is to stay as it is, has its box";
    assert_eq!(lines(&plan), ["create subscriber  a", told]);
}

#[test]
fn a_plan_is_replaced_and_never_ended() {
    let mut state = state(vec![
        present(1, "a", &["plan-a", "tv"], &[]),
        present(2, "b", &["plan-a"], &[]),
    ]);
    state.packages.extend(["plan-a", "plan-b", "tv"].map(offer));
    let wanted = [wanted("a", &["plan-b"], &[]), wanted("b", &[], &[])];
    let plan = compare(&wanted, &state, &rules());
    assert_eq!(
        lines(&plan),
        ["add subscription   a: plan-b", "end subscription   a: tv"]
    );
}

#[test]
fn a_migration_takes_nothing_away() {
    let mut rules = rules();
    rules.removal = Removal::Nothing;
    let mut there = present(1, "a", &["tv"], &[1]);
    there.record.phone = Some("1".to_owned());
    let state = state(vec![there, present(2, "b", &[], &[2])]);
    let plan = compare(&[wanted("a", &["sport"], &[2, 3])], &state, &rules);
    assert_eq!(
        lines(&plan),
        [
            "add subscription   a: sport",
            "bind terminal      a: 02-00-00-00-00-03",
            "conflict a: another subscriber, who is to stay as it is, has its box",
        ]
    );
}

#[test]
fn a_limit_is_a_number_or_a_percentage_of_what_is_owned() {
    let subscribers = (0..50).map(|id| present(id, &format!("s{id}"), &[], &[]));
    let state = state(subscribers.collect());
    let kept: Vec<Wanted> = (1..50)
        .map(|id| wanted(&format!("s{id}"), &[], &[]))
        .collect();
    let plan = compare(&kept, &state, &rules());
    assert_eq!((plan.deletes(), plan.owned), (1, 50));
    let keeps = |limit: &str| plan.keeps(limit.parse::<Limit>().unwrap());
    assert!(keeps("1") && keeps("2%") && !keeps("0") && !keeps("1.9%"));
    assert!(
        ["", "-1", "1.5", "101%", "x%"]
            .iter()
            .all(|text| text.parse::<Limit>().is_err())
    );
}
