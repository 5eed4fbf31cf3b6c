//! Random tables of IPTVPORTAL. `JSONSQL_PORTAL_WORLDS` sets how many there are.

use std::collections::HashSet;

use jsonsql::ast::Method;
use jsonsql_client::model::{MacAddr, Patch};
use jsonsql_client::provisioning::{
    Executor, IptvPortal, IptvPortalRows, Job, Key, Platform, Report, WantedSubscription,
};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

use super::stage::now;
use super::{block_on_io, client, rows};
use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::mac;
use crate::random::Random;
use crate::random_worlds::{
    self, Tally, Wanted, are_done_again, found_keys, is_calm, is_healed, is_pure, keys_of,
    terminals_of,
};

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

fn packages(random: &mut Random) -> Vec<WantedSubscription> {
    let wanted = random.some(&[1, 2, 3], 50);
    let wanted = wanted.into_iter().map(|package: i64| WantedSubscription {
        until: *random.pick(&[Patch::Keep, Patch::Clear]),
        ..WantedSubscription::new(package.into())
    });
    wanted.collect()
}

fn jobs(random: &mut Random, portal: &IptvPortal) -> Vec<Job> {
    let terminals: Vec<MacAddr> = (1..=6).map(mac).collect();
    let wanted = Wanted {
        logins: &LOGINS,
        references: &REFERENCES,
        terminals: &terminals,
        device_limits: true,
    };
    let count = 1 + random.below(3);
    random_worlds::jobs(random, count, portal.identity(), &wanted, |random| {
        let ended = *random.pick(&[3, 4]);
        random_worlds::packages(random, packages, ended)
    })
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

struct World {
    tables: [Table; 4],
    jobs: Vec<Job>,
    own: HashSet<i64>,
    before: [Value; 3],
}

impl World {
    fn is_contradicted(&self, portal: &IptvPortal, job: &Job) -> bool {
        let identity = portal.identity();
        random_worlds::is_contradicted(&self.jobs, job, |job| {
            let rows = self.tables[1].rows.iter();
            let rows = rows.map(|row| (row[0].as_str(), row[2].as_str()));
            let mut keys = keys_of(identity, job);
            keys.extend(terminals_of(identity, job));
            keys.extend(found_keys(identity, rows, job));
            keys
        })
    }

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
            .filter(|job| !self.is_contradicted(portal, job))
            .collect();
        are_done_again(&run(portal, &done).await);
        assert_eq!(state(sandbox).await, after, "a second run writes");
    }
}

fn has_temporary(state: &[Value; 3]) -> bool {
    let mut rows = state[0].as_array().unwrap().iter();
    rows.any(|row| row[1].as_str().unwrap().starts_with('_'))
}

async fn world(seed: u64, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let tables = tables(&mut random);
    let (sandbox, portal) = server(&tables).await;
    let jobs = jobs(&mut random, &portal);
    tally.planned += is_pure(&portal, now(), &jobs).await;
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
    are_as_forecast(forecasts.iter().zip(&quiet));
    is_calm(&quiet);
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
        are_as_forecast_in_a_storm(forecasts.iter().zip(&stormy));
        world.inspect(&sandbox, &portal, &stormy).await;
        let healed = run(&portal, jobs).await;
        is_healed(
            &quiet,
            &healed,
            jobs,
            &format!("{fault:?} at request {nth}"),
            |_, job| world.is_contradicted(&portal, job),
        );
        assert!(!has_temporary(&state(&sandbox).await));
    }
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let tally = random_worlds::run("JSONSQL_PORTAL_WORLDS", 25, |seed, tally| {
        block_on_io(world(seed, tally));
    });
    tally.is_wild(6, |all| {
        vec![
            all.done,
            all.left + all.taken + all.waits + all.ambiguous,
            all.failed,
            all.planned,
        ]
    });
}
