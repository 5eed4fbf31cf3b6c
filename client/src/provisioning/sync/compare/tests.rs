//! Rows that are not held are read again: it makes no difference to anybody.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Comparison, compare_holding};
use crate::model::{MacAddr, Patch, Subscriber};
use crate::provisioning::desired::{Desired, Members, TerminalKey};
use crate::provisioning::executor::{Executor, Job};
use crate::provisioning::memory::{Layout, Memory, Row};
use crate::provisioning::platform::Platform;
use crate::provisioning::sync::{Removal, WantedRow};

const LOGINS: [&str; 5] = ["a", "b", "c", "d", "A"];

/// A subscriber as one number says: a login, a reference or none, boxes, a name.
#[derive(Debug, Clone)]
struct Drawn {
    login: usize,
    reference: Option<usize>,
    boxes: Vec<u8>,
    name: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let boxes = prop::collection::vec(0..4_u8, 0..3);
    (
        0..LOGINS.len(),
        prop::option::of(0..4_usize),
        boxes,
        any::<bool>(),
    )
        .prop_map(|(login, reference, boxes, name)| Drawn {
            login,
            reference,
            boxes,
            name,
        })
}

fn mac(number: u8) -> MacAddr {
    MacAddr([0, 0x1a, 0x79, 0, 0, number])
}

impl Drawn {
    /// A row, which on some platforms has one box.
    fn row(&self, layout: Layout) -> Row {
        let most = match layout {
            Layout::RowPerSubscriber => usize::MAX,
            Layout::RowPerTerminal => 1,
        };
        let mut row = Row::new(LOGINS[self.login]);
        if let Some(reference) = self.reference {
            row = row.reference(format!("LB-{reference}"));
        }
        if self.name {
            row = row.name("Anna");
        }
        self.boxes
            .iter()
            .take(most)
            .fold(row, |row, own| row.terminal(mac(*own)))
    }

    fn wanted(&self) -> Desired {
        let boxes = self.boxes.iter().map(|own| TerminalKey::Mac(mac(*own)));
        Desired {
            external_ref: match self.reference {
                Some(reference) => Patch::Set(format!("LB-{reference}").as_str().into()),
                None => Patch::Keep,
            },
            name: match self.name {
                true => Patch::Set("Olga".to_owned()),
                false => Patch::Keep,
            },
            terminals: Members::Exactly(boxes.collect()),
            ..Desired::create(LOGINS[self.login])
        }
    }
}

fn is_ours(subscriber: &Subscriber) -> bool {
    subscriber.external_ref.is_some()
}

/// A comparison that is planned in several groups, so that one of them needs rows that
/// another one had.
async fn compared(
    most: usize,
    memory: &Memory,
    export: &Arc<Vec<WantedRow>>,
) -> Comparison<Memory> {
    let catalogue = Arc::new(memory.catalogue().await.expect("lists"));
    let (export, removal) = (Arc::clone(export), Removal::Owned(&is_ours));
    let comparison = compare_holding(most, memory, catalogue, export, &removal, &|_, _| {}).await;
    comparison.expect("a comparison").at_once(2)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(work)
}

/// The schedule, what became of it, and what is there then.
async fn night(most: usize, memory: &Memory, export: &Arc<Vec<WantedRow>>) -> String {
    let memory = memory.fork();
    let schedule = compared(most, &memory, export)
        .await
        .forecast(&memory)
        .await;
    let shown = schedule.show(&memory).to_string();
    let applied = schedule.apply(&memory).await;
    format!("{shown}\n{applied}\n{:#?}", memory.rows())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whoever_is_not_held_is_planned_as_if_they_were(
        layout in prop::sample::select(vec![Layout::RowPerSubscriber, Layout::RowPerTerminal]),
        there in prop::collection::vec(drawn(), 0..6),
        loose in prop::collection::vec(0..4_u8, 0..2),
        wanted in prop::collection::vec(drawn(), 0..6),
    ) {
        let memory = Memory::new().layout(layout);
        there.iter().for_each(|one| memory.add(one.row(layout)));
        loose.iter().for_each(|own| memory.add(Row::loose(mac(*own))));
        let rows = (1..).zip(&wanted);
        let rows = rows.map(|(line, one)| WantedRow::new(line, one.wanted()));
        let export = Arc::new(rows.collect::<Vec<_>>());
        block_on(async {
            let all = night(usize::MAX, &memory, &export).await;
            for most in [0, 1, 3] {
                assert_eq!(night(most, &memory, &export).await, all, "{most} are held");
            }
        });
    }
}

/// It was decided by the rows of the comparison whose subscriber somebody is, and whether
/// they may be deleted.
#[test]
fn whoever_changes_before_they_are_read_again_is_left_as_they_are() {
    let there = |login: &str, reference: &str| Row::new(login).reference(reference);
    let wanted = |line, login: &str, reference: &str| {
        let desired = Desired {
            external_ref: Patch::Set(reference.into()),
            name: Patch::Set("Olga".to_owned()),
            ..Desired::create(login)
        };
        WantedRow::new(line, desired)
    };
    let export = Arc::new(vec![wanted(1, "a", "LB-1"), wanted(2, "b", "LB-2")]);
    for most in [0, usize::MAX] {
        let memory = ["a", "b", "c", "d"]
            .into_iter()
            .zip(1..)
            .fold(Memory::new(), |memory, (login, number)| {
                memory.with(there(login, &format!("LB-{number}")))
            });
        let applied = block_on(async {
            let comparison = compared(most, &memory, &export).await;
            // An operator: `a` is renamed, and `c` gets another contract.
            for (login, reference, name) in [("a", "LB-1", "Anna"), ("c", "LB-9", "Clara")] {
                let change = Desired {
                    external_ref: Patch::Set(reference.into()),
                    name: Patch::Set(name.to_owned()),
                    ..Desired::existing()
                };
                let job = Job::new([memory.identity().login(login)], change);
                Executor::new(&memory).run(vec![job]).await;
            }
            let schedule = comparison.forecast(&memory).await;
            schedule.apply(&memory).await;
            memory.rows()
        });
        let names = applied
            .iter()
            .map(|row| (row.login.as_deref(), row.name.as_deref()));
        let names: Vec<_> = names.collect();
        assert_eq!(
            names,
            [
                (Some("a"), Some("Anna")),
                (Some("b"), Some("Olga")),
                (Some("c"), Some("Clara")),
            ],
            "{most} are held"
        );
    }
}
