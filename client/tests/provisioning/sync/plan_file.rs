//! A plan in a file: saved, read, shown and applied later.

use jsonsql_client::model::Patch;
use jsonsql_client::provisioning::memory::{Memory, Row};
use jsonsql_client::provisioning::sync::{Limit, PlanFileError, Schedule, read_plan, write_plan};
use jsonsql_client::provisioning::{
    Desired, Executor, Job, Members, Platform, TerminalKey, WantedSubscription,
};

use super::{memory, plan, row, with};
use crate::{block_on, mac};

/// The server that plans are made for.
const SERVER: &str = "https://tms.example.net/api";

fn saved(memory: &Memory, schedule: &Schedule<Memory>) -> String {
    let mut file = Vec::new();
    let made = "2026-11-25T20:00:00Z".parse().unwrap();
    write_plan(memory, schedule, SERVER, made, &mut file).unwrap();
    String::from_utf8(file).unwrap()
}

#[test]
fn a_plan_is_saved_and_applied_later_without_those_who_have_changed() {
    let memory = memory()
        .with(Row::new("a").reference("LB-1").package("movies"))
        .with(Row::new("b").reference("LB-2"))
        .with(Row::new("c").reference("LB-3"));
    let wanted = [
        with(row(2, "a", "LB-1"), |desired| {
            desired.name = Patch::Set("Анна \"A\"\n".into());
            desired.note = Patch::Clear;
            desired.device_limit = Patch::Set(3);
            desired.terminals = Members::Exactly(vec![TerminalKey::Mac(mac(1))]);
            desired.subscriptions = Members::Exactly(vec![WantedSubscription {
                until: Patch::Set("2027-01-01T00:00:00Z".parse().unwrap()),
                ..WantedSubscription::new("sports".into())
            }]);
        }),
        with(row(3, "b", "LB-2"), |desired| {
            desired.name = Patch::Set("Boris".into());
        }),
        row(4, "new", "LB-4"),
        row(5, "late", "LB-5"),
    ];
    let text = saved(&memory, &plan(&memory, &wanted));
    // Somebody works on the platform in between.
    let identity = memory.identity();
    let by_hand = Job::new(
        [identity.login("b")],
        Desired {
            phone: Patch::Set("2".into()),
            ..Desired::existing()
        },
    );
    block_on(Executor::new(&memory).run(vec![by_hand]));
    memory.add(Row::new("late").reference("LB-5").disabled());
    let schedule = read_plan(&memory, SERVER, text.as_bytes()).unwrap();
    assert_eq!(
        schedule.takers(),
        2,
        "those that lose something are known without a request"
    );
    assert!(schedule.guard(Limit::Number(1)).is_err());
    let applied = block_on(schedule.apply(&memory));
    let shown: Vec<String> = applied
        .reports
        .iter()
        .map(|(item, report)| format!("{}: {:?}", item.login, report.outcome))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    a: Done(Adopted)
    b: Left(Withheld { reason: "it has changed since the plan was made" })
    new: Done(Made)
    late: Left(Withheld { reason: "it has changed since the plan was made" })
    c: Done(Made)
    "#);
    let a = memory.row("a").unwrap();
    assert_eq!(
        (a.name.as_deref(), a.device_limit, &*a.terminals),
        (Some("Анна \"A\"\n"), Some(3), &[mac(1)][..])
    );
    assert_eq!(a.packages.len(), 1);
    assert!(memory.row("b").unwrap().name.is_none());
    assert!(memory.row("late").unwrap().disabled);
    assert!(memory.row("c").is_none());
}

#[test]
fn a_plan_file_is_of_one_server_and_has_no_login_in_it() {
    let memory = memory().with(Row::new("a").reference("LB-1"));
    let schedule = plan(&memory, &[row(2, "new", "LB-4")]);
    let made = "2026-11-25T20:00:00Z".parse().unwrap();
    let written = |server: &str| {
        let mut file = Vec::new();
        write_plan(&memory, &schedule, server, made, &mut file).unwrap();
        String::from_utf8(file).unwrap()
    };
    let text = written("https://admin:planted@TMS.example.net/api/");
    assert!(
        !text.contains("planted") && !text.contains("admin"),
        "{text}"
    );
    for same in [
        SERVER,
        "https://tms.example.net/api/",
        "https://x:y@tms.example.net/api",
    ] {
        assert!(read_plan(&memory, same, text.as_bytes()).is_ok(), "{same}");
    }
    for (other, name) in [
        ("https://tms.example.net/", "https://tms.example.net"),
        ("http://tms.example.net/api", "http://tms.example.net/api"),
        (
            "https://tms2.example.net/api",
            "https://tms2.example.net/api",
        ),
        ("a sandbox", "a sandbox"),
    ] {
        let error = read_plan(&memory, other, text.as_bytes()).err().unwrap();
        assert_eq!(
            error.to_string(),
            format!(
                "the plan was made for memory at https://tms.example.net/api, and this is memory at {name}"
            )
        );
    }
    assert!(read_plan(&memory, "a sandbox", written("a sandbox").as_bytes()).is_ok());
}

#[test]
fn a_plan_that_was_read_shows_what_it_showed_when_it_was_made() {
    let memory = memory()
        .with(
            Row::new("a")
                .reference("LB-1")
                .package("movies")
                .terminal(mac(1)),
        )
        .with(Row::new("b").reference("LB-2").disabled());
    let wanted = [
        with(row(2, "a", "LB-1"), |desired| {
            desired.subscriptions =
                Members::Exactly(vec![WantedSubscription::new("sports".into())]);
        }),
        row(3, "b", "LB-2"),
        row(4, "new", "LB-4"),
    ];
    let made = plan(&memory, &wanted);
    let read = read_plan(&memory, SERVER, saved(&memory, &made).as_bytes()).unwrap();
    let items = |schedule: &Schedule<Memory>| {
        let text = schedule.show(&memory).to_string();
        // Who is as wanted is not in the file.
        text[text.find("\n  a, line 2").unwrap()..].to_owned()
    };
    assert!(items(&made).contains("more:"), "{}", items(&made));
    assert_eq!(items(&read), items(&made));
}

#[test]
fn a_plan_file_that_is_not_whole_or_of_another_platform_is_refused() {
    let memory = memory().with(Row::new("a").reference("LB-1"));
    let wanted = [
        row(2, "new", "LB-4"),
        with(row(3, "late", "LB-5"), |desired| {
            desired.password = Some("planted".into());
        }),
    ];
    let schedule = plan(&memory, &wanted);
    let refused = write_plan(
        &memory,
        &schedule,
        SERVER,
        "2026-11-25T20:00:00Z".parse().unwrap(),
        Vec::new(),
    );
    assert!(matches!(
        refused,
        Err(PlanFileError::Password { line: Some(3) })
    ));
    let text = saved(&memory, &plan(&memory, &wanted[..1]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let read = |text: &str| {
        read_plan(&memory, SERVER, text.as_bytes()).map(|schedule| schedule.items().len())
    };
    assert_eq!(read(&text).unwrap(), 2);
    assert!(matches!(
        read(&lines[..2].join("\n")),
        Err(PlanFileError::Length {
            expected: 2,
            found: 1
        })
    ));
    assert!(matches!(
        read(&text.replace("\"memory\"", "\"TVIP\"")),
        Err(PlanFileError::Server { .. })
    ));
    assert!(matches!(read(""), Err(PlanFileError::Line { line: 1, .. })));
    let cut = &text[..text.len() - 20];
    let error = read(cut).unwrap_err();
    assert!(
        matches!(error, PlanFileError::Line { line: 3, .. }),
        "{error}"
    );
}
