//! Random platforms in memory. `JSONSQL_WORLDS=20000` is the full size.

use std::collections::{BTreeSet, HashSet};

use jsonsql_client::model::{ExternalRef, MacAddr, PackageId, Patch, Timestamp};
use jsonsql_client::provisioning::memory::{Fault, Held, Layout, Memory, Row};
use jsonsql_client::provisioning::{
    Collation, Conflict, Desired, Executor, Job, Key, Members, Outcome, Platform, Presence, Report,
    TerminalKey, WantedSubscription,
};

use crate::block_on;
use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::random::Random;
use crate::random_worlds::{
    self, Tally, Wanted, are_done_again, found_keys, is_calm, is_healed, is_pure, keys, keys_of,
    terminals_of,
};

pub(crate) const LOGINS: [&str; 6] = ["a", "b", "c", "A", "a-2", "dé"];
pub(crate) const REFERENCES: [&str; 4] = ["c1", "c2", "c3", "C1"];
pub(crate) const PACKAGES: [&str; 3] = ["p1", "p2", "p3"];

fn now() -> Timestamp {
    "2026-11-25T20:00:00Z".parse().unwrap()
}

fn mac(number: usize) -> MacAddr {
    format!("00:1a:79:00:00:{number:02x}").parse().unwrap()
}

pub(crate) fn macs() -> Vec<MacAddr> {
    (1..=5).map(mac).collect()
}

/// A platform whose rows a person, another program and a killed run have made.
pub(crate) fn platform(random: &mut Random) -> Memory {
    let layout = *random.pick(&[Layout::RowPerSubscriber, Layout::RowPerTerminal]);
    let collation = *random.pick(&[Collation::Exact, Collation::MysqlGeneral]);
    let mut memory = Memory::new().layout(layout).collation(collation);
    memory.set_now(now());
    if random.chance(40) {
        memory = memory.proving_nothing();
    }
    for package in PACKAGES {
        memory = memory.package(package, package);
    }
    let mut logins: Vec<String> = Vec::new();
    for _ in 0..1 + random.below(4) {
        let reference = random.chance(75).then(|| *random.pick(&REFERENCES));
        let rows = match (layout, reference) {
            (Layout::RowPerTerminal, Some(_)) => 1 + random.below(3),
            _ => 1,
        };
        let first = *random.pick(&LOGINS);
        for number in 0..rows {
            let login = match number {
                0 => first.to_owned(),
                _ if random.chance(60) => format!("{first}-{}", number + 1),
                _ => (*random.pick(&LOGINS)).to_owned(),
            };
            let folded = login.to_lowercase().replace('é', "e");
            if logins.contains(&folded) {
                continue;
            }
            logins.push(folded);
            let mut row = Row::new(login);
            row.reference = reference.map(str::to_owned);
            row.marked = number > 0 && random.chance(60);
            row.disabled = random.chance(30);
            row.name = random.chance(50).then(|| "name".to_owned());
            let many = if layout == Layout::RowPerTerminal {
                2
            } else {
                4
            };
            for _ in 0..random.below(many) {
                let mac = *random.pick(&macs());
                if !row.terminals.contains(&mac) {
                    row.terminals.push(mac);
                }
            }
            for package in random.some(&PACKAGES, 40) {
                row = row.held(Held {
                    package: PackageId::from(package),
                    terminal: None,
                    from: None,
                    until: random
                        .chance(20)
                        .then(|| "2026-12-31T00:00:00Z".parse().unwrap()),
                });
            }
            memory.add(row);
        }
    }
    if random.chance(30) {
        memory.add(Row::loose(*random.pick(&macs())));
    }
    memory
}

fn jobs(random: &mut Random, memory: &Memory) -> Vec<Job> {
    let terminals = macs();
    let wanted = Wanted {
        logins: &LOGINS,
        references: &REFERENCES,
        terminals: &terminals,
        device_limits: false,
    };
    let some = |random: &mut Random| {
        let wanted = |package: &str| WantedSubscription::new(package.into());
        random.some(&PACKAGES, 40).into_iter().map(wanted).collect()
    };
    let count = random.below(6);
    random_worlds::jobs(random, count, memory.identity(), &wanted, |random| {
        random_worlds::packages(random, some, PACKAGES[1])
    })
}

