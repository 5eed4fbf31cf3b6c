//! The nightly comparison: an export against a platform.

mod plan_file;

use jsonsql_client::model::{Patch, Subscriber};
use jsonsql_client::provisioning::memory::{Fault, Layout, Memory, Row};
use jsonsql_client::provisioning::sync::{Limit, Removal, Schedule, WantedRow, compare};
use jsonsql_client::provisioning::{Collation, Desired, Members, TerminalKey, WantedSubscription};

use crate::{block_on, mac};

fn row(line: u64, login: &str, reference: &str) -> WantedRow {
    WantedRow::new(
        line,
        Desired {
            external_ref: Patch::Set(reference.into()),
            enabled: Some(true),
            ..Desired::create(login)
        },
    )
}

fn with(mut row: WantedRow, change: impl FnOnce(&mut Desired)) -> WantedRow {
    change(&mut row.desired);
    row
}

fn is_ours(subscriber: &Subscriber) -> bool {
    let reference = subscriber.external_ref.as_ref();
    reference.is_some_and(|text| text.as_str().starts_with("LB-"))
}

fn plan(memory: &Memory, wanted: &[WantedRow]) -> Schedule<Memory> {
    block_on(async {
        let comparison = compare(memory, wanted.to_vec(), &Removal::Owned(&is_ours))
            .await
            .unwrap();
        comparison.forecast(memory).await
    })
}

fn show(schedule: &Schedule<Memory>) -> String {
    let mut lines = Vec::new();
    for item in schedule.items() {
        let forecast = item.forecast.as_ref().unwrap();
        let steps: Vec<_> = forecast.steps.iter().map(|step| step.name).collect();
        let takes = if forecast.takes_away {
            " TAKES AWAY"
        } else {
            ""
        };
        lines.push(format!(
            "{:?} {}: {}{takes}",
            item.line,
            item.login,
            steps.join(", ")
        ));
    }
    for left in schedule.left() {
        lines.push(format!(
            "{:?} {} left: {}",
            left.line, left.login, left.reason
        ));
    }
    lines.push(format!(
        "unchanged {}, unlisted {}",
        schedule.unchanged(),
        schedule.unlisted()
    ));
    lines.join("\n")
}

/// Applies; with what could be applied done, a second comparison has no jobs.
fn apply(memory: &Memory, wanted: &[WantedRow]) -> String {
    let schedule = plan(memory, wanted);
    let shown = show(&schedule);
    let applied = block_on(schedule.apply(memory));
    for (item, report) in &applied.reports {
        assert!(
            report.outcome.is_done(),
            "{}: {:?}",
            item.login,
            report.outcome
        );
    }
    let again = plan(memory, wanted);
    assert!(again.items().is_empty(), "{}", show(&again));
    shown
}

fn memory() -> Memory {
    Memory::new()
        .package("sports", "Sports")
        .package("movies", "Movies")
}

