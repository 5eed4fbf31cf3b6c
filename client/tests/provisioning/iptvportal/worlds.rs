//! Random tables and desired states, and one request that fails.
//!
//! Whatever fails: what was not found at the first look stays as it is; what is
//! said to be done is done, and a second run writes nothing; a run in calm
//! weather afterwards ends where one quiet run would have.
//! `JSONSQL_PORTAL_WORLDS` sets how many there are, `JSONSQL_PORTAL_WORLDS_FIRST`
//! where they begin.

use std::collections::HashSet;

use jsonsql::ast::Method;
use jsonsql_client::model::{End, ExternalRef, Patch};
use jsonsql_client::provisioning::{
    ClosedWorld, Context, Desired, EndedSubscription, Executor, Found, IptvPortal, IptvPortalRows,
    Job, Key, Members, Outcome, Platform, Presence, Report, Step, SubscriptionKey, TerminalKey,
    WantedSubscription,
};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

use super::stage::now;
use super::{block_on_io, client, rows};
use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::mac;
use crate::outcome::show;
use crate::random::Random;

const LOGINS: [&str; 5] = ["a", "b", "c", "d", "A"];
const REFERENCES: [&str; 4] = ["c1", "c2", "c3", "c4"];
const DATA: &str = "/api/jsonsql";

/// Rows of one table.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
}

/// What a person, another program and a killed run have left.
fn tables(random: &mut Random) -> [Table; 4] {
    let packages = (1..=4).map(|id| vec![json!(format!("P{id}")), json!(id == 4)]);
    let mut subscribers = Vec::new();
    for login in random.some(&LOGINS, 60) {
        let reference = random.chance(75).then(|| *random.pick(&REFERENCES));
        let limit = random.chance(20).then(|| 1 + random.below(3));
        let name = random.chance(40).then_some("name");
        let off = json!(random.chance(30));
        subscribers.push(vec![
            json!(login),
            off,
            json!(reference),
            json!(name),
            json!(limit),
        ]);
    }
    let owners = subscribers.len();
    let owner = |random: &mut Random| (owners > 0).then(|| 1 + random.below(owners.max(1)));
    let mut terminals = Vec::new();
    for number in 1..=5 {
        // A terminal that is there twice is one of two programs at once.
        for _ in 0..usize::from(random.chance(65)) + usize::from(random.chance(8)) {
            let of = owner(random).filter(|_| random.chance(70));
            let registered = of.is_some() && random.chance(85);
            let address = json!(mac(number).to_string());
            terminals.push(vec![json!(of), address, json!(registered)]);
        }
    }
    let mut held = Vec::new();
    for _ in 0..random.below(7) {
        if let Some(of) = owner(random) {
            let end = *random.pick(&[
                None,
                None,
                Some("2020-01-01 00:00:00"),
                Some("2099-01-01 00:00:00"),
            ]);
            let (package, enabled) = (json!(1 + random.below(4)), json!(random.chance(85)));
            held.push(vec![json!(of), package, enabled, json!(end)]);
        }
    }
    [
        Table {
            name: "package",
            columns: &["name", "disabled"],
            rows: packages.collect(),
        },
        Table {
            name: "subscriber",
            columns: &["username", "disabled", "billing", "surname", "max_terminal"],
            rows: subscribers,
        },
        Table {
            name: "terminal",
            columns: &["subscriber_id", "mac_addr", "registered"],
            rows: terminals,
        },
        Table {
            name: "subscriber_package",
            columns: &["subscriber_id", "package_id", "enabled", "expired_on"],
            rows: held,
        },
    ]
}

async fn server(tables: &[Table]) -> (Sandbox, IptvPortal) {
    let sandbox = Sandbox::builder().seed(Seed::Empty).start().await.unwrap();
    let client = client(&sandbox);
    for table in tables {
        for row in &table.rows {
            let given = (table.columns.iter().zip(row)).filter(|(_, value)| !value.is_null());
            let (columns, values): (Vec<&str>, Vec<&Value>) = given.unzip();
            let insert = json!({"into": table.name, "columns": columns, "values": [values]});
            client.raw_json(Method::Insert, &insert).await.unwrap();
        }
    }
    (sandbox, IptvPortal::new(client))
}