/// Subscribers who are to have one another's logins and terminals, of whom one
/// may be nobody's job.
fn ring(random: &mut Random) -> (Memory, Vec<Job>) {
    let mut memory =
        Memory::new().layout(*random.pick(&[Layout::RowPerSubscriber, Layout::RowPerTerminal]));
    memory.set_now(now());
    if random.chance(40) {
        memory = memory.proving_nothing();
    }
    let count = 2 + random.below(4);
    for number in 0..count {
        let mut row = Row::new(format!("l{number}")).reference(format!("r{number}"));
        if random.chance(80) {
            row = row.terminal(mac(number + 1));
        }
        memory.add(row);
    }
    let shuffled = |random: &mut Random| {
        let mut all: Vec<usize> = (0..count).collect();
        for place in (1..count).rev() {
            all.swap(place, random.below(place + 1));
        }
        all
    };
    let (logins, boxes) = (shuffled(random), shuffled(random));
    let leaver = random.chance(20).then(|| random.below(count));
    let unwilling = random.chance(15).then(|| random.below(count));
    let mut jobs = Vec::new();
    for number in (0..count).filter(|number| Some(*number) != unwilling) {
        let reference = ExternalRef::from(format!("r{number}"));
        let find = memory.identity().reference(&reference);
        if Some(number) == leaver {
            jobs.push(Job::new([find], Desired::absent()));
            continue;
        }
        let wanted = Desired {
            external_ref: Patch::Set(reference),
            terminals: match random.chance(70) {
                true => Members::Exactly(keys(vec![mac(boxes[number] + 1)])),
                false => Members::Keep,
            },
            ..Desired::create(format!("l{}", logins[number]))
        };
        jobs.push(Job::new([find], wanted));
    }
    (memory, jobs)
}

async fn run(memory: &Memory, jobs: &[Job]) -> Vec<Report<<Memory as Platform>::Observed>> {
    Executor::new(memory).run(jobs.to_vec()).await
}

/// Numbers of the rows that a run may touch: of those it finds at first, and
/// terminals that are nobody's.
async fn its_own(memory: &Memory, jobs: &[Job]) -> HashSet<u64> {
    let find: Vec<Key> = jobs.iter().flat_map(|job| job.find().to_vec()).collect();
    let found = memory.fork().load(&find).await.unwrap().found;
    let of_found = found
        .iter()
        .flat_map(|rows| rows.iter().filter_map(|row| row.id));
    let loose = memory.rows().into_iter().filter(|row| row.login.is_none());
    of_found.chain(loose.filter_map(|row| row.id)).collect()
}

/// Looks at what a run has left behind.
async fn inspect(
    before: &Memory,
    after: &Memory,
    jobs: &[Job],
    reports: &[Report<<Memory as Platform>::Observed>],
) {
    let own = its_own(before, jobs).await;
    for row in before.rows() {
        if !row.id.is_some_and(|id| own.contains(&id)) {
            let now = after.rows().into_iter().find(|other| other.id == row.id);
            assert!(
                now.as_ref() == Some(&row),
                "a stranger's row has changed: {row:?}"
            );
        }
    }
    let identity = after.identity();
    let mut logins = BTreeSet::new();
    for row in after.rows() {
        if let Some(login) = &row.login {
            assert!(
                logins.insert(identity.login(login)),
                "two rows have the login `{login}`"
            );
        }
    }
    let mut done = Vec::new();
    for (job, report) in jobs.iter().zip(reports) {
        if report.outcome.is_done() {
            assert!(
                is_as_wanted(after, job).await,
                "it is said to be done: {:?}",
                job.wanted()
            );
            if !is_contradicted(after, jobs, job) {
                done.push(job.clone());
            }
        }
    }
    let again = after.fork();
    are_done_again(&run(&again, &done).await);
    assert_eq!(again.requests().writes, 0, "a second run writes");
}

