//! The frame of the random worlds: rows as somebody left them, jobs that want one
//! another's keys, and one request that fails.
//!
//! Whatever fails: rows that were not found at the first look stay as they are; what
//! is said to be done is done, and a second run writes nothing; a run in calm weather
//! afterwards ends where one quiet run would have. Each platform says how its rows are
//! drawn, and looks at what a run has left.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use jsonsql_client::model::{End, ExternalRef, MacAddr, PackageId, Patch, Timestamp};
use jsonsql_client::provisioning::{
    ClosedWorld, Conflict, Context, Desired, EndedSubscription, Found, Identity, Job, Key, Members,
    Outcome, Platform, Presence, Report, Step, SubscriptionKey, TerminalKey, WantedSubscription,
};

use crate::outcome::show;
use crate::random::Random;

/// Runs so many worlds as `variable` says, from the one that `{variable}_FIRST` says.
pub(crate) fn run(variable: &str, otherwise: u64, mut world: impl FnMut(u64, &mut Tally)) -> Tally {
    let set = |name: &str, otherwise| {
        std::env::var(name).map_or(otherwise, |text| text.parse::<u64>().unwrap())
    };
    let first = set(&format!("{variable}_FIRST"), 0);
    let worlds = set(variable, otherwise);
    let mut tally = Tally::default();
    for seed in first..first + worlds {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| world(seed, &mut tally))) {
            eprintln!("world {seed}: {variable}_FIRST={seed} {variable}=1");
            resume_unwind(panic);
        }
    }
    println!("{worlds} worlds: {tally:?}");
    tally.is_whole = worlds >= otherwise;
    tally
}

/// The number of jobs that ended in each way.
#[derive(Default, Debug)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    pub(crate) taken: usize,
    pub(crate) waits: usize,
    pub(crate) ambiguous: usize,
    /// Left for another reason.
    pub(crate) left: usize,
    pub(crate) unknown: usize,
    pub(crate) failed: usize,
    pub(crate) faults: usize,
    pub(crate) planned: usize,
    /// `true` if there were as many worlds as usual, or more.
    is_whole: bool,
}

impl Tally {
    pub(crate) fn count<O>(&mut self, reports: &[Report<O>]) {
        for report in reports {
            *match &report.outcome {
                Outcome::Done(_) => &mut self.done,
                Outcome::Left(Conflict::Taken { .. }) => &mut self.taken,
                Outcome::Left(Conflict::Waits { .. }) => &mut self.waits,
                Outcome::Left(Conflict::Ambiguous { .. }) => &mut self.ambiguous,
                Outcome::Left(_) => &mut self.left,
                Outcome::Unknown { .. } => &mut self.unknown,
                _ => &mut self.failed,
            } += 1;
        }
    }

    /// Tests that the worlds were not too tame, if there were enough of them.
    #[track_caller]
    pub(crate) fn is_wild(&self, least: usize, counts: impl Fn(&Tally) -> Vec<usize>) {
        if self.is_whole {
            let enough = counts(self).into_iter().all(|count| count >= least);
            assert!(enough, "the worlds are too tame: {self:?}");
        }
    }
}

/// The keys and terminals that jobs want.
pub(crate) struct Wanted<'a> {
    pub(crate) logins: &'a [&'a str],
    pub(crate) references: &'a [&'a str],
    pub(crate) terminals: &'a [MacAddr],
    pub(crate) device_limits: bool,
}

/// Draws so many jobs that want one another's logins, references and terminals.
pub(crate) fn jobs(
    random: &mut Random,
    count: usize,
    identity: &Identity,
    wanted: &Wanted<'_>,
    packages: impl Fn(&mut Random) -> Members<WantedSubscription, EndedSubscription>,
) -> Vec<Job> {
    let jobs = (0..count).map(|_| {
        let reference = random
            .chance(75)
            .then(|| ExternalRef::from(*random.pick(wanted.references)));
        let login = *random.pick(wanted.logins);
        let key = match &reference {
            Some(reference) => identity.reference(reference),
            None => identity.login(login),
        };
        if random.chance(15) {
            return Job::new([key], Desired::absent());
        }
        let presence = match random.chance(20) {
            true => Presence::Existing,
            false => Presence::Create,
        };
        let some = |random: &mut Random, percent| keys(random.some(wanted.terminals, percent));
        let terminals = match random.below(4) {
            0 => Members::Keep,
            1 => Members::Change {
                add: some(random, 20),
                remove: some(random, 20),
            },
            _ => Members::Exactly(some(random, 30)),
        };
        let limits = [Patch::Keep, Patch::Keep, Patch::Clear, Patch::Set(2)];
        let desired = Desired {
            presence,
            external_ref: reference.map_or(Patch::Keep, Patch::Set),
            enabled: random.chance(60).then(|| random.chance(60)),
            name: random
                .pick(&[Patch::Keep, Patch::Clear, Patch::Set("new".to_owned())])
                .clone(),
            device_limit: match wanted.device_limits {
                true => *random.pick(&limits),
                false => Patch::Keep,
            },
            terminals,
            subscriptions: packages(random),
            ..Desired::create(login)
        };
        let mut find = vec![key];
        if presence == Presence::Create {
            find.push(identity.login(login));
        }
        Job::new(find, desired)
    });
    jobs.collect()
}

pub(crate) fn keys(macs: Vec<MacAddr>) -> Vec<TerminalKey> {
    macs.into_iter().map(TerminalKey::Mac).collect()
}

