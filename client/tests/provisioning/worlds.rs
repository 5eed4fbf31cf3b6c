//! Random platforms, random desired states, and one request that fails.
//!
//! Whatever fails: rows that were not found at the first look stay as they are;
//! what is said to be done is done, and a second run writes nothing; a run in
//! calm weather afterwards ends where one quiet run would have.
//!
//! `JSONSQL_WORLDS=20000` is the full size, `JSONSQL_WORLDS_FIRST` begins at
//! another world.

use std::collections::{BTreeSet, HashSet};

use jsonsql_client::model::End;
use jsonsql_client::model::{ExternalRef, MacAddr, PackageId, Patch, Timestamp};
use jsonsql_client::provisioning::memory::{Fault, Held, Layout, Memory, Row};
use jsonsql_client::provisioning::{
    ClosedWorld, Collation, Conflict, Context, Desired, EndedSubscription, Executor, Job, Key,
    Members, Outcome, Platform, Presence, Report, Step, SubscriptionKey, TerminalKey,
    WantedSubscription,
};

use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::random::Random;

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

/// Jobs that want one another's logins and terminals.
fn jobs(random: &mut Random, memory: &Memory) -> Vec<Job> {
    let identity = memory.identity();
    (0..random.below(6))
        .map(|_| {
            let reference = random
                .chance(75)
                .then(|| ExternalRef::from(*random.pick(&REFERENCES)));
            let login = (*random.pick(&LOGINS)).to_owned();
            let key = match &reference {
                Some(reference) => identity.reference(reference),
                None => identity.login(&login),
            };
            if random.chance(15) {
                return Job::new([key], Desired::absent());
            }
            let terminals = match random.below(4) {
                0 => Members::Keep,
                1 => Members::Change {
                    add: keys(random.some(&macs(), 20)),
                    remove: keys(random.some(&macs(), 20)),
                },
                _ => Members::Exactly(keys(random.some(&macs(), 30))),
            };
            let wanted = |packages: Vec<&str>| {
                let wanted = |package: &str| WantedSubscription::new(package.into());
                packages.into_iter().map(wanted).collect::<Vec<_>>()
            };
            let subscriptions = match random.below(4) {
                0 => Members::Keep,
                1 => Members::Change {
                    add: wanted(random.some(&PACKAGES[..1], 50)),
                    remove: vec![EndedSubscription {
                        subscription: SubscriptionKey::Package(PACKAGES[1].into()),
                        end: End::Now,
                    }],
                },
                _ => Members::Exactly(wanted(random.some(&PACKAGES, 40))),
            };
            let presence = match random.chance(20) {
                true => Presence::Existing,
                false => Presence::Create,
            };
            let desired = Desired {
                presence,
                external_ref: reference.clone().map_or(Patch::Keep, Patch::Set),
                enabled: random.chance(60).then(|| random.chance(60)),
                name: random
                    .pick(&[Patch::Keep, Patch::Clear, Patch::Set("new".to_owned())])
                    .clone(),
                terminals,
                subscriptions,
                ..Desired::create(login.clone())
            };
            let mut find = vec![key];
            if presence == Presence::Create {
                find.push(identity.login(&login));
            }
            Job::new(find, desired)
        })
        .collect()
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

pub(crate) fn keys(macs: Vec<MacAddr>) -> Vec<TerminalKey> {
    macs.into_iter().map(TerminalKey::Mac).collect()
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
    for report in run(&again, &done).await {
        assert!(
            report.outcome.is_done(),
            "{:?} when it is run again",
            report.outcome
        );
    }
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
                wanted_ones.iter().all(|one| has.contains(one)) && !has.contains(&PACKAGES[1])
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

/// Plan, the steps by `after`, plan: nothing is left.
async fn is_pure(memory: &Memory, jobs: &[Job]) -> usize {
    let catalogue = memory.fork().catalogue().await.unwrap();
    let mut planned = 0;
    for job in jobs {
        let loaded = memory.fork().load(job.find()).await.unwrap();
        let all: Vec<Key> = memory
            .rows()
            .iter()
            .filter_map(|row| Some(memory.identity().login(row.login.as_deref()?)))
            .collect();
        let everybody = ClosedWorld::new(memory, memory.fork().load(&all).await.unwrap().found);
        let context = Context::new(now(), Some(&catalogue), &everybody);
        let mut present = loaded.found.first().cloned();
        if present.is_none() && job.wanted().presence != Presence::Create {
            continue;
        }
        let Ok(plan) = memory.plan(present.as_ref(), job.wanted(), &context) else {
            continue;
        };
        for step in &plan.steps {
            present = memory.after(present.as_ref(), step.write());
        }
        planned += 1;
        if job.wanted().presence == Presence::Absent {
            assert!(present.is_none());
            continue;
        }
        let again = memory
            .plan(present.as_ref(), job.wanted(), &context)
            .unwrap();
        let names: Vec<_> = again.steps.iter().map(Step::name).collect();
        assert!(
            names.is_empty(),
            "after its own steps the plan has {names:?}"
        );
    }
    planned
}

#[derive(Default, Debug)]
struct Tally {
    done: usize,
    taken: usize,
    waits: usize,
    ambiguous: usize,
    other: usize,
    unknown: usize,
    failed: usize,
    faults: usize,
    planned: usize,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        *match outcome {
            Outcome::Done(_) => &mut self.done,
            Outcome::Left(Conflict::Taken { .. }) => &mut self.taken,
            Outcome::Left(Conflict::Waits { .. }) => &mut self.waits,
            Outcome::Left(Conflict::Ambiguous { .. }) => &mut self.ambiguous,
            Outcome::Unknown { .. } => &mut self.unknown,
            Outcome::Failed { .. } => &mut self.failed,
            _ => &mut self.other,
        } += 1;
    }
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
    tally.planned += is_pure(&memory, &jobs).await;

    let forecasts = Executor::new(&memory.fork()).preview(jobs.clone()).await;
    let quiet = memory.fork();
    let reports = run(&quiet, &jobs).await;
    are_as_forecast(&forecasts, &reports);
    show("after a quiet run", &quiet, &[]);
    for report in &reports {
        if std::env::var("JSONSQL_WORLDS").as_deref() == Ok("1") {
            println!("  {:?}", report.outcome);
        }
    }
    inspect(&memory, &quiet, &jobs, &reports).await;
    for report in &reports {
        tally.count(&report.outcome);
        assert!(
            !matches!(
                report.outcome,
                Outcome::NotApplied { .. } | Outcome::Unknown { .. }
            ),
            "in calm weather: {:?}",
            report.outcome
        );
    }
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
        let reports = run(&storm, &jobs).await;
        are_as_forecast_in_a_storm(&forecasts, &reports);
        // Where the login before is somebody's already, it cannot be given back.
        let is_said = |report: &Report<_>| match &report.outcome {
            Outcome::Failed { done, .. } | Outcome::Unknown { done, .. } => {
                done.contains(&"park the login")
            }
            _ => false,
        };
        assert!(
            fault != Fault::Rejected || !temporary(&storm) || reports.iter().any(is_said),
            "a temporary login has stayed, and nobody has said so"
        );
        storm.heal();
        show(&format!("after {fault:?} at request {at}"), &storm, &[]);
        tally.faults += 1;
        inspect(&memory, &storm, &jobs, &reports).await;
        reports
            .iter()
            .for_each(|report| tally.count(&report.outcome));
        let healed = run(&storm, &jobs).await;
        for ((quiet, healed), job) in reports_of(&memory, &jobs)
            .await
            .iter()
            .zip(&healed)
            .zip(&jobs)
        {
            assert!(
                !quiet.outcome.is_done()
                    || healed.outcome.is_done()
                    || is_contradicted(&memory, &jobs, job)
                    || waits_for(&healed.outcome).is_some_and(|holder| is_contradicted(
                        &memory,
                        &jobs,
                        &jobs[holder]
                    )),
                "{fault:?} at request {at}: {:?} when it is run again, for {:?}",
                healed.outcome,
                job.wanted()
            );
        }
        assert!(
            !temporary(&storm),
            "a temporary login has stayed after {fault:?} at {at}"
        );
    }
}

