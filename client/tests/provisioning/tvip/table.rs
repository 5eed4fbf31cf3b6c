//! The cases of one subscriber, as pure functions: what is there and what is
//! wanted, the steps, and what each box shows before and after. Cases of several
//! subscribers are in `runs`.

use std::fmt::Write as _;

use jsonsql_client::model::{End, Patch, SubscriptionId, TerminalId};
use jsonsql_client::provisioning::{
    Context, Desired, EndedSubscription, Key, Members, Others, Platform, Step, SubscriptionKey,
    TerminalKey, Tvip, TvipLists, TvipRows, Unplanned, View, WantedSubscription,
};
use jsonsql_client::tvip::{self, Ending, Unbind};
use serde_json::{Value, json};

use super::{NOW, account, device, macs, packages, time, wanted};
use crate::mac;

/// Everybody who is known, and there is nobody else.
struct Known(Tvip, Vec<TvipRows>);

impl Others<TvipRows> for Known {
    fn holders(&self, key: &Key) -> Option<Vec<&TvipRows>> {
        Some(
            self.1
                .iter()
                .filter(|one| self.0.keys(one).contains(key))
                .collect(),
        )
    }

    fn is_reserved(&self, _: &Key) -> bool {
        false
    }
}

fn options() -> jsonsql_client::ClientBuilder<tvip::Options> {
    tvip::Tvip::builder()
        .url("https://tms.example.com/api/provider")
        .credentials("admin", "adminpassword")
        .provider(tvip::ProviderId(1))
}

fn tvip() -> Tvip {
    Tvip::new(options().build().unwrap())
}

fn lists() -> TvipLists {
    let all = json!([
        {"id": 2, "tarif_name": "Two", "provider": 1, "enabled": true},
        {"id": 3, "tarif_name": "Three", "provider": null},
        {"id": 4, "tarif_name": "Four", "provider": 1, "enabled": false},
        {"id": 5, "tarif_name": "Five", "provider": 2, "enabled": true},
    ]);
    TvipLists::new(serde_json::from_value(all).unwrap())
}

/// `2:2026-01-01..2026-12-31`: a tariff and its time; after `@` the device.
fn held(text: &str) -> (Value, Option<i64>) {
    let (text, device) = match text.split_once('@') {
        Some((text, device)) => (text, Some(device.parse().unwrap())),
        None => (text, None),
    };
    let (tarif, times) = text.split_once(':').unwrap_or((text, "2026-01-01.."));
    let (start, stop) = times.split_once("..").unwrap();
    let at = |day: &str| (!day.is_empty()).then(|| format!("{day}T00:00:00+0000"));
    let row = json!({"tarif": tarif.parse::<i64>().unwrap(), "start": at(start), "stop": at(stop)});
    (row, device)
}

fn rows(account: Option<Value>, devices: &[Value], packages: &[&str]) -> TvipRows {
    let id = account.as_ref().map(|account| account["id"].clone());
    let (mut of_account, mut of_devices) = (Vec::new(), Vec::new());
    for (number, text) in (1..).zip(packages) {
        let (mut row, device) = held(text);
        row["id"] = json!(number * 10);
        match device {
            None => {
                row["account"] = id.clone().unwrap();
                of_account.push(serde_json::from_value(row).unwrap());
            }
            Some(device) => {
                row["device"] = json!(device);
                of_devices.push(serde_json::from_value(row).unwrap());
            }
        }
    }
    let read = |value: &Value| serde_json::from_value(value.clone()).unwrap();
    TvipRows::of_records(
        account.map(|account| serde_json::from_value(account).unwrap()),
        devices.iter().map(read).collect(),
        of_account,
        of_devices,
    )
}

