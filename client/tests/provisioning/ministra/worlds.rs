//! Random accounts of Ministra. `JSONSQL_MINISTRA_WORLDS=2000` is the full size.

use std::collections::HashSet;

use jsonsql_client::model::{MacAddr, Patch};
use jsonsql_client::provisioning::{
    Desired, Executor, Job, Key, Members, Platform, Report, TerminalKey, WantedSubscription,
};
use jsonsql_client::provisioning::{MARK, MinistraRows};
use jsonsql_sandbox::faults::Fault;
use serde_json::{Value, json};

use super::sandbox::{Server, seed};
use super::stage::{Stage, adapter, lists, now};
use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::random::Random;
use crate::random_worlds::{
    self, Tally, Wanted, are_done_again, found_keys, is_calm, is_healed, keys_of, nothing_is_left,
};
use crate::{block_on, mac};

const LOGINS: [&str; 5] = ["a", "b", "c", "A", "a-2"];
const NUMBERS: [&str; 5] = ["c1", "c2", "c3", "C1", "contract-0004"];

fn macs() -> Vec<MacAddr> {
    (1..=5).map(mac).collect()
}

fn written(mac: MacAddr) -> String {
    mac.to_string().replace('-', ":")
}

/// Accounts that a person, another program and a killed run have made.
fn users(random: &mut Random) -> Vec<Value> {
    let mut users: Vec<Value> = Vec::new();
    let mut logins = HashSet::new();
    for _ in 0..1 + random.below(4) {
        let number = random.chance(80).then(|| *random.pick(&NUMBERS));
        let count = if number.is_some() {
            1 + random.below(3)
        } else {
            1
        };
        let first = *random.pick(&LOGINS);
        for at in 0..count {
            let login = match at {
                0 => first.to_owned(),
                _ if random.chance(60) => format!("{first}-{}", at + 1),
                _ => (*random.pick(&LOGINS)).to_owned(),
            };
            if !logins.insert(login.to_lowercase()) {
                continue;
            }
            let written = match random.chance(70) {
                true => written(*random.pick(&macs())),
                false => String::new(),
            };
            let is_marked = at > 0 && random.chance(60);
            users.push(json!({
                "id": users.len() + 1, "login": login, "ls": number.unwrap_or(""),
                "mac": written, "status": u8::from(random.chance(70)),
                "full_name": if random.chance(50) { "name" } else { "" },
                "tariff": 1 + u64::from(random.chance(15)),
                "comment": is_marked.then_some(MARK),
                "optional_packages": random.some(&[2, 3], 40),
            }));
        }
    }
    if random.chance(30) {
        users.push(json!({"id": users.len() + 1, "mac": written(*random.pick(&macs()))}));
    }
    users
}

fn jobs(random: &mut Random) -> Vec<Job> {
    let terminals = macs();
    let wanted = Wanted {
        logins: &LOGINS,
        references: &NUMBERS,
        terminals: &terminals,
        device_limits: false,
    };
    let packages = |ids: Vec<&str>| {
        let wanted = |id: &str| WantedSubscription::new(id.into());
        ids.into_iter().map(wanted).collect::<Vec<_>>()
    };
    let count = 1 + random.below(4);
    random_worlds::jobs(
        random,
        count,
        adapter().identity(),
        &wanted,
        |random| match random.chance(25) {
            true => Members::Exactly(packages(vec!["plan:full", "package:3"])),
            false => random_worlds::packages(
                random,
                |random| packages(random.some(&["plan:basic", "package:2", "package:3"], 40)),
                "package:2",
            ),
        },
    )
}

/// Subscribers who are to have one another's logins and boxes.
fn ring(random: &mut Random) -> (Vec<Value>, Vec<Job>) {
    let ministra = adapter();
    let count = 2 + random.below(3);
    let users = (0..count).map(|number| {
        json!({"id": number + 1, "login": format!("l{number}"), "ls": format!("r{number}"),
            "mac": written(mac(number + 1))})
    });
    let users = users.collect();
    let turned = 1 + random.below(count - 1);
    let unwilling = random.chance(15).then(|| random.below(count));
    let job = |number: usize| {
        let next = (number + turned) % count;
        let reference = format!("r{number}");
        let wanted = Desired {
            external_ref: Patch::Set(reference.as_str().into()),
            terminals: Members::Exactly(vec![TerminalKey::Mac(mac(next + 1))]),
            ..Desired::create(format!("l{next}"))
        };
        Job::new(
            [ministra.identity().reference(&reference.as_str().into())],
            wanted,
        )
    };
    let jobs = (0..count)
        .filter(|number| Some(*number) != unwilling)
        .map(job);
    (users, jobs.collect())
}

async fn run(server: &Server, jobs: &[Job]) -> Vec<Report<MinistraRows>> {
    Executor::new(&server.ministra).run(jobs.to_vec()).await
}

