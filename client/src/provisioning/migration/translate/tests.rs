//! Tests of the translation of subscribers, without platforms.

use super::*;
use crate::model::{PackageId, SubscriberId, Subscription, TerminalId, Timestamp};

fn package(key: &str, name: &str) -> Package {
    Package {
        kind: match name.starts_with("plan") {
            true => PackageKind::Plan,
            false => PackageKind::Package,
        },
        ..Package::new(PackageId::from(key), name)
    }
}

/// One subscriber with these packages.
fn source(had: &[(&str, Option<Timestamp>)]) -> Source {
    let owner = SubscriberId::from(1);
    let had = had.iter().map(|(package, until)| Subscription {
        until: *until,
        ..Subscription::new((*package).into(), owner.clone(), (*package).into())
    });
    let view = View {
        subscriber: Some(Subscriber::new(owner.clone(), "a")),
        subscriptions: had.collect(),
        ..View::loose()
    };
    Source {
        packages: vec![
            package("1", "tv"),
            package("2", "sport"),
            package("3", "plan-a"),
        ],
        subscribers: vec![view],
        ..Source::default()
    }
}

fn can(capabilities: &[Capability]) -> Capabilities {
    Capabilities::new(capabilities.iter().copied())
}

fn packages(wanted: &[WantedRow]) -> Vec<&str> {
    let packages = wanted
        .iter()
        .flat_map(|one| one.desired.subscriptions.wanted());
    packages.map(|one| one.package.as_str()).collect()
}

#[test]
fn packages_go_by_names_and_what_does_not_come_along_is_named() {
    let mut source = source(&[("1", None), ("2", None)]);
    let view = &mut source.subscribers[0];
    view.subscriptions.push(Subscription {
        active: false,
        ..view.subscriptions[0].clone()
    });
    view.subscriptions.push(Subscription {
        terminal: Some(TerminalId::from("t1")),
        ..view.subscriptions[0].clone()
    });
    view.terminals
        .push(Terminal::new(TerminalId::from("app-7")));
    source.free_terminals.push("00-1A-79-00-00-01".to_owned());
    source
        .unreadable
        .push(("9".to_owned(), "no login".to_owned()));
    let mapping = Mapping::by_names(&source.packages, &[package("70", "tv")]);
    let (wanted, losses) = translate(&source, &mapping, &can(&[]));
    assert_eq!(packages(&wanted), ["70"]);
    assert_eq!(
        losses.to_string(),
        "     1  package \"sport\" is not on the target: a\n\
         \x20    1  package \"tv\" is not in use: a\n\
         \x20    1  package \"tv\" of terminal t1 alone: a\n\
         \x20    1  rows cannot be read: no login: 9\n\
         \x20    1  terminal app-7 has no hardware address: a\n\
         \x20    1  terminals of nobody are not brought along: 00-1A-79-00-00-01\n"
    );
}

#[test]
fn a_name_of_two_packages_is_no_name() {
    let source = source(&[("1", None)]);
    let mapping = Mapping::by_names(
        &source.packages,
        &[package("70", "tv"), package("71", "tv")],
    );
    assert!(mapping.of(&PackageId::new("1")).is_empty());
}

#[cfg(feature = "export")]
#[test]
fn a_file_says_more_than_names() {
    let source = source(&[("1", None), ("2", None)]);
    let target = [
        package("70", "tv"),
        package("71", "movies"),
        package("72", "sport"),
    ];
    let file = "from,to\ntv,movies\ntv,72\nsport,\n";
    let mapping = Mapping::read(file.as_bytes(), &source.packages, &target).unwrap();
    let (wanted, losses) = translate(&source, &mapping, &can(&[]));
    assert_eq!(packages(&wanted), ["71", "72"]);
    assert_eq!(
        losses.to_string(),
        "     1  package \"sport\" is not on the target: a\n"
    );
}

#[test]
fn an_end_goes_along_where_there_are_dates() {
    let end = Timestamp::UNIX_EPOCH;
    let source = source(&[("1", Some(end))]);
    let mapping = Mapping::by_names(&source.packages, &[package("70", "tv")]);
    let until = |wanted: &[WantedRow]| wanted[0].desired.subscriptions.wanted()[0].until;
    let (wanted, _) = translate(&source, &mapping, &can(&[Capability::DatedSubscriptions]));
    assert_eq!(until(&wanted), Patch::Set(end));

    let (wanted, losses) = translate(&source, &mapping, &can(&[]));
    assert_eq!(until(&wanted), Patch::Keep);
    assert_eq!(
        losses.to_string(),
        "     1  package \"tv\" does not end by itself: a\n"
    );
}

#[cfg(feature = "export")]
#[test]
fn there_is_one_plan_at_most_and_none_is_told() {
    let plans = can(&[Capability::Plans]);
    let source = source(&[("1", None), ("2", None)]);
    let target = [package("8", "plan-x"), package("9", "plan-y")];
    let file = "from,to\ntv,plan-x\nsport,plan-y\n";
    let mapping = Mapping::read(file.as_bytes(), &source.packages, &target).unwrap();
    let (wanted, losses) = translate(&source, &mapping, &plans);
    assert_eq!(packages(&wanted), ["8"]);
    let lost = |losses: Losses, what| losses.iter().any(|(own, _)| own == what);
    assert!(lost(losses, "a second plan, \"plan-y\", is not given"));

    let (_, losses) = translate(&source, &Mapping::default(), &plans);
    assert!(lost(
        losses,
        "the target's own plan, for none stands for theirs"
    ));
}