/// Returns `true` if another job may be about the same subscriber, or wants a
/// terminal of this one: which of the two is right depends on how far the run
/// came.
fn is_contradicted(memory: &Memory, jobs: &[Job], job: &Job) -> bool {
    let identity = memory.identity();
    let rows = memory.rows();
    let keys = |job: &Job| -> HashSet<Key> {
        let wanted = job.wanted();
        let login = wanted.login.as_deref();
        // A further row for a second terminal is called so.
        let further = login.map(|login| identity.login(&format!("{login}-2")));
        let login = login.map(|login| identity.login(login)).into_iter();
        let login = login.chain(further);
        let terminals = wanted.terminals.wanted().iter();
        let terminals = terminals.map(|one| one.key(identity));
        // Who is found by one of them is found by its other keys too.
        let found = rows.iter().map(|row| {
            let login = row.login.as_deref().map(|login| identity.login(login));
            let reference = row.reference.as_deref();
            let reference = reference.map(|text| identity.reference(&text.into()));
            login.into_iter().chain(reference).collect::<Vec<Key>>()
        });
        let is_found = |keys: &Vec<Key>| keys.iter().any(|key| job.find().contains(key));
        (job.find().iter().cloned())
            .chain(login)
            .chain(terminals)
            .chain(found.filter(is_found).flatten())
            .collect()
    };
    let own = keys(job);
    jobs.iter()
        .filter(|other| !own.is_disjoint(&keys(other)))
        .count()
        > 1
}

fn waits_for(outcome: &Outcome) -> Option<usize> {
    match outcome {
        Outcome::Left(Conflict::Waits { holder, .. }) => Some(*holder),
        _ => None,
    }
}

async fn reports_of(memory: &Memory, jobs: &[Job]) -> Vec<Report<<Memory as Platform>::Observed>> {
    run(&memory.fork(), jobs).await
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let set = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |text| text.parse::<u64>().unwrap())
    };
    let (first, worlds) = (set("JSONSQL_WORLDS_FIRST", 0), set("JSONSQL_WORLDS", 3_000));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut tally = Tally::default();
    for seed in first..first + worlds {
        let mut one = Tally::default();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            runtime.block_on(world(seed, &mut one));
        }));
        if let Err(panic) = outcome {
            eprintln!("world {seed}: JSONSQL_WORLDS_FIRST={seed} JSONSQL_WORLDS=1");
            std::panic::resume_unwind(panic);
        }
        tally.done += one.done;
        tally.taken += one.taken;
        tally.waits += one.waits;
        tally.ambiguous += one.ambiguous;
        tally.other += one.other;
        tally.unknown += one.unknown;
        tally.failed += one.failed;
        tally.faults += one.faults;
        tally.planned += one.planned;
    }
    println!("{worlds} worlds: {tally:?}");
    if worlds >= 1_000 {
        for count in [
            tally.done,
            tally.taken,
            tally.waits,
            tally.ambiguous,
            tally.unknown,
            tally.failed,
        ] {
            assert!(count > 0, "the worlds are too tame: {tally:?}");
        }
    }
}