/// Returns the accounts as the server shows them, with the plans and packages
/// of the lists without a server.
fn accounts(users: &[Value]) -> Vec<Value> {
    let account = |user: &Value| {
        let has_full = user["tariff"] == 2;
        let packages = user["optional_packages"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let shown = packages.into_iter().filter(|id| !has_full || *id == 3);
        json!({
            "login": user["login"].as_str().unwrap_or_default(),
            "account_number": user["ls"].as_str().unwrap_or_default(),
            "stb_mac": user["mac"], "status": user["status"].as_u64().unwrap_or(1),
            "full_name": user["full_name"], "comment": user["comment"],
            "tariff_plan": if has_full { "full" } else { "basic" },
            "subscribed_id": shown.collect::<Vec<_>>(),
        })
    };
    users.iter().map(account).collect()
}

/// Returns the number of plans after whose steps nothing is left.
fn is_pure(users: &[Value], jobs: &[Job]) -> usize {
    let ministra = adapter();
    let stage = Stage::new(accounts(users));
    let found = jobs.iter().map(|job| {
        let is_found = |one: &MinistraRows| ministra.keys(one).contains(&job.find()[0]);
        (job.clone(), stage.all().into_iter().find(is_found))
    });
    nothing_is_left(&ministra, now(), &lists(), stage.all(), found)
}

#[test]
fn after_the_steps_of_a_plan_nothing_is_left_to_plan() {
    let mut planned = 0;
    for number in 0..3_000 {
        let mut random = Random::new(number);
        let (users, jobs) = (users(&mut random), jobs(&mut random));
        planned += is_pure(&users, &jobs);
    }
    println!("{planned} plans");
    assert!(planned > 2_000, "{planned}");
}

/// Returns the ids of accounts that a run may touch: of those it finds at first,
/// and boxes that are nobody's.
async fn its_own(users: &[Value], jobs: &[Job]) -> HashSet<u64> {
    let calm = Server::start(&seed(users.into())).await;
    let find: Vec<Key> = jobs.iter().flat_map(|job| job.find().to_vec()).collect();
    let found = calm.ministra.load(&find).await.unwrap().found;
    let logins: HashSet<String> = (found.iter().flat_map(MinistraRows::iter))
        .map(|account| account.login.clone())
        .collect();
    let is_own = |user: &&Value| {
        let login = user["login"].as_str().unwrap_or_default();
        let number = user["ls"].as_str().unwrap_or_default();
        logins.contains(login) && !login.is_empty() || login.is_empty() && number.is_empty()
    };
    let own = users.iter().filter(is_own);
    own.map(|user| user["id"].as_u64().unwrap()).collect()
}

/// Looks at what a run has left behind.
async fn inspect(
    before: &[Value],
    server: &Server,
    jobs: &[Job],
    reports: &[Report<MinistraRows>],
    own: &HashSet<u64>,
) {
    let after = server.users();
    let calm = Server::start(&seed(before.into())).await;
    for user in calm.users() {
        if !own.contains(&user["id"].as_u64().unwrap()) {
            let now = after.iter().find(|other| other["id"] == user["id"]);
            assert_eq!(now, Some(&user), "a stranger's account has changed");
        }
    }
    let mut logins = HashSet::new();
    for user in &after {
        let login = user["login"].as_str().unwrap().to_lowercase();
        assert!(
            login.is_empty() || logins.insert(login),
            "a login is there twice: {after:#?}"
        );
    }
    let mut done = Vec::new();
    for (job, report) in jobs.iter().zip(reports) {
        if report.outcome.is_done() && !is_contradicted(server, jobs, job) {
            is_as_wanted(&after, job);
            done.push(job.clone());
        }
    }
    server.sandbox.take_requests();
    are_done_again(&run(server, &done).await);
    let sent = server.sent();
    let writes: Vec<_> = sent
        .iter()
        .filter(|request| !request.starts_with("GET"))
        .collect();
    assert!(writes.is_empty(), "a second run writes: {writes:?}");
}

/// Looks at the accounts themselves, without the library.
#[track_caller]
fn is_as_wanted(users: &[Value], job: &Job) {
    let wanted = job.wanted();
    let Patch::Set(reference) = &wanted.external_ref else {
        return;
    };
    let own = users.iter().filter(|user| {
        let number = user["ls"].as_str().unwrap();
        number.eq_ignore_ascii_case(reference.as_str())
    });
    let own: Vec<&Value> = own.collect();
    assert!(!own.is_empty(), "it is not there: {wanted:?}");
    for user in &own {
        assert_eq!(user["ls"], reference.as_str());
        if let Some(enabled) = wanted.enabled {
            assert_eq!(user["status"], u8::from(enabled), "{wanted:?}");
        }
        match &wanted.name {
            Patch::Keep => {}
            Patch::Clear => assert_eq!(user["full_name"], ""),
            Patch::Set(name) => assert_eq!(user["full_name"], name.as_str()),
        }
        let has: Vec<String> = (user["optional_packages"].as_array().unwrap().iter())
            .map(|id| format!("package:{id}"))
            .collect();
        for one in wanted.subscriptions.wanted() {
            match one.package.as_str() {
                "plan:full" => assert_eq!(user["tariff"], 2),
                // The default one may be none.
                "plan:basic" => assert_ne!(user["tariff"], 2),
                package => assert!(has.iter().any(|own| own == package), "{package} of {user}"),
            }
        }
    }
    let login = wanted.login.as_deref().unwrap();
    assert!(
        own.iter().any(|user| user["login"] == login),
        "{login} in {own:?}"
    );
    let has: Vec<&str> = own.iter().filter_map(|user| user["mac"].as_str()).collect();
    let is_there = |key: &TerminalKey| match key {
        TerminalKey::Mac(mac) => has.contains(&written(*mac).as_str()),
        TerminalKey::Id(_) => unreachable!(),
    };
    assert!(
        wanted.terminals.wanted().iter().all(is_there),
        "{has:?} for {wanted:?}"
    );
    if let Members::Exactly(all) = &wanted.terminals {
        let boxes = has.iter().filter(|mac| !mac.is_empty()).count();
        assert_eq!(boxes, all.len(), "{has:?} for {wanted:?}");
    }
}

fn is_contradicted(server: &Server, jobs: &[Job], job: &Job) -> bool {
    random_worlds::is_contradicted(jobs, job, |job| keys_of(server.ministra.identity(), job))
}

/// Returns `true` if no other job finds the same subscriber. Effects are told from what
/// was there before, and two jobs about one subscriber change that for each other.
fn is_alone(users: &[Value], jobs: &[Job], job: &Job) -> bool {
    let ministra = adapter();
    let identity = ministra.identity();
    !random_worlds::is_contradicted(jobs, job, |job| {
        let rows = users.iter();
        let rows = rows.map(|user| (user["login"].as_str(), user["ls"].as_str()));
        let mut keys = keys_of(identity, job);
        keys.extend(found_keys(identity, rows, job));
        keys
    })
}

fn has_temporary(server: &Server) -> bool {
    let is_temporary = |user: &Value| {
        user["login"]
            .as_str()
            .is_some_and(|login| login.starts_with('_'))
    };
    server.users().iter().any(is_temporary)
}

async fn world(number: u64, tally: &mut Tally) {
    let mut random = Random::new(number);
    let (users, jobs) = match random.chance(30) {
        true => ring(&mut random),
        false => (users(&mut random), jobs(&mut random)),
    };
    if std::env::var("JSONSQL_MINISTRA_WORLDS").as_deref() == Ok("1") {
        println!(
            "{}",
            users
                .iter()
                .map(|user| format!("{user}\n"))
                .collect::<String>()
        );
        jobs.iter().for_each(|job| {
            println!(
                "{:?} {:?} {:?}",
                job.find().iter().map(Key::text).collect::<Vec<_>>(),
                job.wanted().login,
                job.wanted()
            );
        });
    }
    let own = its_own(&users, &jobs).await;
    let quiet = Server::start(&seed(users.clone().into())).await;
    let forecasts = Executor::new(&quiet.ministra).preview(jobs.clone()).await;
    quiet.sent();
    let calm = run(&quiet, &jobs).await;
    let requests = quiet.sent().len() as u64;
    let alone: Vec<usize> = (0..jobs.len())
        .filter(|at| is_alone(&users, &jobs, &jobs[*at]))
        .collect();
    are_as_forecast(alone.iter().map(|at| (&forecasts[*at], &calm[*at])));
    inspect(&users, &quiet, &jobs, &calm, &own).await;
    assert!(!has_temporary(&quiet), "a temporary login has stayed");
    tally.count(&calm);
    is_calm(&calm);
    for _ in 0..2 {
        let at = 1 + random.below(usize::try_from(requests.max(1)).unwrap()) as u64;
        let (kind, fault, until) = match random.below(3) {
            0 => ("lost before", Fault::Refuse, at),
            1 => ("lost after", Fault::Drop, at),
            _ => ("dead", Fault::Refuse, at + 200),
        };
        let storm = Server::start(&seed(users.clone().into())).await;
        storm.fail(at..=until, fault);
        let reports = run(&storm, &jobs).await;
        storm.heal();
        are_as_forecast_in_a_storm(alone.iter().map(|at| (&forecasts[*at], &reports[*at])));
        tally.faults += 1;
        inspect(&users, &storm, &jobs, &reports, &own).await;
        tally.count(&reports);
        let healed = run(&storm, &jobs).await;
        is_healed(
            &calm,
            &healed,
            &jobs,
            &format!("{kind} at request {at}"),
            |_, job| is_contradicted(&storm, &jobs, job),
        );
        assert!(
            !has_temporary(&storm),
            "a temporary login has stayed after {kind} at {at}"
        );
    }
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let tally = random_worlds::run("JSONSQL_MINISTRA_WORLDS", 30, |number, tally| {
        block_on(world(number, tally));
    });
    tally.is_wild(1, |all| vec![all.done, all.taken, all.failed]);
}
