//! Random servers of TVIP. `JSONSQL_TVIP_WORLDS` sets how many there are.

use std::collections::HashSet;

use jsonsql_client::model::{MacAddr, Patch, TerminalId};
use jsonsql_client::provisioning::{
    Executor, Job, Key, Platform, Report, Tvip, TvipRows, WantedSubscription,
};
use jsonsql_client::tvip::{Ending, Unbind};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::{Value, json};

use super::{NOW, account, builder, device, sandbox, state, time};
use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::mac;
use crate::random::Random;
use crate::random_worlds::{
    self, Tally, Wanted, are_done_again, is_calm, is_healed, is_pure, keys_of, terminals_of,
};

const LOGINS: [&str; 5] = ["a", "b", "c", "d", "A"];
const REFERENCES: [&str; 4] = ["c1", "c2", "c3", "c4"];
const TIMES: [(&str, Option<&str>); 5] = [
    ("2026-01-01", None),
    ("2026-01-01", Some("2026-12-31")),
    ("2026-01-01", Some("2026-02-01")),
    ("2026-12-31", None),
    ("2027-01-01", Some("2027-02-01")),
];

/// What a person, another program and a killed run have left.
fn server(random: &mut Random) -> Value {
    let mut accounts = Vec::new();
    let mut numbers = Vec::new();
    for (id, login) in (1..).zip(random.some(&LOGINS, 60)) {
        let mut row = account(id, login, REFERENCES[(id - 1) as usize % 4]);
        if random.chance(25) {
            row["remote_custom_field"] = json!(null);
        }
        row["enabled"] = json!(random.chance(70));
        if random.chance(30) {
            row["devices_per_account_limit"] = json!(random.below(3));
        }
        accounts.push(row);
        numbers.push(id);
    }
    let mut devices = Vec::new();
    for number in 1..=4 {
        let owner = (!numbers.is_empty() && random.chance(60)).then(|| *random.pick(&numbers));
        if random.chance(70) {
            devices.push(device(number, owner));
        }
    }
    let mut state = state(accounts, devices.clone());
    let mut of_accounts = Vec::new();
    for id in 0..random.below(6) {
        if let Some(owner) = (!numbers.is_empty()).then(|| *random.pick(&numbers)) {
            of_accounts.push(row(random, id, "account", owner));
        }
    }
    let mut of_devices = Vec::new();
    for id in 0..random.below(3) {
        if let Some(device) = (!devices.is_empty()).then(|| random.pick(&devices).clone()) {
            of_devices.push(row(random, id, "device", device["id"].as_i64().unwrap()));
        }
    }
    state["account_subscriptions"] = json!(of_accounts);
    state["device_subscriptions"] = json!(of_devices);
    state
}

fn row(random: &mut Random, id: usize, owner: &str, number: i64) -> Value {
    let (start, stop) = *random.pick(&TIMES);
    let at = |day: &str| format!("{day}T00:00:00+0000");
    let tarif = 2 + random.below(3);
    json!({"id": id + 1, owner: number, "tarif": tarif, "start": at(start), "stop": stop.map(at)})
}

fn packages(random: &mut Random) -> Vec<WantedSubscription> {
    let wanted = random.some(&[2, 3], 50);
    let until = [
        Patch::Keep,
        Patch::Clear,
        Patch::Set(time("2026-12-01T00:00:00Z")),
        Patch::Set(time("2027-03-01T00:00:00Z")),
    ];
    let mut all = Vec::new();
    for package in wanted {
        let terminal = random
            .chance(15)
            .then(|| TerminalId::from(1 + random.below(4) as i64));
        all.push(WantedSubscription {
            terminal,
            until: *random.pick(&until),
            ..WantedSubscription::new(package.into())
        });
    }
    all
}

fn jobs(random: &mut Random, tvip: &Tvip) -> Vec<Job> {
    let terminals: Vec<MacAddr> = (1..=5).map(mac).collect();
    let wanted = Wanted {
        logins: &LOGINS,
        references: &REFERENCES,
        terminals: &terminals,
        device_limits: true,
    };
    let count = 1 + random.below(3);
    random_worlds::jobs(random, count, tvip.identity(), &wanted, |random| {
        let ended = *random.pick(&[3, 4]);
        random_worlds::packages(random, packages, ended)
    })
}

/// Rows of those who are found at the first look, and boxes that are nobody's.
async fn its_own(tvip: &Tvip, jobs: &[Job]) -> HashSet<i64> {
    let find: Vec<Key> = jobs.iter().flat_map(|job| job.find().to_vec()).collect();
    let found = tvip.load(&find).await.unwrap().found;
    let view = |rows: &TvipRows| tvip.view(rows, None, time(NOW)).subscriber;
    let ids = found
        .iter()
        .filter_map(view)
        .map(|one| one.id.as_str().parse().unwrap());
    ids.collect()
}