/// Keeps the packages, adds some and ends `ended`, or has no others than some.
pub(crate) fn packages(
    random: &mut Random,
    some: impl Fn(&mut Random) -> Vec<WantedSubscription>,
    ended: impl Into<PackageId>,
) -> Members<WantedSubscription, EndedSubscription> {
    match random.below(4) {
        0 => Members::Keep,
        1 => Members::Change {
            add: some(random),
            remove: vec![EndedSubscription {
                subscription: SubscriptionKey::Package(ended.into()),
                end: End::Now,
            }],
        },
        _ => Members::Exactly(some(random)),
    }
}

/// Plan, the steps by `after`, plan: nothing is left. Returns the number of plans.
pub(crate) fn nothing_is_left<P: Platform>(
    platform: &P,
    now: Timestamp,
    catalogue: &P::Catalogue,
    everybody: Vec<P::Observed>,
    jobs: impl IntoIterator<Item = (Job, Option<P::Observed>)>,
) -> usize {
    let everybody = ClosedWorld::new(platform, everybody);
    let context = Context::new(now, Some(catalogue), &everybody);
    let mut planned = 0;
    for (job, mut present) in jobs {
        if present.is_none() && job.wanted().presence != Presence::Create {
            continue;
        }
        let Ok(plan) = platform.plan(present.as_ref(), job.wanted(), &context) else {
            continue;
        };
        for step in &plan.steps {
            present = platform.after(present.as_ref(), step.write());
        }
        planned += 1;
        if job.wanted().presence == Presence::Absent {
            assert!(present.is_none());
            continue;
        }
        let again = platform.plan(present.as_ref(), job.wanted(), &context);
        let names: Vec<_> = again.unwrap().steps.iter().map(Step::name).collect();
        assert!(
            names.is_empty(),
            "after its own steps the plan of {job:?} has {names:?}"
        );
    }
    planned
}

/// Tests [`nothing_is_left`] with what the platform loads, and that single loads give
/// what the stream of all gives.
pub(crate) async fn is_pure<P: Platform>(platform: &P, now: Timestamp, jobs: &[Job]) -> usize {
    let catalogue = platform.catalogue().await.unwrap();
    let mut all = Vec::new();
    let mut stream = platform.load_all();
    while let Some(found) = stream.next().await {
        if let Found::Rows(rows) = found.unwrap() {
            all.push(rows);
        }
    }
    for rows in &all {
        let Some(key) = platform.keys(rows).into_iter().next() else {
            continue;
        };
        let loaded = platform.load(&[key]).await.unwrap().found;
        assert!(loaded.contains(rows), "the stream gives other rows");
    }
    let mut found = Vec::new();
    for job in jobs {
        let loaded = platform.load(job.find()).await.unwrap();
        found.push((job.clone(), loaded.found.into_iter().next()));
    }
    nothing_is_left(platform, now, &catalogue, all, found)
}

/// The keys by which a job finds and those that it wants for itself.
pub(crate) fn keys_of(identity: &Identity, job: &Job) -> HashSet<Key> {
    let login = job.wanted().login.as_deref();
    let login = login.map(|login| identity.login(login));
    job.find().iter().cloned().chain(login).collect()
}

/// The keys of the terminals that a job wants.
pub(crate) fn terminals_of(identity: &Identity, job: &Job) -> Vec<Key> {
    let terminals = job.wanted().terminals.wanted().iter();
    terminals.map(|one| one.key(identity)).collect()
}

/// The keys of the rows that a job finds: who is found by one key is found by the
/// others too. A row is its login and its reference.
pub(crate) fn found_keys<'a>(
    identity: &Identity,
    rows: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>,
    job: &Job,
) -> Vec<Key> {
    let keys = rows.into_iter().map(|(login, reference)| {
        let login = login.map(|login| identity.login(login));
        let reference = reference.map(|text| identity.reference(&text.into()));
        login.into_iter().chain(reference).collect::<Vec<Key>>()
    });
    let is_found = |keys: &Vec<Key>| keys.iter().any(|key| job.find().contains(key));
    keys.filter(is_found).flatten().collect()
}

/// Returns `true` if another job may be about the same subscriber, or wants something
/// of it: which of the two is right depends on how far the run came.
pub(crate) fn is_contradicted(
    jobs: &[Job],
    job: &Job,
    keys: impl Fn(&Job) -> HashSet<Key>,
) -> bool {
    let own = keys(job);
    let like = jobs.iter().filter(|other| !own.is_disjoint(&keys(other)));
    like.count() > 1
}

/// Tests that a run without a fault ended in certainty.
pub(crate) fn is_calm<O>(reports: &[Report<O>]) {
    for report in reports {
        let is_certain = matches!(report.outcome, Outcome::Done(_) | Outcome::Left(_));
        assert!(is_certain, "in calm weather: {}", show(&report.outcome));
    }
}

/// Tests that a run after a fault did what a quiet one had done.
pub(crate) fn is_healed<O>(
    quiet: &[Report<O>],
    healed: &[Report<O>],
    jobs: &[Job],
    fault: &str,
    is_excused: impl Fn(&Outcome, &Job) -> bool,
) {
    for ((quiet, healed), job) in quiet.iter().zip(healed).zip(jobs) {
        assert!(
            !quiet.outcome.is_done()
                || healed.outcome.is_done()
                || is_excused(&healed.outcome, job),
            "{fault}: {} when it is run again, for {:?}",
            show(&healed.outcome),
            job.wanted()
        );
    }
}

/// Tests that jobs that were done are done when they are run again.
pub(crate) fn are_done_again<O>(reports: &[Report<O>]) {
    for report in reports {
        let shown = show(&report.outcome);
        assert!(report.outcome.is_done(), "{shown} when it is run again");
    }
}
