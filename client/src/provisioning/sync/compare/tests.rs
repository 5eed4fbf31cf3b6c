//! Rows that are not held are read again: it makes no difference to anybody.

use std::sync::Arc;

use proptest::prelude::*;

use super::compare_holding;
use crate::model::{MacAddr, Patch, Subscriber};
use crate::provisioning::desired::{Desired, Members, TerminalKey};
use crate::provisioning::memory::{Memory, Row};
use crate::provisioning::platform::Platform;
use crate::provisioning::sync::{Removal, Schedule, WantedRow};

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
    fn row(&self) -> Row {
        let mut row = Row::new(LOGINS[self.login]);
        if let Some(reference) = self.reference {
            row = row.reference(format!("LB-{reference}"));
        }
        if self.name {
            row = row.name("Anna");
        }
        self.boxes
            .iter()
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

async fn scheduled(most: usize, memory: &Memory, export: &Arc<Vec<WantedRow>>) -> Schedule<Memory> {
    let catalogue = Arc::new(memory.catalogue().await.expect("lists"));
    let (export, removal) = (Arc::clone(export), Removal::Owned(&is_ours));
    let comparison = compare_holding(most, memory, catalogue, export, &removal, &|_, _| {}).await;
    let comparison = comparison.expect("a comparison");
    // In several groups, so that one of them needs rows that another one had.
    comparison.at_once(2).forecast(memory).await
}

/// The schedule, what became of it, and what is there then.
async fn night(most: usize, memory: &Memory, export: &Arc<Vec<WantedRow>>) -> String {
    let memory = memory.fork();
    let schedule = scheduled(most, &memory, export).await;
    let shown = schedule.show(&memory).to_string();
    let applied = schedule.apply(&memory).await;
    format!("{shown}\n{applied}\n{:#?}", memory.rows())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whoever_is_not_held_is_planned_as_if_they_were(
        there in prop::collection::vec(drawn(), 0..6),
        loose in prop::collection::vec(0..4_u8, 0..2),
        wanted in prop::collection::vec(drawn(), 0..6),
    ) {
        let memory = Memory::new();
        there.iter().for_each(|one| memory.add(one.row()));
        loose.iter().for_each(|own| memory.add(Row::loose(mac(*own))));
        let rows = (1..).zip(&wanted);
        let rows = rows.map(|(line, one)| WantedRow::new(line, one.wanted()));
        let export = Arc::new(rows.collect::<Vec<_>>());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let all = night(usize::MAX, &memory, &export).await;
            for most in [0, 1, 3] {
                assert_eq!(night(most, &memory, &export).await, all, "{most} are held");
            }
        });
    }
}
