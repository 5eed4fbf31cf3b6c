//! What becomes of subscribers on the way, without platforms.

use jsonsql_client::model::{NewSubscriber, PackageId, SubscriberId, SubscriptionId, Timestamp};

use super::*;
use crate::sync::state::{Had, Offer};

const NO_PLANS: Target = Target {
    dates: true,
    plans: false,
};

fn offer(key: &str, name: &str) -> Offer {
    Offer {
        id: PackageId::new(key),
        name: name.to_owned(),
        plan: name.starts_with("plan"),
    }
}

/// One subscriber with these packages.
fn source(had: &[(&str, Option<Timestamp>)]) -> State {
    let had = had.iter().map(|(package, until)| Had {
        id: SubscriptionId::new(*package),
        package: PackageId::new(*package),
        until: *until,
    });
    let present = Present {
        id: SubscriberId::from(1),
        record: NewSubscriber::of("a"),
        subscriptions: had.collect(),
        of_one_terminal: 0,
        inactive: 2,
        terminals: Vec::new(),
        applications: 1,
    };
    State {
        packages: vec![offer("1", "tv"), offer("2", "sport"), offer("3", "plan-a")],
        subscribers: vec![present],
        free_terminals: 0,
    }
}

fn packages(wanted: &[Wanted]) -> Vec<&str> {
    let packages = wanted.iter().flat_map(|one| &one.packages);
    packages.map(|package| package.offer.id.as_str()).collect()
}

#[test]
fn packages_go_by_names_and_what_has_no_equal_is_counted() {
    let source = source(&[("1", None), ("2", None)]);
    let mapping = Mapping::by_names(&source.packages, &[offer("70", "tv")]);
    let (wanted, losses) = translate(&source, &mapping, NO_PLANS);
    assert_eq!(packages(&wanted), ["70"]);
    let losses: Vec<(&str, usize)> = losses.iter().map(|(what, n)| (what.as_str(), *n)).collect();
    assert_eq!(
        losses,
        [
            (
                "package \"sport\" is not on the target: subscriptions to it",
                1
            ),
            ("subscriptions that are not in use are not migrated", 2),
            ("terminals without a hardware address are not migrated", 1),
        ]
    );
}

#[test]
fn a_name_of_two_packages_is_no_name() {
    let source = source(&[("1", None)]);
    let mapping = Mapping::by_names(&source.packages, &[offer("70", "tv"), offer("71", "tv")]);
    assert!(mapping.of(&PackageId::new("1")).is_empty());
}

#[test]
fn a_file_says_more_than_names() {
    let source = source(&[("1", None), ("2", None)]);
    let target = [
        offer("70", "tv"),
        offer("71", "movies"),
        offer("72", "sport"),
    ];
    let file = "from,to\ntv,movies\ntv,72\nsport,\n";
    let mapping = Mapping::read(file.as_bytes(), &source.packages, &target).unwrap();
    let (wanted, losses) = translate(&source, &mapping, NO_PLANS);
    assert_eq!(packages(&wanted), ["71", "72"]);
    assert_eq!(
        losses["package \"sport\" is not on the target: subscriptions to it"],
        1
    );
}

#[test]
fn an_end_goes_along_where_there_are_dates() {
    let end = Timestamp::UNIX_EPOCH;
    let source = source(&[("1", Some(end))]);
    let mapping = Mapping::by_names(&source.packages, &[offer("70", "tv")]);
    let (wanted, _) = translate(&source, &mapping, NO_PLANS);
    assert_eq!(wanted[0].packages[0].until, Some(end));

    let without = Target {
        dates: false,
        ..NO_PLANS
    };
    let (wanted, losses) = translate(&source, &mapping, without);
    assert_eq!(wanted[0].packages[0].until, None);
    assert_eq!(losses["subscriptions do not end by themselves any more"], 1);
}

#[test]
fn there_is_one_plan_at_most_and_none_is_told() {
    let plans = Target {
        dates: false,
        plans: true,
    };
    let source = source(&[("1", None), ("2", None)]);
    let target = [offer("8", "plan-x"), offer("9", "plan-y")];
    let file = "from,to\ntv,plan-x\nsport,plan-y\n";
    let mapping = Mapping::read(file.as_bytes(), &source.packages, &target).unwrap();
    let (wanted, losses) = translate(&source, &mapping, plans);
    assert_eq!(packages(&wanted), ["8"]);
    assert_eq!(losses["a second plan, \"plan-y\", is not given"], 1);

    let (_, losses) = translate(&source, &Mapping::default(), plans);
    assert_eq!(
        losses["subscribers get the target's own plan, for none stands for theirs"],
        1
    );
}