async fn state(sandbox: &Sandbox) -> [Value; 3] {
    let subscribers = "SELECT id, username, disabled, billing, surname, max_terminal \
                       FROM subscriber ORDER BY id";
    let terminals = "SELECT subscriber_id, id, mac_addr, registered FROM terminal ORDER BY id";
    let packages = "SELECT subscriber_id, package_id, enabled, expired_on \
                    FROM subscriber_package ORDER BY 1, 2, 3, 4";
    [
        rows(sandbox, subscribers).await,
        rows(sandbox, terminals).await,
        rows(sandbox, packages).await,
    ]
}

fn macs(numbers: &[usize]) -> Vec<TerminalKey> {
    let keys = numbers.iter().map(|number| TerminalKey::Mac(mac(*number)));
    keys.collect()
}

fn packages(random: &mut Random) -> Vec<WantedSubscription> {
    let wanted = random.some(&[1, 2, 3], 50);
    let wanted = wanted.into_iter().map(|package: i64| WantedSubscription {
        until: *random.pick(&[Patch::Keep, Patch::Clear]),
        ..WantedSubscription::new(package.into())
    });
    wanted.collect()
}

fn jobs(random: &mut Random, portal: &IptvPortal) -> Vec<Job> {
    let identity = portal.identity();
    let mut jobs = Vec::new();
    for _ in 0..1 + random.below(3) {
        let reference = random
            .chance(70)
            .then(|| ExternalRef::from(*random.pick(&REFERENCES)));
        let login = *random.pick(&LOGINS);
        let key = match &reference {
            Some(reference) => identity.reference(reference),
            None => identity.login(login),
        };
        if random.chance(15) {
            jobs.push(Job::new([key], Desired::absent()));
            continue;
        }
        let terminals = match random.below(4) {
            0 => Members::Keep,
            1 => Members::Change {
                add: macs(&random.some(&[1, 2, 3, 4, 5, 6], 20)),
                remove: macs(&random.some(&[1, 2, 3, 4, 5], 20)),
            },
            _ => Members::Exactly(macs(&random.some(&[1, 2, 3, 4, 5, 6], 25))),
        };
        let subscriptions = match random.below(4) {
            0 => Members::Keep,
            1 => Members::Change {
                add: packages(random),
                remove: vec![EndedSubscription {
                    subscription: SubscriptionKey::Package(4.into()),
                    end: End::Now,
                }],
            },
            _ => Members::Exactly(packages(random)),
        };
        let presence = match random.chance(20) {
            true => Presence::Existing,
            false => Presence::Create,
        };
        let desired = Desired {
            presence,
            external_ref: reference.map_or(Patch::Keep, Patch::Set),
            enabled: random.chance(60).then(|| random.chance(60)),
            name: random
                .pick(&[Patch::Keep, Patch::Clear, Patch::Set("new".to_owned())])
                .clone(),
            device_limit: random
                .pick(&[Patch::Keep, Patch::Keep, Patch::Clear, Patch::Set(2)])
                .to_owned(),
            terminals,
            subscriptions,
            ..Desired::create(login)
        };
        let mut find = vec![key];
        if presence == Presence::Create {
            find.push(identity.login(login));
        }
        jobs.push(Job::new(find, desired));
    }
    jobs
}

/// Numbers of the subscribers that are found at the first look.
async fn its_own(portal: &IptvPortal, jobs: &[Job]) -> HashSet<i64> {
    let find: Vec<Key> = jobs.iter().flat_map(|job| job.find().to_vec()).collect();
    let found = portal.load(&find).await.unwrap().found;
    let ids = found.iter().filter_map(|rows| {
        let subscriber = portal.view(rows, None, now()).subscriber?;
        subscriber.id.as_str().parse().ok()
    });
    ids.collect()
}

