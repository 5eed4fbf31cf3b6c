//! Random exports against random platforms, killed at any request: run again,
//! it ends where one quiet run does.
//!
//! `JSONSQL_SYNC_WORLDS=20000` is the full size, `JSONSQL_SYNC_WORLD` begins at
//! another world and shows it.

use std::collections::{BTreeSet, HashSet};

use jsonsql_client::model::{Patch, Subscriber};
use jsonsql_client::provisioning::memory::{Fault, Memory};
use jsonsql_client::provisioning::sync::{Left, Removal, WantedRow, compare};
use jsonsql_client::provisioning::{Desired, Members, Platform, WantedSubscription};

use crate::block_on;
use crate::random::Random;
use crate::random_worlds::keys;
use crate::worlds::{LOGINS, PACKAGES, REFERENCES, macs, platform};

/// An export without two rows of one reference or login, as the platform
/// compares them.
fn export(random: &mut Random, memory: &Memory) -> Vec<WantedRow> {
    let identity = memory.identity();
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for line in 0..random.below(6) {
        let (login, reference) = (*random.pick(&LOGINS), *random.pick(&REFERENCES));
        let both = [identity.login(login), identity.reference(&reference.into())];
        if both.iter().any(|key| seen.contains(key)) {
            continue;
        }
        seen.extend(both);
        let packages = random.some(&PACKAGES, 40).into_iter();
        let packages = packages.map(|package| WantedSubscription::new(package.into()));
        rows.push(WantedRow::new(
            line as u64,
            Desired {
                external_ref: Patch::Set(reference.into()),
                enabled: Some(random.chance(70)),
                name: random
                    .pick(&[Patch::Keep, Patch::Clear, Patch::Set("new".to_owned())])
                    .clone(),
                terminals: match random.chance(60) {
                    true => Members::Exactly(keys(random.some(&macs(), 30))),
                    false => Members::Keep,
                },
                subscriptions: match random.chance(60) {
                    true => Members::Exactly(packages.collect()),
                    false => Members::Keep,
                },
                ..Desired::create(login)
            },
        ));
    }
    rows
}

fn is_ours(subscriber: &Subscriber) -> bool {
    subscriber.external_ref.is_some()
}

/// Compares and applies; none if the platform could not be read.
async fn night(memory: &Memory, wanted: &[WantedRow]) -> Option<(usize, bool, Vec<Left>)> {
    let comparison = compare(memory, wanted.to_vec(), &Removal::Owned(&is_ours))
        .await
        .ok()?;
    let schedule = comparison.forecast(memory).await;
    let (jobs, left) = (schedule.items().len(), schedule.left().to_vec());
    let applied = schedule.apply(memory).await;
    Some((jobs, applied.is_complete(), left))
}

/// What is there, without numbers and the logins that were made up.
fn state(memory: &Memory) -> BTreeSet<String> {
    let rows = memory.rows().into_iter().map(|mut row| {
        row.id = None;
        row.terminals.sort();
        row.packages.sort_by_key(|held| held.package.clone());
        let login = row.login.take().filter(|_| !row.marked);
        format!("{login:?} {:?} {:?} {row:?}", row.reference, row.name)
    });
    rows.collect()
}

async fn world(seed: u64) -> (usize, usize) {
    let mut random = Random::new(seed ^ 0x00c0_ffee);
    let memory = platform(&mut random);
    let wanted = export(&mut random, &memory);
    if std::env::var("JSONSQL_SYNC_WORLD").is_ok() {
        println!("{:?}", memory.identity());
        for row in memory.rows() {
            println!("  {:?} {:?} {row:?}", row.login, row.reference);
        }
        for row in &wanted {
            println!("  {:?} {:?}", row.desired.login, row.desired);
        }
    }
    let quiet = memory.fork();
    let (jobs, complete, left) = night(&quiet, &wanted).await.unwrap();
    assert!(complete, "in calm weather everything foreseen is done");
    let end = state(&quiet);
    let before: HashSet<String> = memory
        .rows()
        .iter()
        .map(|row| format!("{:?}{row:?}", row.login))
        .collect();
    for left in &left {
        let of = |memory: &Memory| -> Vec<_> {
            let rows = memory.rows().into_iter();
            rows.filter(|row| row.login.as_deref() == Some(&*left.login))
                .collect()
        };
        if left.line.is_none() {
            assert!(of(&memory) == of(&quiet), "{} is left as it is", left.login);
        }
    }
    let again = quiet.fork();
    let (jobs_again, _, left_again) = night(&again, &wanted).await.unwrap();
    assert_eq!(
        (jobs_again, again.requests().writes),
        (0, 0),
        "a second run has something to do"
    );
    assert!(left_again.len() <= left.len());
    let requests = quiet.requests().reads + quiet.requests().writes;
    let at = 1 + random.below(requests);
    let fault = *random.pick(&[
        Fault::Dead,
        Fault::Dead,
        Fault::LostAfter,
        Fault::LostBefore,
        Fault::Rejected,
    ]);
    println!("{fault:?} at request {at} of {requests}");
    let storm = memory.fork();
    storm.fail(at, fault);
    night(&storm, &wanted).await;
    storm.heal();
    night(&storm, &wanted).await.unwrap();
    assert_eq!(
        state(&storm),
        end,
        "after {fault:?} at request {at} and another run; before {before:?}"
    );
    (jobs, left.len())
}

#[test]
fn a_night_that_was_broken_off_is_completed_by_the_next_one() {
    let worlds = std::env::var("JSONSQL_SYNC_WORLDS").map_or(1_000, |text| text.parse().unwrap());
    let (mut jobs, mut left) = (0, 0);
    let first = std::env::var("JSONSQL_SYNC_WORLD").map_or(0, |text| text.parse().unwrap());
    for seed in first..first + worlds {
        let outcome = std::panic::catch_unwind(|| block_on(world(seed)));
        let (some, others) = outcome.unwrap_or_else(|panic| {
            eprintln!("world {seed}");
            std::panic::resume_unwind(panic)
        });
        jobs += some;
        left += others;
    }
    assert!(jobs > 0 && left > 0, "the worlds are too tame");
}