/// Shows what a failing world is about.
fn show(title: &str, memory: &Memory, jobs: &[Job]) {
    if std::env::var("JSONSQL_WORLDS").as_deref() != Ok("1") {
        return;
    }
    println!("{title}: {:?}", memory.identity());
    for row in memory.rows() {
        println!(
            "  {:?} {:?} {:?} {row:?}",
            row.login, row.reference, row.name
        );
    }
    for job in jobs {
        let keys: Vec<_> = job
            .find()
            .iter()
            .map(|key| (key.kind(), key.text().to_owned()))
            .collect();
        println!(
            "  job {keys:?} login {:?} {:?}",
            job.wanted().login,
            job.wanted()
        );
    }
}

/// Looks at the rows themselves, without anything of the library but equality.
async fn is_as_wanted(memory: &Memory, job: &Job) -> bool {
    let identity = memory.identity();
    let wanted = job.wanted();
    let rows = memory.rows();
    let key = &job.find()[0];
    let has = |row: &Row, key: &Key| {
        row.login
            .as_deref()
            .map(|login| identity.login(login))
            .as_ref()
            == Some(key)
            || row
                .reference
                .as_deref()
                .map(|text| identity.reference(&text.into()))
                .as_ref()
                == Some(key)
    };
    if wanted.presence == Presence::Absent {
        // A further row may have the login.
        return !rows.iter().any(|row| has(row, key) && !row.marked)
            || job.find()[0].kind() == jsonsql_client::provisioning::KeyKind::Login;
    }
    let key = match &wanted.external_ref {
        Patch::Set(reference) => identity.reference(reference),
        _ => identity.login(wanted.login.as_deref().unwrap()),
    };
    let found = memory.fork().load(&[key]).await.unwrap().found;
    let [found] = found.as_slice() else {
        return false;
    };
    let own: Vec<&Row> = found.iter().collect();
    if !own.iter().any(|row| row.login == wanted.login) {
        return false;
    }
    let mut terminals: Vec<MacAddr> = own.iter().flat_map(|row| row.terminals.clone()).collect();
    terminals.sort();
    let macs = |keys: &[TerminalKey]| -> Vec<MacAddr> {
        let mac = |key: &TerminalKey| match key {
            TerminalKey::Mac(mac) => *mac,
            TerminalKey::Id(_) => unreachable!(),
        };
        keys.iter().map(mac).collect()
    };
    let terminals_fit = match &wanted.terminals {
        Members::Keep => true,
        Members::Exactly(all) => terminals == macs(all),
        Members::Change { add, remove } => {
            let add = macs(add);
            add.iter().all(|mac| terminals.contains(mac))
                && macs(remove)
                    .iter()
                    .all(|mac| add.contains(mac) || !terminals.contains(mac))
        }
    };
    let packages_fit = own.iter().all(|row| {
        let mut has: Vec<&str> = row
            .packages
            .iter()
            .map(|held| held.package.as_str())
            .collect();
        has.sort_unstable();
        let wanted_ones: Vec<&str> = wanted
            .subscriptions
            .wanted()
            .iter()
            .map(|one| one.package.as_str())
            .collect();
        match &wanted.subscriptions {
            Members::Keep => true,
            Members::Exactly(_) => has == wanted_ones,
            Members::Change { .. } => {
                let is_ended = !wanted_ones.contains(&PACKAGES[1]);
                wanted_ones.iter().all(|one| has.contains(one))
                    && !(is_ended && has.contains(&PACKAGES[1]))
            }
        }
    });
    terminals_fit
        && packages_fit
        && own.iter().all(|row| {
            wanted.enabled.is_none_or(|enabled| row.disabled != enabled)
                && match &wanted.name {
                    Patch::Keep => true,
                    Patch::Clear => row.name.is_none(),
                    Patch::Set(name) => row.name.as_ref() == Some(name),
                }
        })
}