#[test]
fn an_export_is_made_so_and_the_rest_is_left_alone() {
    let memory = memory()
        .with(Row::new("same").reference("LB-1"))
        .with(Row::new("off").reference("LB-2").disabled())
        .with(Row::new("gone").reference("LB-3").terminal(mac(3)))
        .with(Row::new("adopted"))
        .with(Row::new("by-hand").reference("office"))
        .with(Row::loose(mac(9)));
    let wanted = [
        row(2, "same", "LB-1"),
        row(3, "off", "LB-2"),
        row(4, "adopted", "LB-4"),
        with(row(5, "new", "LB-5"), |desired| {
            desired.terminals = Members::Exactly(vec![TerminalKey::Mac(mac(3))]);
            desired.subscriptions =
                Members::Exactly(vec![WantedSubscription::new("sports".into())]);
        }),
    ];
    insta::assert_snapshot!(apply(&memory, &wanted), @r"
    Some(3) off: change the row
    Some(4) adopted: change the row
    Some(5) new: create the row, give the terminal, add the package
    None gone: delete the row TAKES AWAY
    unchanged 1, unlisted 1
    ");
    assert!(memory.row("by-hand").is_some() && memory.row("gone").is_none());
    assert_eq!(memory.row("new").unwrap().terminals, [mac(3)]);
}

/// What cost a live subscriber its account: only the letter case differed.
#[test]
fn who_differs_by_letter_case_alone_is_not_deleted() {
    for layout in [Layout::RowPerSubscriber, Layout::RowPerTerminal] {
        let memory = memory()
            .layout(layout)
            .collation(Collation::MysqlGeneral)
            .with(Row::new("Ivanov").reference("LB-1"))
            .with(Row::new("Фёдоров"))
            .with(Row::new("petrov").reference("lb-3"));
        let wanted = [
            row(2, "ivanov", "lb-1"),
            row(3, "федоров", "LB-2"),
            row(4, "petrov", "LB-3"),
        ];
        let schedule = plan(&memory, &wanted);
        assert_eq!(schedule.takers(), 0, "{}", show(&schedule));
        apply(&memory, &wanted);
        assert_eq!(memory.rows().len(), 3);
    }
}

#[test]
fn one_row_never_stops_the_others() {
    let memory = memory()
        .layout(Layout::RowPerTerminal)
        .with(Row::new("held").reference("office"))
        .with(Row::new("boxed").reference("x").terminal(mac(7)));
    let two_boxes = |first| {
        let boxes = [first, first + 1].map(|number| TerminalKey::Mac(mac(number)));
        move |desired: &mut Desired| desired.terminals = Members::Exactly(boxes.to_vec())
    };
    let wanted = [
        row(2, "fine", "LB-1"),
        row(3, " blank", "LB-2"),
        row(4, "held", "LB-3"),
        with(row(5, "boxes", ""), two_boxes(1)),
        with(row(6, "no-reference", "LB-6"), |desired| {
            two_boxes(3)(desired);
            desired.external_ref = Patch::Keep;
        }),
        with(row(7, "opera", "LB-7"), |desired| {
            desired.subscriptions = Members::Exactly(vec![WantedSubscription::new("opera".into())]);
        }),
        with(row(8, "box", "LB-8"), |desired| {
            desired.terminals = Members::Exactly(vec![TerminalKey::Mac(mac(7))]);
        }),
        row(9, "twice", "LB-9"),
        row(10, "TWICE", "LB-9"),
        row(11, "twice", "LB-11"),
        row(12, "fine-too", "LB-12"),
        with(row(13, "one-box", "LB-13"), two_boxes(10)),
        with(row(14, "same-box", "LB-14"), two_boxes(11)),
    ];
    insta::assert_snapshot!(apply(&memory, &wanted), @r"
    Some(2) fine: create the row
    Some(12) fine-too: create the row
    Some(3)  blank left: the login begins or ends with a blank
    Some(4) held left: its login is another subscriber's
    Some(5) boxes left: the external reference is empty
    Some(6) no-reference left: a second terminal needs an external reference, which holds the rows together
    Some(7) opera left: there is no such package
    Some(8) box left: its hardware address is another subscriber's
    Some(9) twice left: two subscribers have, or are to have, one external reference
    Some(10) TWICE left: two subscribers have, or are to have, one external reference
    Some(11) twice left: two subscribers have, or are to have, one login
    Some(13) one-box left: two subscribers have, or are to have, one hardware address
    Some(14) same-box left: two subscribers have, or are to have, one hardware address
    unchanged 0, unlisted 2
    ");
}

#[test]
fn two_rows_of_the_platform_with_one_key_are_touched_by_nobody() {
    let memory = memory()
        .collation(Collation::MysqlGeneral)
        .without_unique_logins()
        .with(Row::new("ivanov").reference("LB-1").disabled())
        .with(Row::new("Ivanov").reference("LB-2"))
        .with(Row::new("a").reference("LB-3"))
        .with(Row::new("b").reference("LB-3"));
    let before = memory.rows();
    let wanted = [row(2, "ivanov", "LB-1"), row(3, "a", "LB-3")];
    insta::assert_snapshot!(apply(&memory, &wanted), @r"
    None Ivanov left: another subscriber of the platform has its login or reference
    Some(2) ivanov left: two subscribers of the platform have its login or reference
    Some(3) a left: two subscribers of the platform have its login or reference
    unchanged 0, unlisted 0
    ");
    assert!(memory.rows() == before);
}

#[test]
fn logins_and_boxes_that_change_hands_do_so_in_one_run() {
    let memory = memory()
        .with(Row::new("a").reference("LB-1").terminal(mac(1)))
        .with(Row::new("b").reference("LB-2").terminal(mac(2)))
        .with(Row::new("c").reference("LB-3").terminal(mac(3)));
    let boxed = |number| {
        move |desired: &mut Desired| {
            desired.terminals = Members::Exactly(vec![TerminalKey::Mac(mac(number))]);
        }
    };
    let wanted = [
        with(row(2, "b", "LB-1"), boxed(2)),
        with(row(3, "a", "LB-2"), boxed(1)),
        with(row(4, "c", "LB-9"), boxed(3)),
    ];
    insta::assert_snapshot!(apply(&memory, &wanted), @r"
    Some(2) b: rename the row, take the terminal away, give the terminal TAKES AWAY
    Some(3) a: park the login, rename the row, take the terminal away, give the terminal TAKES AWAY
    Some(4) c: create the row, give the terminal
    None c: delete the row TAKES AWAY
    unchanged 0, unlisted 0
    ");
    assert_eq!(memory.row("c").unwrap().reference.as_deref(), Some("LB-9"));
    assert_eq!(memory.row("b").unwrap().reference.as_deref(), Some("LB-1"));
}

#[test]
fn all_that_is_taken_away_is_counted_together() {
    let mut memory = memory();
    let mut wanted = Vec::new();
    for number in 0..40 {
        let (login, reference) = (format!("s{number}"), format!("LB-{number}"));
        memory = memory.with(
            Row::new(&*login)
                .reference(&*reference)
                .name("Anna")
                .terminal(mac(number))
                .package("sports"),
        );
        wanted.push(row(number as u64, &login, &reference));
    }
    // Deleted; disabled; a box; a package; a field: five of forty.
    wanted.remove(0);
    wanted[0].desired.enabled = Some(false);
    wanted[1].desired.terminals = Members::Exactly(Vec::new());
    wanted[2].desired.subscriptions = Members::Exactly(Vec::new());
    wanted[3].desired.name = Patch::Clear;
    // And one that only gets something.
    wanted[4].desired.phone = Patch::Set("1".into());
    let mut schedule = plan(&memory, &wanted);
    assert_eq!(schedule.takers(), 5);
    let exceeded = schedule.guard(Limit::default()).unwrap_err();
    assert_eq!(
        exceeded.to_string(),
        "something would be taken away from 5 subscribers, and 3 are allowed (5% of 40)"
    );
    assert!(schedule.guard(Limit::Number(5)).is_ok());
    assert!(schedule.guard(Limit::Percent(12.5)).is_ok());
    assert!(schedule.guard(Limit::Number(4)).is_err());
    schedule.withhold_takers();
    assert_eq!((schedule.items().len(), schedule.left().len()), (1, 5));
    assert!(block_on(schedule.apply(&memory)).is_complete());
    assert_eq!(memory.row("s5").unwrap().phone.as_deref(), Some("1"));
    assert_eq!(memory.rows().len(), 40);
}

/// The export's base is what it could touch: subscribers made by hand do not
/// raise the limit.
#[test]
fn strangers_do_not_raise_the_limit() {
    let mut memory = memory();
    for number in 0..1_000 {
        memory = memory.with(Row::new(format!("by-hand-{number}")));
    }
    for number in 0..4 {
        memory = memory.with(Row::new(format!("s{number}")).reference(format!("LB-{number}")));
    }
    let schedule = plan(&memory, &[row(2, "new", "LB-9")]);
    assert_eq!(schedule.guard(Limit::default()).unwrap_err().base, 4);
}

#[test]
fn a_list_that_breaks_off_plans_nothing() {
    let memory = memory().with(Row::new("a").reference("LB-1"));
    for fault in [Fault::LostBefore, Fault::Rejected, Fault::Dead] {
        memory.fail(2, fault);
        let result = block_on(compare(
            &memory,
            vec![row(2, "b", "LB-2")],
            &Removal::Owned(&is_ours),
        ));
        assert!(result.is_err());
        memory.heal();
    }
}

/// Two requests for those who are as wanted, however many there are.
#[test]
fn who_is_as_wanted_costs_no_request() {
    let mut memory = memory();
    let mut wanted = Vec::new();
    for number in 0..300 {
        let (login, reference) = (format!("s{number}"), format!("LB-{number}"));
        memory = memory.with(Row::new(&*login).reference(&*reference));
        wanted.push(row(number, &login, &reference));
    }
    assert!(plan(&memory, &wanted).items().is_empty());
    assert_eq!(memory.requests().reads, 2);
    // One more for whom something differs is none: it is known.
    wanted[7].desired.name = Patch::Set("Anna".into());
    assert_eq!(plan(&memory, &wanted).items().len(), 1);
    assert_eq!(memory.requests().reads, 4);
}

#[test]
fn a_subscriber_of_several_rows_is_matched_as_one_of_one_row_is() {
    let mut memory = memory()
        .layout(Layout::RowPerTerminal)
        .with(Row::new("a").reference("LB-1"));
    let two = [mac(1), mac(2)].map(TerminalKey::Mac);
    let wanted = [with(row(2, "a", "LB-1"), |desired| {
        desired.terminals = Members::Exactly(two.to_vec());
    })];
    block_on(plan(&memory, &wanted).apply(&memory));
    assert_eq!(memory.rows().len(), 2);
    let before = memory.requests().reads;
    let schedule = plan(&memory, &wanted);
    assert_eq!((schedule.items().len(), schedule.unchanged()), (0, 1));
    assert_eq!(
        memory.requests().reads - before,
        2,
        "the lists and everybody"
    );
    // It is one of those the export could touch.
    for number in 0..99 {
        memory = memory.with(Row::new(format!("s{number}")).reference(format!("LB-s{number}")));
    }
    let gone = plan(&memory, &wanted).guard(Limit::Number(0)).unwrap_err();
    assert_eq!((gone.takers, gone.base), (99, 100));
}