/// What a stranger has, and nobody may touch.
fn strangers(state: &Value, own: &HashSet<i64>) -> Value {
    let rows = |table: &str| state[table].as_array().cloned().unwrap_or_default();
    let is_strange = |id: &Value| id.as_i64().is_some_and(|id| !own.contains(&id));
    let accounts: Vec<Value> = rows("accounts")
        .into_iter()
        .filter(|row| is_strange(&row["id"]))
        .collect();
    let of = |table: &str| -> Vec<Value> {
        rows(table)
            .into_iter()
            .filter(|row| is_strange(&row["account"]))
            .collect()
    };
    let devices = of("devices");
    let of_devices: Vec<Value> = (rows("device_subscriptions").into_iter())
        .filter(|row| devices.iter().any(|device| device["id"] == row["device"]))
        .collect();
    json!([accounts, devices, of("account_subscriptions"), of_devices])
}

type Reports = Vec<Report<TvipRows>>;

async fn run(tvip: &Tvip, jobs: &[Job]) -> Reports {
    Executor::new(tvip).run(jobs.to_vec()).await
}

fn is_contradicted(tvip: &Tvip, jobs: &[Job], job: &Job) -> bool {
    let identity = tvip.identity();
    random_worlds::is_contradicted(jobs, job, |job| {
        let mut keys = keys_of(identity, job);
        keys.extend(terminals_of(identity, job));
        keys
    })
}

async fn inspect(
    sandbox: &Sandbox,
    tvip: &Tvip,
    before: &Value,
    own: &HashSet<i64>,
    jobs: &[Job],
    reports: &Reports,
) {
    let after = sandbox.tvip().state();
    let mut own = own.clone();
    let accounts = before["accounts"].as_array().unwrap();
    let was = |id: i64| accounts.iter().any(|row| row["id"] == id);
    let made = after["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_i64().unwrap());
    own.extend(made.filter(|id| !was(*id)));
    assert_eq!(
        strangers(&after, &own),
        strangers(before, &own),
        "a stranger's row has changed"
    );
    let temporary = |row: &Value| row["login"].as_str().unwrap().starts_with('_');
    assert!(!after["accounts"].as_array().unwrap().iter().any(temporary));
    let done: Vec<Job> = (jobs.iter().zip(reports))
        .filter(|(job, report)| report.outcome.is_done() && !is_contradicted(tvip, jobs, job))
        .map(|(job, _)| job.clone())
        .collect();
    let mut again = run(tvip, &done).await;
    // One by one, in which case only what each is about is read.
    for job in &done {
        again.extend(run(tvip, std::slice::from_ref(job)).await);
    }
    are_done_again(&again);
    assert_eq!(sandbox.tvip().state(), after, "a second run writes");
}

async fn world(seed: u64, sandbox: &Sandbox, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let before = server(&mut random);
    let load = || {
        sandbox.set_faults(Faults::seeded(1));
        sandbox.tvip().load(before.clone()).unwrap();
        sandbox.tvip().state()
    };
    let raw = builder(sandbox)
        .clock(|| time(NOW))
        .unbind(*random.pick(&[Unbind::Free, Unbind::Free, Unbind::Delete]))
        .ending(*random.pick(&[Ending::Stop, Ending::Stop, Ending::Delete]));
    let tvip = Tvip::new(raw.build().unwrap());
    let jobs = jobs(&mut random, &tvip);
    let start = load();
    tally.planned += is_pure(&tvip, time(NOW), &jobs).await;
    let own = its_own(&tvip, &jobs).await;
    let forecasts = Executor::new(&tvip).preview(jobs.clone()).await;
    sandbox.take_requests();
    let quiet = run(&tvip, &jobs).await;
    are_as_forecast(forecasts.iter().zip(&quiet));
    let requests = sandbox.take_requests().len();
    is_calm(&quiet);
    tally.count(&quiet);
    inspect(sandbox, &tvip, &start, &own, &jobs, &quiet).await;
    for _ in 0..3 {
        let start = load();
        let nth = 1 + random.below(requests.max(1)) as u64;
        let fault = random
            .pick(&[
                Fault::Refuse,
                Fault::Drop,
                Fault::Status {
                    code: 400,
                    retry_after: None,
                },
            ])
            .clone();
        let mut rule = Rule::new("/api/provider", fault.clone()).nth(nth);
        if random.chance(20) {
            // From then on there is no connection any more.
            rule = (nth..nth + 200).fold(Rule::new("/api/provider", Fault::Refuse), Rule::nth);
        }
        sandbox.set_faults(Faults::seeded(1).rule(rule));
        let stormy = run(&tvip, &jobs).await;
        are_as_forecast_in_a_storm(forecasts.iter().zip(&stormy));
        sandbox.set_faults(Faults::seeded(1));
        tally.faults += 1;
        tally.count(&stormy);
        inspect(sandbox, &tvip, &start, &own, &jobs, &stormy).await;
        let healed = run(&tvip, &jobs).await;
        is_healed(
            &quiet,
            &healed,
            &jobs,
            &format!("{fault:?} at request {nth}"),
            |_, job| is_contradicted(&tvip, &jobs, job),
        );
    }
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sandbox = runtime.block_on(sandbox(state(vec![], vec![])));
    let tally = random_worlds::run("JSONSQL_TVIP_WORLDS", 60, |seed, tally| {
        runtime.block_on(world(seed, &sandbox, tally));
    });
    tally.is_wild(11, |all| {
        vec![
            all.done,
            all.left + all.taken + all.waits + all.ambiguous,
            all.failed,
            all.planned,
        ]
    });
}