async fn world(seed: u64, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let (memory, jobs) = match random.chance(30) {
        true => ring(&mut random),
        false => {
            let memory = platform(&mut random);
            let jobs = jobs(&mut random, &memory);
            (memory, jobs)
        }
    };
    show("before", &memory, &jobs);
    tally.planned += is_pure(&memory.fork(), now(), &jobs).await;

    let forecasts = Executor::new(&memory.fork()).preview(jobs.clone()).await;
    let quiet = memory.fork();
    let reports = run(&quiet, &jobs).await;
    are_as_forecast(forecasts.iter().zip(&reports));
    show("after a quiet run", &quiet, &[]);
    for report in &reports {
        if std::env::var("JSONSQL_WORLDS").as_deref() == Ok("1") {
            println!("  {:?}", report.outcome);
        }
    }
    inspect(&memory, &quiet, &jobs, &reports).await;
    tally.count(&reports);
    is_calm(&reports);
    let temporary = |memory: &Memory| {
        memory.rows().iter().any(|row| {
            row.login
                .as_ref()
                .is_some_and(|login| login.starts_with('_'))
        })
    };
    assert!(!temporary(&quiet), "a temporary login has stayed");

    let requests = quiet.requests().reads + quiet.requests().writes;
    for _ in 0..3 {
        let at = 1 + random.below(requests.max(1));
        let fault = *random.pick(&[
            Fault::LostBefore,
            Fault::LostAfter,
            Fault::Rejected,
            Fault::Dead,
        ]);
        let storm = memory.fork();
        storm.fail(at, fault);
        let stormy = run(&storm, &jobs).await;
        are_as_forecast_in_a_storm(forecasts.iter().zip(&stormy));
        // Where the login before is somebody's already, it cannot be given back.
        let is_said = |report: &Report<_>| match &report.outcome {
            Outcome::Failed { done, .. } | Outcome::Unknown { done, .. } => {
                done.contains(&"park the login")
            }
            _ => false,
        };
        assert!(
            fault != Fault::Rejected || !temporary(&storm) || stormy.iter().any(is_said),
            "a temporary login has stayed, and nobody has said so"
        );
        storm.heal();
        show(&format!("after {fault:?} at request {at}"), &storm, &[]);
        tally.faults += 1;
        inspect(&memory, &storm, &jobs, &stormy).await;
        tally.count(&stormy);
        let healed = run(&storm, &jobs).await;
        is_healed(
            &reports,
            &healed,
            &jobs,
            &format!("{fault:?} at request {at}"),
            |outcome, job| {
                let holder = waits_for(outcome).map(|holder| &jobs[holder]);
                let mut excuses = holder.into_iter().chain([job]);
                excuses.any(|job| is_contradicted(&memory, &jobs, job))
            },
        );
        assert!(
            !temporary(&storm),
            "a temporary login has stayed after {fault:?} at {at}"
        );
    }
}

fn is_contradicted(memory: &Memory, jobs: &[Job], job: &Job) -> bool {
    let identity = memory.identity();
    let rows = memory.rows();
    random_worlds::is_contradicted(jobs, job, |job| {
        let rows = rows.iter();
        let rows = rows.map(|row| (row.login.as_deref(), row.reference.as_deref()));
        // A further row for a second terminal is called so.
        let login = job.wanted().login.as_deref();
        let further = login.map(|login| identity.login(&format!("{login}-2")));
        let mut keys = keys_of(identity, job);
        keys.extend(further);
        keys.extend(terminals_of(identity, job));
        keys.extend(found_keys(identity, rows, job));
        keys
    })
}

fn waits_for(outcome: &Outcome) -> Option<usize> {
    match outcome {
        Outcome::Left(Conflict::Waits { holder, .. }) => Some(*holder),
        _ => None,
    }
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let tally = random_worlds::run("JSONSQL_WORLDS", 3_000, |seed, tally| {
        block_on(world(seed, tally));
    });
    tally.is_wild(1, |all| {
        vec![
            all.done,
            all.taken,
            all.waits,
            all.ambiguous,
            all.unknown,
            all.failed,
        ]
    });
}
