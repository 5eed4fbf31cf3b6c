//! An export: compared with a platform, forecast and applied.

use std::sync::Arc;

use jsonsql_client::model::Patch;
use jsonsql_client::provisioning::memory::{Memory, Row};
use jsonsql_client::provisioning::sync::{Comparison, Removal, Schedule, WantedRow, compare};
use jsonsql_client::provisioning::{Desired, IptvPortal, Platform};
use tokio::runtime::Runtime;

use crate::part::{Part, part, timed};
use crate::sandbox::Sandboxes;

fn login(number: usize) -> String {
    (100_000 + number).to_string()
}

/// A platform with as many subscribers, numbered from 1.
fn memory(count: usize) -> Memory {
    let memory = Memory::new();
    for number in 1..=count {
        memory.add(Row::new(login(number)).reference(format!("LB-{number}")));
    }
    memory
}

/// An export of as many subscribers, each with this name.
fn export(count: usize, name: &str) -> Arc<Vec<WantedRow>> {
    let row = |number: usize| {
        let desired = Desired {
            name: Patch::Set(name.to_owned()),
            ..Desired::create(login(number))
        };
        WantedRow::new(number as u64, desired)
    };
    Arc::new((1..=count).map(row).collect())
}

async fn compared<P: Platform>(platform: &P, export: &Arc<Vec<WantedRow>>) -> Comparison<P> {
    let comparison = compare(platform, Arc::clone(export), &Removal::Nothing).await;
    comparison.expect("a comparison")
}

/// Forecasts, and returns the schedule of as many jobs.
async fn scheduled<P: Platform>(
    comparison: Comparison<P>,
    platform: &P,
    count: usize,
) -> Schedule<P> {
    let schedule = comparison.forecast(platform).await;
    assert_eq!(schedule.items().len(), count, "{:?}", schedule.left());
    schedule
}

pub(crate) fn parts<'a>(runtime: &'a Runtime, sandboxes: &'a Sandboxes<'a>) -> Vec<Part<'a>> {
    vec![
        part("comparing, everybody differs", 1_000, move |count| {
            let (memory, export) = (memory(count), export(count, "Anna"));
            move || timed(|| runtime.block_on(compared(&memory, &export)))
        }),
        part("planning, everybody differs", 1_000, move |count| {
            let (memory, export) = (memory(count), export(count, "Anna"));
            move || {
                let comparison = runtime.block_on(compared(&memory, &export));
                timed(|| runtime.block_on(scheduled(comparison, &memory, count)))
            }
        })
        .at_most(1.25, "instructions grow by 1.00, the rest is memory"),
        part("planning, everybody is new", 1_000, move |count| {
            let (memory, export) = (memory(0), export(count, "Anna"));
            move || {
                let comparison = runtime.block_on(compared(&memory, &export));
                timed(|| runtime.block_on(scheduled(comparison, &memory, count)))
            }
        }),
        part("applying, everybody differs", 100, move |count| {
            let platform = IptvPortal::new(sandboxes.client(count));
            let mut exports = ["Anna", "Olga"].map(|name| export(count, name));
            move || {
                // What was applied in the round before is changed back.
                exports.reverse();
                let comparison = runtime.block_on(compared(&platform, &exports[0]));
                let schedule = runtime.block_on(scheduled(comparison, &platform, count));
                let applied = || runtime.block_on(schedule.apply(&platform));
                timed(|| assert!(applied().is_complete()))
            }
        }),
    ]
}
