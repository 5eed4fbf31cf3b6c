//! The cases that every adapter has to cover, on both layouts of rows where
//! they differ: what is there, what is wanted, the steps, and what is there
//! then. Rows read `login reference state [terminals] {packages}`.

use std::fmt::Write as _;

use jsonsql_client::model::{End, MacAddr, Patch, Timestamp};
use jsonsql_client::provisioning::memory::{Fault, Held, Layout, Memory, Row};
use jsonsql_client::provisioning::{
    Collation, Desired, EndedSubscription, Executor, FieldDiff, Job, Members, Platform,
    SubscriptionKey, TerminalKey, WantedSubscription,
};

use crate::outcome::show;
use crate::{block_on, mac};

fn portal() -> Memory {
    offers(Memory::new())
}

fn ministra() -> Memory {
    offers(
        Memory::new()
            .layout(Layout::RowPerTerminal)
            .collation(Collation::MysqlGeneral),
    )
}

fn offers(memory: Memory) -> Memory {
    let memory = memory
        .package("p1", "One")
        .package("p2", "Two")
        .with_plan("basic", &["extra"])
        .with_plan("full", &["extra", "cinema"]);
    memory.set_now(time("2026-11-25T20:00:00Z"));
    memory
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn wanted(login: &str, reference: &str) -> Desired {
    Desired {
        external_ref: Patch::Set(reference.into()),
        ..Desired::create(login)
    }
}

fn macs(numbers: &[usize]) -> Members<TerminalKey, TerminalKey> {
    Members::Exactly(
        numbers
            .iter()
            .map(|number| TerminalKey::Mac(mac(*number)))
            .collect(),
    )
}

fn packages(packages: &[&str]) -> Members<WantedSubscription, EndedSubscription> {
    let wanted = packages
        .iter()
        .map(|package| WantedSubscription::new((*package).into()));
    Members::Exactly(wanted.collect())
}

/// By the reference, then by the login.
fn job(memory: &Memory, wanted: Desired) -> Job {
    let identity = memory.identity();
    let reference = match &wanted.external_ref {
        Patch::Set(reference) => Some(identity.reference(reference)),
        _ => None,
    };
    let login = wanted.login.as_deref().map(|login| identity.login(login));
    Job::new(reference.into_iter().chain(login), wanted)
}

fn by_login(memory: &Memory, login: &str, wanted: Desired) -> Job {
    Job::new([memory.identity().login(login)], wanted)
}

fn by_reference(memory: &Memory, reference: &str, wanted: Desired) -> Job {
    Job::new([memory.identity().reference(&reference.into())], wanted)
}

fn show_rows(memory: &Memory) -> String {
    let mut text = String::new();
    for row in memory.rows() {
        let number = |mac: &MacAddr| mac.to_string()[15..].to_owned();
        let terminals: Vec<_> = row.terminals.iter().map(number).collect();
        let packages: Vec<_> = row.packages.iter().map(show_held).collect();
        let _ = writeln!(
            text,
            "  {} {} {}{} [{}] {{{}}}{}",
            row.login.as_deref().unwrap_or("-"),
            row.reference.as_deref().unwrap_or("-"),
            if row.disabled { "off" } else { "on" },
            if row.marked { " marked" } else { "" },
            terminals.join(" "),
            packages.join(" "),
            row.name.map(|name| format!(" {name}")).unwrap_or_default(),
        );
    }
    text
}

fn show_held(held: &Held) -> String {
    let day = |time: Option<Timestamp>| time.map(|time| time.to_string()[5..10].to_owned());
    let mut text = held.package.to_string();
    if let Some(mac) = held.terminal {
        let _ = write!(text, "@{}", &mac.to_string()[15..]);
    }
    if held.from.is_some() || held.until.is_some() {
        let (from, until) = (day(held.from), day(held.until));
        let _ = write!(
            text,
            ":{}..{}",
            from.unwrap_or_default(),
            until.unwrap_or_default()
        );
    }
    text
}

/// Plans, runs, and shows all of it; a second run must write nothing.
fn run(memory: &Memory, jobs: &[Job]) -> String {
    let mut text = String::new();
    let forecasts = block_on(Executor::new(memory).preview(jobs.to_vec()));
    let reports = block_on(Executor::new(memory).run(jobs.to_vec()));
    for (forecast, report) in forecasts.iter().zip(&reports) {
        let outcome = show(&report.outcome);
        match forecast {
            Err(left) => {
                let _ = writeln!(text, "{outcome}");
                assert_eq!(show(left), outcome, "the forecast says otherwise");
            }
            Ok(forecast) => {
                let steps: Vec<_> = forecast
                    .steps
                    .iter()
                    .map(|step| {
                        let fields: Vec<_> = step.differs.iter().map(FieldDiff::field).collect();
                        format!("{} ({})", step.name, fields.join(", "))
                    })
                    .collect();
                let _ = writeln!(text, "{outcome}: {}", steps.join("; "));
                for loss in &forecast.losses {
                    let _ = writeln!(text, "  loses {loss}");
                }
            }
        }
    }
    let before = memory.requests().writes;
    let done = jobs
        .iter()
        .zip(&reports)
        .filter(|(_, report)| report.outcome.is_done());
    let again: Vec<Job> = done.map(|(job, _)| job.clone()).collect();
    let blind = again
        .iter()
        .filter(|job| job.wanted().password.is_some())
        .count();
    block_on(Executor::new(memory).run(again));
    assert_eq!(
        memory.requests().writes,
        before + blind,
        "a second run writes"
    );
    text + &show_rows(memory)
}

#[test]
fn case_1_none() {
    let memory = portal();
    let all = [
        job(&memory, wanted("ivanov", "c1")),
        by_login(&memory, "petrov", Desired::existing()),
        by_login(&memory, "sidorov", Desired::absent()),
    ];
    insta::assert_snapshot!(run(&memory, &all));
}

#[test]
fn case_2_equal_by_collation() {
    for (there, asked) in [
        ("Ivanov", "IVANOV"),
        ("Фёдоров", "Федоров"),
        ("ivanov ", "ivanov"),
    ] {
        let memory = ministra().with(Row::new(there).reference("C1"));
        let shown = run(&memory, &[job(&memory, wanted(asked, "c1"))]);
        let lines: Vec<&str> = shown.lines().collect();
        // The spelling is a difference; it is the same subscriber.
        assert_eq!(
            lines[0],
            "Adopted: change the row (external_ref); rename the row (login)"
        );
        assert_eq!(lines.len(), 2, "{shown}");
    }
    // By the login alone, which differs in its case only: nobody is deleted.
    let memory = ministra().with(Row::new("Ivanov"));
    let shown = run(
        &memory,
        &[by_login(
            &memory,
            "ivanov",
            Desired {
                login: None,
                ..Desired::create("")
            },
        )],
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn case_3_login_of_a_further_row_and_of_another_reference() {
    let memory = ministra()
        .with(Row::new("a").reference("c1"))
        .with(Row::new("a-2").reference("c1").marked())
        .with(Row::new("b").reference("c2"));
    let all = [
        job(&memory, wanted("a-2", "c8")),
        job(&memory, wanted("b", "c9")),
    ];
    insta::assert_snapshot!(run(&memory, &all));
}

#[test]
fn case_4_rows_that_differ_from_one_another() {
    let rows = || {
        ministra()
            .with(Row::new("a").reference("c1").package("p1").name("Anna"))
            .with(
                Row::new("a-2")
                    .reference("c1")
                    .marked()
                    .disabled()
                    .terminal(mac(2))
                    .name("Nobody"),
            )
    };
    let memory = rows();
    let enabled = Desired {
        enabled: Some(true),
        ..wanted("a", "c1")
    };
    insta::assert_snapshot!(run(&memory, &[job(&memory, enabled)]));
    let memory = rows();
    let named = Desired {
        name: Patch::Set("Anna".into()),
        ..wanted("a", "c1")
    };
    insta::assert_snapshot!(run(&memory, &[job(&memory, named)]));
    let memory = rows();
    let packed = Desired {
        subscriptions: packages(&["p1"]),
        ..wanted("a", "c1")
    };
    insta::assert_snapshot!(run(&memory, &[job(&memory, packed)]));
}

#[test]
fn case_5_keep_keeps() {
    let row = Row::new("a")
        .reference("c1")
        .disabled()
        .name("Anna")
        .terminal(mac(1))
        .package("p1");
    for memory in [portal().with(row.clone()), ministra().with(row)] {
        let before = memory.rows();
        let shown = run(&memory, &[by_login(&memory, "a", Desired::existing())]);
        assert!(shown.starts_with("Nothing: \n"), "{shown}");
        assert!(memory.rows() == before);
    }
}

#[test]
fn case_6_bind() {
    let bind = |memory: &Memory, number| {
        let wanted = Desired {
            terminals: Members::adding(TerminalKey::Mac(mac(number))),
            ..Desired::existing()
        };
        run(memory, &[by_login(memory, "a", wanted)])
    };
    let own = || ministra().with(Row::new("a").reference("c1").terminal(mac(1)).package("p1"));
    let mut text = String::new();
    let _ = writeln!(text, "own\n{}", bind(&own(), 1));
    let _ = writeln!(
        text,
        "a free row\n{}",
        bind(&ministra().with(Row::new("a")), 1)
    );
    let _ = writeln!(text, "a second one\n{}", bind(&own(), 2));
    let _ = writeln!(
        text,
        "a second one without a reference\n{}",
        bind(&ministra().with(Row::new("a").terminal(mac(1))), 2)
    );
    let _ = writeln!(
        text,
        "nobody's\n{}",
        bind(&own().with(Row::loose(mac(2))), 2)
    );
    let _ = writeln!(
        text,
        "another one's\n{}",
        bind(&own().with(Row::new("b").terminal(mac(2))), 2)
    );
    let doubled = own().with(Row::new("a-2").reference("c1").marked().terminal(mac(1)));
    let _ = writeln!(text, "doubled\n{}", bind(&doubled, 1));
    let _ = writeln!(
        text,
        "as many rows as wanted\n{}",
        bind(&portal().with(Row::new("a").terminal(mac(1))), 2)
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_7_unbind() {
    let memory = || {
        ministra()
            .with(Row::new("a").reference("c1").terminal(mac(1)))
            .with(Row::new("a-2").reference("c1").marked().terminal(mac(2)))
            .with(Row::new("a-3").reference("c1").terminal(mac(3)))
    };
    let unbind = |number| {
        let memory = memory();
        let wanted = Desired {
            terminals: Members::removing(TerminalKey::Mac(mac(number))),
            ..Desired::existing()
        };
        run(&memory, &[by_login(&memory, "a", wanted)])
    };
    // A row that a person made stays, whatever its login looks like.
    let text = format!(
        "first\n{}marked\n{}made by a person\n{}",
        unbind(1),
        unbind(2),
        unbind(3)
    );
    insta::assert_snapshot!(text);
}

#[test]
fn case_8_rename() {
    let rename = |memory: Memory, to: &str| {
        let wanted = Desired {
            login: Some(to.to_owned()),
            ..Desired::existing()
        };
        run(&memory, &[by_login(&memory, "a", wanted)])
    };
    let alone = || ministra().with(Row::new("a"));
    let further = || {
        ministra()
            .with(Row::new("a").reference("c1"))
            .with(Row::new("a-2").reference("c1").marked())
    };
    let text = [
        rename(alone(), "b"),
        rename(further(), "b"),
        rename(further(), "much-longer"),
        rename(alone(), "A"),
    ];
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn case_9_rings_and_chains() {
    let memory = || {
        portal()
            .with(Row::new("a").reference("c1"))
            .with(Row::new("b").reference("c2"))
            .with(Row::new("c").reference("c3"))
    };
    let logins = |memory: Memory, logins: &[(&str, &str)]| {
        let jobs: Vec<Job> = logins
            .iter()
            .map(|(reference, login)| match *login {
                "" => by_reference(&memory, reference, Desired::absent()),
                login => job(&memory, wanted(login, reference)),
            })
            .collect();
        run(&memory, &jobs)
    };
    let text = [
        ("two", logins(memory(), &[("c1", "b"), ("c2", "a")])),
        (
            "three",
            logins(memory(), &[("c1", "b"), ("c2", "c"), ("c3", "a")]),
        ),
        ("a chain", logins(memory(), &[("c1", "b"), ("c2", "d")])),
        (
            "a leaver's login",
            logins(memory(), &[("c9", "b"), ("c2", "")]),
        ),
        (
            "somebody who stays",
            logins(memory(), &[("c1", "b"), ("c2", "c")]),
        ),
    ];
    let text: Vec<_> = text
        .iter()
        .map(|(title, text)| format!("{title}\n{text}"))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn case_10_terminals_that_change_hands() {
    let memory = || {
        ministra()
            .with(Row::new("a").reference("c1").terminal(mac(1)))
            .with(Row::new("b").reference("c2").terminal(mac(2)))
    };
    let boxes = |memory: Memory, boxes: &[(&str, &str, &[usize])]| {
        let jobs: Vec<Job> = boxes
            .iter()
            .map(|(login, reference, numbers)| {
                job(
                    &memory,
                    Desired {
                        terminals: macs(numbers),
                        ..wanted(login, reference)
                    },
                )
            })
            .collect();
        run(&memory, &jobs)
    };
    let text = [
        (
            "swapped",
            boxes(memory(), &[("a", "c1", &[2]), ("b", "c2", &[1])]),
        ),
        (
            "moved, and the row used again",
            boxes(memory(), &[("a", "c1", &[3]), ("b", "c2", &[2, 1])]),
        ),
        (
            "wanted by two",
            boxes(memory(), &[("a", "c1", &[1, 5]), ("b", "c2", &[2, 5])]),
        ),
    ];
    let text: Vec<_> = text
        .iter()
        .map(|(title, text)| format!("{title}\n{text}"))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn case_11_a_move_that_was_killed_in_the_middle() {
    let memory = ministra()
        .with(Row::new("a").reference("c1").terminal(mac(1)))
        .with(Row::new("b").reference("c2"));
    let jobs = [
        job(
            &memory,
            Desired {
                terminals: macs(&[]),
                ..wanted("a", "c1")
            },
        ),
        job(
            &memory,
            Desired {
                terminals: macs(&[1]),
                ..wanted("b", "c2")
            },
        ),
    ];
    // Four reads: two subscribers by reference and login; the address; taken.
    memory.fail(7, Fault::Dead);
    let reports = block_on(Executor::new(&memory).run(jobs.to_vec()));
    assert!(reports[0].outcome.is_done() && !reports[1].outcome.is_done());
    assert_eq!(show_rows(&memory), "  a c1 on [] {}\n  b c2 on [] {}\n");
    memory.heal();
    assert!(run(&memory, &jobs).ends_with("  a c1 on [] {}\n  b c2 on [01] {}\n"));
}

#[test]
fn case_12_packages() {
    let with = |row: Row, subscriptions| {
        let memory = ministra().with(row);
        run(
            &memory,
            &[by_login(
                &memory,
                "a",
                Desired {
                    subscriptions,
                    ..Desired::existing()
                },
            )],
        )
    };
    let text = [
        (
            "not in the plan",
            with(
                Row::new("a").package("basic"),
                Members::adding(WantedSubscription::new("cinema".into())),
            ),
        ),
        (
            "another plan",
            with(
                Row::new("a")
                    .package("full")
                    .package("cinema")
                    .package("extra"),
                Members::adding(WantedSubscription::new("basic".into())),
            ),
        ),
        (
            "plan and package",
            with(
                Row::new("a").package("basic"),
                packages(&["full", "cinema"]),
            ),
        ),
        ("no such package", with(Row::new("a"), packages(&["opera"]))),
    ];
    let text: Vec<_> = text
        .iter()
        .map(|(title, text)| format!("{title}\n{text}"))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn case_13_a_password_is_written_and_never_left() {
    let memory = portal().proving_nothing().with(Row::new("a"));
    let wanted = Desired {
        password: Some("secret".into()),
        ..Desired::existing()
    };
    let only = || [by_login(&memory, "a", wanted.clone())];
    assert!(run(&memory, &only()).starts_with("Made: write the password (password)\n"));
    let writes = memory.requests().writes;
    // Its answer is lost: it is written again, in the same run.
    memory.fail(2, Fault::LostBefore);
    let reports = block_on(Executor::new(&memory).run(only().to_vec()));
    assert!(reports[0].outcome.is_done());
    assert_eq!(memory.requests().writes, writes + 2);
    // Killed after that: nobody knows.
    memory.fail(2, Fault::LostAfter);
    memory.fail(3, Fault::Dead);
    let reports = block_on(Executor::new(&memory).run(only().to_vec()));
    assert_eq!(show(&reports[0].outcome), "unknown: write the password");
}

#[test]
fn case_14_a_creation_whose_answer_is_lost() {
    let create = |fault| {
        let memory = portal();
        memory.fail(3, fault);
        let jobs = [job(&memory, wanted("a", "c1"))];
        let reports = block_on(Executor::new(&memory).run(jobs.to_vec()));
        format!("{}\n{}", show(&reports[0].outcome), show_rows(&memory))
    };
    let text = [
        create(Fault::LostBefore),
        create(Fault::LostAfter),
        create(Fault::Rejected),
    ];
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn case_15_whoever_waits_for_a_refused_one() {
    let memory = portal()
        .with(Row::new("a").reference("c1"))
        .with(Row::new("b").reference("c2"))
        .with(Row::new("x").reference("c9"));
    let all = [
        job(&memory, wanted("b", "c1")),
        job(&memory, wanted("x", "c2")),
        job(
            &memory,
            Desired {
                enabled: Some(false),
                ..wanted("new", "c3")
            },
        ),
    ];
    insta::assert_snapshot!(run(&memory, &all));
    // Refused by the server, in the middle of the run.
    let memory = portal()
        .with(Row::new("a").reference("c1"))
        .with(Row::new("b").reference("c2"));
    let all = [
        job(&memory, wanted("b", "c1")),
        job(&memory, wanted("x", "c2")),
    ];
    memory.fail(5, Fault::Rejected);
    let reports = block_on(Executor::new(&memory).run(all.to_vec()));
    let shown: Vec<_> = reports.iter().map(|report| show(&report.outcome)).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn case_16_a_leaver_whose_login_is_anothers_now() {
    let memory = portal().with(Row::new("a").reference("c2"));
    let absent = by_reference(&memory, "c1", Desired::absent());
    insta::assert_snapshot!(run(&memory, &[absent]));
    // Found by one key alone, even if two are given.
    let identity = memory.identity();
    let two = Job::new(
        [identity.reference(&"c1".into()), identity.login("a")],
        Desired::absent(),
    );
    assert_eq!(two.find().len(), 1);
    // Deleted, and its login is the next one's in the same run.
    let memory = ministra()
        .proving_nothing()
        .with(Row::new("a"))
        .with(Row::new("b").reference("c2"));
    let all = [
        by_login(&memory, "a", Desired::absent()),
        by_reference(&memory, "c2", wanted("a", "c2")),
    ];
    let reports = block_on(Executor::new(&memory).run(all.to_vec()));
    assert!(reports.iter().all(|report| report.outcome.is_done()));
    assert_eq!(show_rows(&memory), "  a c2 on [] {}\n");
}

#[test]
fn case_17_two_jobs_or_two_rows() {
    let memory = portal().with(Row::new("a").reference("c1"));
    let all = [
        job(
            &memory,
            Desired {
                enabled: Some(false),
                ..wanted("a", "c1")
            },
        ),
        by_login(&memory, "a", Desired::absent()),
    ];
    insta::assert_snapshot!(run(&memory, &all));
    let memory = ministra()
        .without_unique_logins()
        .with(Row::new("Ёжик").reference("c1"))
        .with(Row::new("ежик").reference("c2"));
    let all = [by_login(&memory, "ЕЖИК", Desired::absent())];
    insta::assert_snapshot!(run(&memory, &all));
}

#[test]
fn case_18_a_further_rows_login_that_somebody_is_to_have() {
    let memory = ministra()
        .with(Row::new("a").reference("c1").terminal(mac(1)))
        .with(Row::new("a-2").reference("c1").marked().terminal(mac(2)));
    let all = [
        job(&memory, wanted("a", "c1")),
        job(&memory, wanted("a-2", "c2")),
    ];
    insta::assert_snapshot!(run(&memory, &all));
}

#[test]
fn case_19_dates() {
    let held = |from: Option<&str>, until: Option<&str>| Held {
        package: "p1".into(),
        terminal: None,
        from: from.map(time),
        until: until.map(time),
    };
    let (past, soon, later) = (
        "2026-11-01T00:00:00Z",
        "2026-12-01T00:00:00Z",
        "2027-03-01T00:00:00Z",
    );
    let add = |row: Row, from: Option<&str>, until: Patch<&str>| {
        let memory = portal().with(row);
        let until = match until {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(until) => Patch::Set(time(until)),
        };
        let wanted = WantedSubscription {
            from: from.map(time),
            until,
            ..WantedSubscription::new("p1".into())
        };
        run(
            &memory,
            &[by_login(
                &memory,
                "a",
                Desired {
                    subscriptions: Members::adding(wanted),
                    ..Desired::existing()
                },
            )],
        )
    };
    let a = || Row::new("a");
    let text = [
        ("new, with an end", add(a(), None, Patch::Set(soon))),
        (
            "until ended, over an end",
            add(a().held(held(None, Some(soon))), None, Patch::Clear),
        ),
        (
            "an end before the end there is",
            add(a().held(held(None, Some(later))), None, Patch::Set(soon)),
        ),
        (
            "an end before no end",
            add(a().held(held(None, None)), None, Patch::Set(soon)),
        ),
        (
            "a later end",
            add(a().held(held(None, Some(soon))), None, Patch::Set(later)),
        ),
        (
            "one that has ended",
            add(a().held(held(None, Some(past))), None, Patch::Clear),
        ),
        (
            "one that begins later",
            add(a().held(held(Some(soon), None)), None, Patch::Clear),
        ),
        (
            "from another time",
            add(a().held(held(None, None)), Some(soon), Patch::Clear),
        ),
        (
            "an end before the beginning",
            add(a(), Some(later), Patch::Set(soon)),
        ),
    ];
    let text: Vec<_> = text
        .iter()
        .map(|(title, text)| format!("{title}\n{text}"))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn case_20_a_terminal_with_packages_of_its_own() {
    let own = || {
        portal().with(
            Row::new("a")
                .terminal(mac(1))
                .terminal(mac(2))
                .package("p1")
                .held(Held {
                    package: "p2".into(),
                    terminal: Some(mac(2)),
                    from: None,
                    until: None,
                }),
        )
    };
    let effects = |memory: Memory, wanted: Desired| {
        let job = by_login(&memory, "a", wanted);
        let forecast = block_on(Executor::new(&memory).preview(vec![job]))
            .remove(0)
            .unwrap();
        format!("{:?}", forecast.effects)
    };
    let add = |terminal: Option<usize>, package: &str| Desired {
        subscriptions: Members::adding(WantedSubscription {
            terminal: terminal.map(|number| mac(number).to_string().into()),
            ..WantedSubscription::new(package.into())
        }),
        ..Desired::existing()
    };
    let end = Desired {
        subscriptions: Members::removing(EndedSubscription {
            subscription: SubscriptionKey::Package("p2".into()),
            end: End::Now,
        }),
        ..Desired::existing()
    };
    let text = [
        ("to the account", effects(own(), add(None, "basic"))),
        (
            "to the first terminal, which loses the account's",
            effects(own(), add(Some(1), "p2")),
        ),
        (
            "ended, so that the account's come back",
            effects(own(), end),
        ),
        (
            "disabled",
            effects(
                own(),
                Desired {
                    enabled: Some(false),
                    ..Desired::existing()
                },
            ),
        ),
    ];
    let text: Vec<_> = text
        .iter()
        .map(|(title, text)| format!("{title}\n{text}"))
        .collect();
    insta::assert_snapshot!(text.join("\n\n"));
}