fn screens(view: Option<&View>) -> String {
    let Some(view) = view else {
        return "nothing is left".to_owned();
    };
    let screen = |screen: &jsonsql_client::provisioning::Screen| {
        let shows: Vec<_> = screen.shows.iter().map(ToString::to_string).collect();
        let on = if screen.on { "" } else { " off" };
        let text = screen.terminal.text();
        let tail = text.get(15..17).unwrap_or("app");
        format!("{tail}{on}{{{}}}", shows.join(" "))
    };
    view.screens
        .iter()
        .map(screen)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Plans, makes the steps by `after`, plans again: nothing is left.
fn plan_by(
    tvip: &Tvip,
    present: Option<&TvipRows>,
    others: &[TvipRows],
    wanted: &Desired,
) -> String {
    let mut known = others.to_vec();
    known.extend(present.cloned());
    let known = Known(tvip.clone(), known);
    let lists = lists();
    let context = Context::new(time(NOW), Some(&lists), &known);
    let plan = match tvip.plan(present, wanted, &context) {
        Ok(plan) => plan,
        Err(Unplanned::Refused(conflict)) => return format!("  left: {conflict}\n"),
        Err(other) => panic!("{other:?}"),
    };
    let mut text = String::new();
    let view = |rows: &TvipRows| tvip.view(rows, None, time(NOW));
    let before = present.map(view);
    let mut now = present.cloned();
    for step in &plan.steps {
        let differs: Vec<_> = (step.differences().iter())
            .map(|one| {
                let value = |value: Option<&str>| value.unwrap_or("-").to_owned();
                format!(
                    "{}: {} -> {}",
                    one.field(),
                    value(one.found()),
                    value(one.wanted())
                )
            })
            .collect();
        let removes = if step.is_removal() { " (removes)" } else { "" };
        let _ = writeln!(text, "  {}{removes}: {}", step.name(), differs.join(", "));
        now = tvip.after(now.as_ref(), step.write());
    }
    for loss in &plan.losses {
        let _ = writeln!(text, "  loses {loss}");
    }
    if plan.steps.is_empty() {
        text.push_str("  nothing to do\n");
    }
    let after = now.as_ref().map(view);
    let (before, after_text) = (screens(before.as_ref()), screens(after.as_ref()));
    if present.is_some() && before != after_text {
        let _ = writeln!(text, "  shows {before} -> {after_text}");
    }
    if let Some(now) = &now {
        let mut again = wanted.clone();
        again.password = None;
        let left = tvip.plan(Some(now), &again, &context).unwrap();
        let names: Vec<_> = left.steps.iter().map(Step::name).collect();
        assert!(
            names.is_empty(),
            "{text}after its own steps the plan has {names:?}"
        );
    }
    text
}

fn plan(present: Option<&TvipRows>, wanted: &Desired) -> String {
    plan_by(&tvip(), present, &[], wanted)
}

fn ivanov() -> Value {
    account(7, "ivanov", "c1")
}

fn with(change: impl FnOnce(&mut Desired)) -> Desired {
    let mut desired = Desired::existing();
    change(&mut desired);
    desired
}

fn terminals(terminals: Members<TerminalKey, TerminalKey>) -> Desired {
    with(|desired| desired.terminals = terminals)
}

fn subscriptions(set: Members<WantedSubscription, EndedSubscription>) -> Desired {
    with(|desired| desired.subscriptions = set)
}

fn adding(package: i64, from: Option<&str>, until: Option<&str>) -> Desired {
    let day = |day: &str| time(&format!("{day}T00:00:00Z"));
    subscriptions(Members::adding(WantedSubscription {
        from: from.map(day),
        until: until.map(day).into(),
        ..WantedSubscription::new(package.into())
    }))
}

fn section(text: &mut String, title: &str, plan: &str) {
    let _ = writeln!(text, "{title}\n{plan}");
}

#[test]
fn case_1_none() {
    let mut text = String::new();
    let full = Desired {
        password: Some("a secret".into()),
        name: Patch::Set("Ivan".to_owned()),
        note: Patch::Clear,
        device_limit: Patch::Set(2),
        terminals: Members::Exactly(macs(&[1])),
        subscriptions: packages(&[2]),
        ..wanted("ivanov", "c1")
    };
    section(&mut text, "created with all", &plan(None, &full));
    section(
        &mut text,
        "without a login",
        &plan(
            None,
            &Desired {
                login: None,
                ..full.clone()
            },
        ),
    );
    let present = rows(
        Some(ivanov()),
        &[device(1, Some(7)), device(2, Some(7))],
        &["2", "3@2"],
    );
    section(
        &mut text,
        "deleted with all",
        &plan(Some(&present), &Desired::absent()),
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_4_each_field_that_differs() {
    let mut text = String::new();
    let mut account = ivanov();
    account["fullname"] = json!("Ivan");
    account["account_desc"] = json!("");
    account["devices_per_account_limit"] = json!(2);
    let present = rows(Some(account), &[device(1, Some(7))], &["2"]);
    let name = |to: &str| with(|desired| desired.name = Patch::Set(to.to_owned()));
    for (title, wanted) in [
        ("off", with(|desired| desired.enabled = Some(false))),
        ("on already", with(|desired| desired.enabled = Some(true))),
        ("another name", name("Ivan Ivanov")),
        ("the same name", name("Ivan")),
        ("no name", with(|desired| desired.name = Patch::Clear)),
        (
            "no note, as there is none",
            with(|desired| desired.note = Patch::Clear),
        ),
        (
            "an empty note is none",
            with(|desired| desired.note = Patch::Set(String::new())),
        ),
        (
            "an address",
            with(|desired| desired.address = Patch::Set("Street 1".to_owned())),
        ),
        (
            "another limit",
            with(|desired| desired.device_limit = Patch::Set(3)),
        ),
        (
            "no limit",
            with(|desired| desired.device_limit = Patch::Clear),
        ),
        (
            "another reference",
            with(|desired| desired.external_ref = Patch::Set("c2".into())),
        ),
        (
            "several at once",
            with(|desired| {
                desired.enabled = Some(false);
                desired.name = Patch::Set("Petr".to_owned());
                desired.login = Some("petrov".to_owned());
            }),
        ),
        (
            "a password",
            with(|desired| desired.password = Some("a secret".into())),
        ),
    ] {
        section(&mut text, title, &plan(Some(&present), &wanted));
    }
    let mut echoed = ivanov();
    // The example of TVIP's "Creating an account".
    echoed["pin_md5"] = json!("25d55ad283aa400af464c76d713c07ad");
    let present = rows(Some(echoed), &[], &[]);
    let same = with(|desired| desired.password = Some("12345678".into()));
    section(
        &mut text,
        "the password that the server shows",
        &plan(Some(&present), &same),
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_5_everything_is_kept() {
    let present = rows(
        Some(ivanov()),
        &[device(1, Some(7)), device(1, Some(7))],
        &["2", "2", "3@1"],
    );
    assert_eq!(
        plan(Some(&present), &Desired::existing()),
        "  nothing to do\n"
    );
    let nothing = Desired {
        terminals: Members::Change {
            add: vec![],
            remove: vec![],
        },
        subscriptions: Members::Change {
            add: vec![],
            remove: vec![],
        },
        ..Desired::existing()
    };
    assert_eq!(plan(Some(&present), &nothing), "  nothing to do\n");
}

#[test]
fn case_6_bind() {
    let mut text = String::new();
    let add = |number| terminals(Members::adding(TerminalKey::Mac(mac(number))));
    let present = rows(Some(ivanov()), &[device(1, Some(7))], &["2"]);
    section(&mut text, "own", &plan(Some(&present), &add(1)));
    section(&mut text, "a new one", &plan(Some(&present), &add(2)));
    let by =
        |others: &[TvipRows], wanted: &Desired| plan_by(&tvip(), Some(&present), others, wanted);
    let loose = rows(None, &[device(2, None)], &[]);
    section(
        &mut text,
        "nobody's",
        &by(std::slice::from_ref(&loose), &add(2)),
    );
    let by_id = terminals(Members::adding(TerminalKey::Id(TerminalId::from(2))));
    section(&mut text, "nobody's, by its number", &by(&[loose], &by_id));
    section(&mut text, "no such number", &by(&[], &by_id));
    let left = rows(None, &[device(2, None)], &["3@2"]);
    section(
        &mut text,
        "nobody's, with a package left on it",
        &by(&[left], &add(2)),
    );
    let other = rows(Some(account(8, "petrov", "c2")), &[device(2, Some(8))], &[]);
    section(
        &mut text,
        "another one's: the order decides",
        &by(&[other], &add(2)),
    );

    let upper = json!({"id": 1, "unique_id": "00:1A:79:00:00:01", "account": 7, "provider": 1});
    let present = rows(Some(ivanov()), &[upper], &["2"]);
    section(
        &mut text,
        "own, in capitals",
        &plan(Some(&present), &add(1)),
    );
    let double = json!({"id": 9, "unique_id": "00-1A-79-00-00-01", "account": 7, "provider": 1});
    let present = rows(Some(ivanov()), &[device(1, Some(7)), double], &["2"]);
    section(
        &mut text,
        "doubled, left alone",
        &plan(Some(&present), &add(1)),
    );
    let exactly = terminals(Members::Exactly(macs(&[1])));
    section(
        &mut text,
        "doubled, one is kept",
        &plan(Some(&present), &exactly),
    );

    let mut limited = ivanov();
    limited["devices_per_account_limit"] = json!(1);
    let present = rows(Some(limited), &[device(1, Some(7))], &[]);
    section(
        &mut text,
        "one more than the limit",
        &plan(Some(&present), &add(2)),
    );
    let replaced = terminals(Members::Exactly(macs(&[2])));
    section(
        &mut text,
        "another one in its place",
        &plan(Some(&present), &replaced),
    );
    let raised = Desired {
        device_limit: Patch::Set(2),
        ..add(2)
    };
    section(
        &mut text,
        "with a higher limit",
        &plan(Some(&present), &raised),
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_7_unbind() {
    let mut text = String::new();
    let app = json!({"id": 9, "unique_id": "8f0c6f0d2e5b4b7d9a41c0aa63d8e552", "account": 7});
    let present = rows(
        Some(ivanov()),
        &[device(1, Some(7)), device(2, Some(7)), app],
        &["2", "3@2"],
    );
    let remove = |key| terminals(Members::removing(key));
    let by_number = |number| TerminalKey::Id(TerminalId::from(number));
    section(
        &mut text,
        "by its address",
        &plan(Some(&present), &remove(mac(1).into())),
    );
    section(
        &mut text,
        "with a package of its own",
        &plan(Some(&present), &remove(by_number(2))),
    );
    section(
        &mut text,
        "an application",
        &plan(Some(&present), &remove(by_number(9))),
    );
    section(
        &mut text,
        "one it has not",
        &plan(Some(&present), &remove(by_number(5))),
    );
    let none = terminals(Members::Exactly(vec![]));
    section(
        &mut text,
        "all boxes, not the application",
        &plan(Some(&present), &none),
    );
    let deleting = Tvip::new(options().unbind(Unbind::Delete).build().unwrap());
    let deleted = plan_by(&deleting, Some(&present), &[], &remove(by_number(2)));
    section(&mut text, "where unbinding deletes", &deleted);
    insta::assert_snapshot!(text);
}

#[test]
fn case_12_packages_that_are_not_available() {
    let mut text = String::new();
    let present = rows(Some(ivanov()), &[device(1, Some(7))], &["4"]);
    for (title, package) in [
        ("disabled, but there", 4),
        ("shared by all providers", 3),
        ("another provider's", 5),
        ("no such package", 6),
    ] {
        section(
            &mut text,
            title,
            &plan(Some(&present), &adding(package, None, None)),
        );
    }
    let none = rows(Some(ivanov()), &[], &[]);
    section(
        &mut text,
        "disabled",
        &plan(Some(&none), &adding(4, None, None)),
    );
    let named = subscriptions(Members::adding(WantedSubscription::new("basic".into())));
    section(&mut text, "another platform's", &plan(Some(&none), &named));
    section(
        &mut text,
        "twice",
        &plan(Some(&none), &subscriptions(packages(&[2, 2]))),
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_19_dates_of_an_addition() {
    let mut text = String::new();
    let days = [
        "2026-11-20..2026-12-31",
        "2026-11-20..",
        "2027-01-01..2027-06-30",
    ];
    let [running, open, future] = days.map(|days| format!("2:{days}"));
    type Case<'a> = (&'a str, &'a [&'a str], Option<&'a str>, Option<&'a str>);
    let cases: [Case<'_>; 19] = [
        ("none there", &[], None, None),
        ("none there, with an end", &[], None, Some("2027-03-01")),
        ("an end that has passed", &[], None, Some("2026-11-01")),
        ("a beginning that has passed", &[], Some("2026-11-01"), None),
        (
            "a beginning to come",
            &[],
            Some("2026-12-24"),
            Some("2027-01-07"),
        ),
        ("there without an end", &[&open], None, None),
        (
            "there without an end, with one",
            &[&open],
            None,
            Some("2026-12-01"),
        ),
        ("there for longer", &[&running], None, Some("2026-12-01")),
        (
            "there for just as long",
            &[&running],
            None,
            Some("2026-12-31"),
        ),
        ("there for shorter", &[&running], None, Some("2027-03-01")),
        ("there for shorter, without an end", &[&running], None, None),
        (
            "over the next one",
            &[&running, &future],
            None,
            Some("2027-03-01"),
        ),
        (
            "up to the next one",
            &[&running, &future],
            None,
            Some("2027-01-01"),
        ),
        ("only later", &[&future], None, None),
        (
            "only later, and the time until then",
            &[&future],
            None,
            Some("2027-01-01"),
        ),
        ("from another time", &[&open], Some("2026-12-24"), None),
        (
            "from the same time, for longer",
            &[&future],
            Some("2027-01-01"),
            Some("2027-12-31"),
        ),
        (
            "into the next one",
            &[&future],
            Some("2026-12-24"),
            Some("2027-02-01"),
        ),
        ("ended, and anew", &["2:2026-01-01..2026-06-30"], None, None),
    ];
    for (title, there, from, until) in cases {
        let present = rows(Some(ivanov()), &[device(1, Some(7))], there);
        section(
            &mut text,
            title,
            &plan(Some(&present), &adding(2, from, until)),
        );
    }
    let contiguous = ["2:2026-11-20..2026-12-31", "2:2026-12-31..2027-06-30"];
    let present = rows(Some(ivanov()), &[], &contiguous);
    section(
        &mut text,
        "covered by two in a row",
        &plan(Some(&present), &adding(2, None, Some("2027-06-30"))),
    );
    section(
        &mut text,
        "beyond two in a row",
        &plan(Some(&present), &adding(2, None, None)),
    );
    let twice = rows(Some(ivanov()), &[], &[&running, &open]);
    section(
        &mut text,
        "there twice at once",
        &plan(Some(&twice), &adding(2, None, None)),
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_19_dates_of_a_managed_set() {
    let mut text = String::new();
    let exactly = |until: Patch<_>| {
        subscriptions(Members::Exactly(vec![WantedSubscription {
            until,
            ..WantedSubscription::new(2.into())
        }]))
    };
    let end = |day: &str| Patch::Set(time(&format!("{day}T00:00:00Z")));
    for (title, there, wanted) in [
        (
            "kept until its own end",
            vec!["2:2026-11-20..2026-12-31"],
            exactly(Patch::Keep),
        ),
        (
            "until it is ended",
            vec!["2:2026-11-20..2026-12-31"],
            exactly(Patch::Clear),
        ),
        (
            "longer",
            vec!["2:2026-11-20..2026-12-31"],
            exactly(end("2027-01-31")),
        ),
        (
            "shorter",
            vec!["2:2026-11-20.."],
            exactly(end("2026-12-01")),
        ),
        ("another one is ended", vec!["2", "3"], exactly(Patch::Keep)),
        (
            "another one that has not begun",
            vec!["2", "3:2027-01-01.."],
            exactly(Patch::Keep),
        ),
        (
            "another one that has ended",
            vec!["2", "3:2026-01-01..2026-02-01"],
            exactly(Patch::Keep),
        ),
        (
            "doubled",
            vec!["2:2026-01-01..2026-12-31", "2:2026-02-01..", "2"],
            exactly(Patch::Keep),
        ),
        (
            "the next one stays",
            vec!["2:2026-01-01..2026-12-31", "2:2027-01-01.."],
            exactly(Patch::Keep),
        ),
        (
            "over the next one",
            vec!["2:2026-01-01..2026-12-31", "2:2027-01-01.."],
            exactly(Patch::Clear),
        ),
    ] {
        let present = rows(Some(ivanov()), &[device(1, Some(7))], &there);
        section(&mut text, title, &plan(Some(&present), &wanted));
    }
    let deleting = Tvip::new(options().ending(Ending::Delete).build().unwrap());
    let present = rows(Some(ivanov()), &[device(1, Some(7))], &["2", "3"]);
    let deleted = plan_by(&deleting, Some(&present), &[], &exactly(Patch::Keep));
    section(&mut text, "where ending deletes", &deleted);
    insta::assert_snapshot!(text);
}

#[test]
fn case_19_ends() {
    let mut text = String::new();
    let ending = |key: SubscriptionKey, end: Option<&str>| {
        let end = end.map_or(End::Now, |day| End::At(time(&format!("{day}T00:00:00Z"))));
        subscriptions(Members::removing(EndedSubscription {
            subscription: key,
            end,
        }))
    };
    let id = |text: &str| SubscriptionKey::Id(SubscriptionId::from(text));
    let package = |number: i64| SubscriptionKey::Package(number.into());
    // Their numbers are 10, 20, device-30, 40, 50.
    let there = [
        "2",
        "3:2026-11-20..2026-12-31",
        "2@1",
        "3:2027-01-01..",
        "2:2026-01-01..2026-02-01",
    ];
    let present = rows(
        Some(ivanov()),
        &[device(1, Some(7)), device(2, Some(7))],
        &there,
    );
    for (title, wanted) in [
        ("at once", ending(id("10"), None)),
        ("later", ending(id("10"), Some("2026-12-01"))),
        (
            "at a time that has passed",
            ending(id("10"), Some("2026-11-01")),
        ),
        ("at its own end", ending(id("20"), Some("2026-12-31"))),
        ("over the next one", ending(id("20"), Some("2027-02-01"))),
        ("before it begins", ending(id("40"), None)),
        ("one that has ended", ending(id("50"), None)),
        ("of one device", ending(id("device-30"), None)),
        ("the number of another kind", ending(id("30"), None)),
        ("another subscriber's", ending(id("70"), None)),
        ("the package's number", ending(id("2"), None)),
        ("by its package", ending(package(2), None)),
    ] {
        section(&mut text, title, &plan(Some(&present), &wanted));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn case_20_devices_with_packages_of_their_own() {
    let mut text = String::new();
    let two = || [device(1, Some(7)), device(2, Some(7))];
    let of_device = |number: i64, package: i64| WantedSubscription {
        terminal: Some(TerminalId::from(number)),
        ..WantedSubscription::new(package.into())
    };
    let shadowed = rows(Some(ivanov()), &two(), &["2", "2@1"]);
    section(
        &mut text,
        "added to the account",
        &plan(Some(&shadowed), &adding(3, None, None)),
    );
    let plain = rows(Some(ivanov()), &two(), &["2"]);
    let add = subscriptions(Members::adding(of_device(1, 3)));
    section(&mut text, "added to a device", &plan(Some(&plain), &add));
    let strange = subscriptions(Members::adding(of_device(5, 3)));
    section(
        &mut text,
        "added to a device of another one",
        &plan(Some(&plain), &strange),
    );
    let off = with(|desired| desired.enabled = Some(false));
    section(&mut text, "switched off", &plan(Some(&shadowed), &off));
    let set = subscriptions(packages(&[2]));
    section(
        &mut text,
        "a managed set of the account",
        &plan(Some(&shadowed), &set),
    );
    let ended = rows(Some(ivanov()), &two(), &["2", "3:2026-01-01..2026-02-01@1"]);
    section(
        &mut text,
        "a managed set, and one that has ended on a device",
        &plan(Some(&ended), &set),
    );
    let both = subscriptions(Members::Exactly(vec![
        WantedSubscription::new(2.into()),
        of_device(1, 3),
    ]));
    section(
        &mut text,
        "a managed set of both",
        &plan(Some(&shadowed), &both),
    );
    let none = subscriptions(Members::Exactly(vec![]));
    section(
        &mut text,
        "a managed set of nothing",
        &plan(Some(&shadowed), &none),
    );
    insta::assert_snapshot!(text);
}