/// What strangers have, and nobody may touch: each row begins with its owner.
fn strangers(state: &[Value; 3], own: &HashSet<i64>) -> Vec<Value> {
    let rows = state.iter().flat_map(|table| table.as_array().unwrap());
    let is_strange = |row: &&Value| row[0].as_i64().is_some_and(|id| !own.contains(&id));
    rows.filter(is_strange).cloned().collect()
}

type Reports = Vec<Report<IptvPortalRows>>;

async fn run(portal: &IptvPortal, jobs: &[Job]) -> Reports {
    Executor::new(portal).run(jobs.to_vec()).await
}

/// Returns `true` if another job may be about the same subscriber, or wants
/// something of it: which of the two is right depends on how far the run came.
fn is_contradicted(portal: &IptvPortal, tables: &[Table], jobs: &[Job], job: &Job) -> bool {
    let identity = portal.identity();
    let keys = |job: &Job| -> HashSet<Key> {
        let wanted = job.wanted();
        let login = wanted.login.as_deref().map(|login| identity.login(login));
        let boxes = wanted.terminals.wanted().iter();
        let found = tables[1].rows.iter().map(|row| {
            let login = row[0].as_str().map(|login| identity.login(login));
            let reference = row[2].as_str();
            let reference = reference.map(|text| identity.reference(&text.into()));
            login.into_iter().chain(reference).collect::<Vec<Key>>()
        });
        let is_found = |keys: &Vec<Key>| keys.iter().any(|key| job.find().contains(key));
        (job.find().iter().cloned())
            .chain(login)
            .chain(boxes.map(|one| one.key(identity)))
            .chain(found.filter(is_found).flatten())
            .collect()
    };
    let own = keys(job);
    let like = jobs.iter().filter(|other| !own.is_disjoint(&keys(other)));
    like.count() > 1
}

struct World {
    tables: [Table; 4],
    jobs: Vec<Job>,
    own: HashSet<i64>,
    before: [Value; 3],
}

impl World {
    async fn inspect(&self, sandbox: &Sandbox, portal: &IptvPortal, reports: &Reports) {
        let after = state(sandbox).await;
        let ids = |state: &[Value; 3]| -> HashSet<i64> {
            let all = state[0].as_array().unwrap().iter();
            all.map(|row| row[0].as_i64().unwrap()).collect()
        };
        let mut own = self.own.clone();
        own.extend(ids(&after).difference(&ids(&self.before)));
        let (is, was) = (strangers(&after, &own), strangers(&self.before, &own));
        assert_eq!(is, was, "a stranger's row has changed");
        let done: Vec<Job> = (self.jobs.iter().zip(reports))
            .filter(|(_, report)| report.outcome.is_done())
            .map(|(job, _)| job.clone())
            .filter(|job| !is_contradicted(portal, &self.tables, &self.jobs, job))
            .collect();
        for report in run(portal, &done).await {
            let shown = show(&report.outcome);
            assert!(report.outcome.is_done(), "{shown} when it is run again");
        }
        assert_eq!(state(sandbox).await, after, "a second run writes");
    }
}

fn has_temporary(state: &[Value; 3]) -> bool {
    let mut rows = state[0].as_array().unwrap().iter();
    rows.any(|row| row[1].as_str().unwrap().starts_with('_'))
}

