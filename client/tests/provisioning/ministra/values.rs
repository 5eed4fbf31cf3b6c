//! Values that the server alters, and records that come into being twice.

use jsonsql_client::model::Patch;
use jsonsql_client::provisioning::adapters::MARK;
use jsonsql_client::provisioning::{Desired, Executor};

use super::stage::{Stage, account, show, wanted};
use crate::block_on;

fn with_name(name: &str) -> Desired {
    Desired {
        name: Patch::Set(name.to_owned()),
        ..wanted("a", "c1")
    }
}

fn with_note(note: &str) -> Desired {
    Desired {
        note: Patch::Set(note.to_owned()),
        ..wanted("a", "c1")
    }
}

fn with_password(password: &str) -> Desired {
    Desired {
        password: Some(password.into()),
        ..wanted("a", "c1")
    }
}

/// Of a new subscriber and of one that is there.
fn outcomes(desired: &Desired) -> [String; 2] {
    [Stage::new([]), Stage::new([account("a", "c1", 0, &[])])].map(|stage| {
        let jobs = vec![stage.job(desired.clone())];
        let reports = block_on(Executor::new(&stage).run(jobs));
        let text = show(&reports[0].outcome);
        assert!(
            text.starts_with("left: ") == (stage.writes() == 0),
            "{text}"
        );
        text
    })
}

#[test]
fn what_would_be_another_value_is_refused_by_the_fields_name() {
    let long = "x".repeat(65_536);
    for (desired, reason) in [
        (with_name("NOW()"), "`name` is the name of a function"),
        (
            with_name(" \t now() \n"),
            "`name` is the name of a function",
        ),
        (with_note("CurDate()"), "`note` is the name of a function"),
        (
            Desired {
                phone: Patch::Set("CURTIME()".into()),
                ..wanted("a", "c1")
            },
            "`phone` is the name of a function",
        ),
        (
            with_password("now()"),
            "the password is the name of a function",
        ),
        (with_password("secret😀"), "the password has a character"),
        (
            with_name(&"я".repeat(65)),
            "`name` is longer than 64 characters",
        ),
        (with_note(&long), "`note` is longer than 65535 bytes"),
        (
            with_note(&"я".repeat(40_000)),
            "`note` is longer than 65535 bytes",
        ),
    ] {
        for outcome in outcomes(&desired) {
            assert!(outcome.starts_with("left: "), "{outcome}");
            assert!(outcome.contains(reason), "{outcome} without {reason}");
        }
    }
    let marked = &outcomes(&with_note(MARK))[1];
    assert!(
        marked.contains("by which further accounts are known"),
        "{marked}"
    );
    for name in ["NOW", "now() and then", "NOW( )", "SYSDATE()"] {
        let [new, there] = outcomes(&with_name(name));
        assert_eq!(
            (new.as_str(), there.as_str()),
            ("Made", "Adopted"),
            "{name}"
        );
    }
}

#[test]
fn characters_that_the_server_has_not_are_a_loss_and_the_second_run_writes_nothing() {
    let stage = Stage::new([]);
    let shown = stage.run(&[stage.job(with_name("Anna 😀 Ж"))]);
    insta::assert_snapshot!(shown, @r"
    Made: create the account (account)
      loses name: the server has no characters of four bytes, such as emoji: a `?` is written in place of each
      a c1 on [] {} Anna ? Ж
    ");
}

#[test]
fn identifiers_that_mean_something_else_are_refused() {
    let mac_like = "00:1A:79:00:00:01";
    for (login, reference, reason) in [
        (
            "0",
            "c1",
            "the login is 0, which the server takes for everybody",
        ),
        ("a b", "c1", "the login has a character in it"),
        (mac_like, "c1", "is taken for a MAC address"),
        ("a", "0", "the external reference is 0"),
        ("a", "c/1", "the external reference has a comma or a slash"),
        ("a", mac_like, "is taken for a MAC address"),
    ] {
        let stage = Stage::new([]);
        let jobs = vec![stage.job(wanted(login, reference))];
        let reports = block_on(Executor::new(&stage).run(jobs));
        let outcome = show(&reports[0].outcome);
        assert!(outcome.contains(reason), "{outcome}");
        assert_eq!(stage.writes(), 0);
    }
}

#[test]
fn a_second_account_of_the_same_login_is_a_conflict_and_not_a_success() {
    let stage = Stage::new([]).with_rival();
    let jobs = vec![stage.job(wanted("a", "c1"))];
    let reports = block_on(Executor::new(&stage).run(jobs));
    assert_eq!(show(&reports[0].outcome), "ambiguous: login a");
    assert_eq!(stage.all()[0].iter().count(), 2);
}