/// Plan, the steps by `after`, plan: nothing is left. What single loads give is
/// what the stream of all gives.
async fn is_pure(portal: &IptvPortal, jobs: &[Job]) -> usize {
    let packages = portal.catalogue().await.unwrap();
    let mut all = Vec::new();
    let mut stream = portal.load_all();
    while let Some(found) = stream.next().await {
        if let Found::Rows(rows) = found.unwrap() {
            all.push(rows);
        }
    }
    for rows in &all {
        let key = portal.keys(rows).into_iter().next().unwrap();
        let loaded = portal.load(&[key]).await.unwrap().found;
        assert!(loaded.contains(rows), "the stream gives other rows");
    }
    let everybody = ClosedWorld::new(portal, all);
    let context = Context::new(now(), Some(&packages), &everybody);
    let mut planned = 0;
    for job in jobs {
        let found = portal.load(job.find()).await.unwrap().found;
        let mut present = found.first().cloned();
        if present.is_none() && job.wanted().presence != Presence::Create {
            continue;
        }
        let Ok(plan) = portal.plan(present.as_ref(), job.wanted(), &context) else {
            continue;
        };
        for step in &plan.steps {
            present = portal.after(present.as_ref(), step.write());
        }
        planned += 1;
        if job.wanted().presence == Presence::Absent {
            assert!(present.is_none());
            continue;
        }
        let again = portal.plan(present.as_ref(), job.wanted(), &context);
        let names: Vec<_> = again.unwrap().steps.iter().map(Step::name).collect();
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
    left: usize,
    unknown: usize,
    failed: usize,
    faults: usize,
    planned: usize,
}

impl Tally {
    fn count(&mut self, reports: &Reports) {
        for report in reports {
            *match report.outcome {
                Outcome::Done(_) => &mut self.done,
                Outcome::Left(_) => &mut self.left,
                Outcome::Unknown { .. } => &mut self.unknown,
                _ => &mut self.failed,
            } += 1;
        }
    }
}

async fn world(seed: u64, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let tables = tables(&mut random);
    let (sandbox, portal) = server(&tables).await;
    let jobs = jobs(&mut random, &portal);
    tally.planned += is_pure(&portal, &jobs).await;
    let world = World {
        own: its_own(&portal, &jobs).await,
        before: state(&sandbox).await,
        tables,
        jobs,
    };
    let jobs = &world.jobs;
    let forecasts = Executor::new(&portal).preview(jobs.clone()).await;
    assert_eq!(state(&sandbox).await, world.before, "a preview writes");
    sandbox.take_requests();
    let quiet = run(&portal, jobs).await;
    let requests = sandbox.take_requests().len();
    are_as_forecast(&forecasts, &quiet);
    for report in &quiet {
        let is_calm = matches!(report.outcome, Outcome::Done(_) | Outcome::Left(_));
        assert!(is_calm, "in calm weather: {}", show(&report.outcome));
    }
    tally.count(&quiet);
    world.inspect(&sandbox, &portal, &quiet).await;
    assert!(!has_temporary(&state(&sandbox).await));
    for _ in 0..3 {
        let (sandbox, portal) = server(&world.tables).await;
        let nth = 1 + random.below(requests.max(1)) as u64;
        let fault = random.pick(&[Fault::Refuse, Fault::Drop]).clone();
        let mut rule = Rule::new(DATA, fault.clone()).nth(nth);
        if random.chance(20) {
            // From then on there is no connection any more.
            rule = (nth..nth + 200).fold(Rule::new(DATA, Fault::Refuse), Rule::nth);
        }
        sandbox.set_faults(Faults::seeded(1).rule(rule));
        let stormy = run(&portal, jobs).await;
        sandbox.set_faults(Faults::seeded(1));
        tally.faults += 1;
        tally.count(&stormy);
        are_as_forecast_in_a_storm(&forecasts, &stormy);
        world.inspect(&sandbox, &portal, &stormy).await;
        let healed = run(&portal, jobs).await;
        for ((quiet, healed), job) in quiet.iter().zip(&healed).zip(jobs) {
            assert!(
                !quiet.outcome.is_done()
                    || healed.outcome.is_done()
                    || is_contradicted(&portal, &world.tables, jobs, job),
                "{fault:?} at request {nth}: {} when it is run again, for {:?}",
                show(&healed.outcome),
                job.wanted()
            );
        }
        assert!(!has_temporary(&state(&sandbox).await));
    }
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let set = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |text| text.parse::<u64>().unwrap())
    };
    let first = set("JSONSQL_PORTAL_WORLDS_FIRST", 0);
    let worlds = set("JSONSQL_PORTAL_WORLDS", 25);
    let mut tally = Tally::default();
    block_on_io(async {
        for seed in first..first + worlds {
            println!("world {seed}");
            world(seed, &mut tally).await;
        }
    });
    println!("{worlds} worlds: {tally:?}");
    if worlds >= 25 {
        for count in [tally.done, tally.left, tally.failed, tally.planned] {
            assert!(count > 5, "the worlds are too tame: {tally:?}");
        }
    }
}
