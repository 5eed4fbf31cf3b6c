//! Random accounts on the sandbox, random desired states, and one request that
//! fails before or after it took effect, or the end of the program.
//!
//! Accounts that were not found at the first look stay as they are; what is
//! said to be done is done, and a second run writes nothing; a run in calm
//! weather afterwards ends where one quiet run would have.
//!
//! `JSONSQL_MINISTRA_WORLDS=2000` is the full size,
//! `JSONSQL_MINISTRA_WORLDS_FIRST` begins at another world.

use std::collections::HashSet;

use jsonsql_client::model::{End, MacAddr, Patch};
use jsonsql_client::provisioning::{
    ClosedWorld, Conflict, Context, Desired, EndedSubscription, Executor, Job, Key, Members,
    Outcome, Platform, Presence, Report, Step, SubscriptionKey, TerminalKey, WantedSubscription,
};
use jsonsql_client::provisioning::{MARK, MinistraRows};
use jsonsql_sandbox::faults::Fault;
use serde_json::{Value, json};

use super::sandbox::{Server, seed};
use super::stage::{Stage, adapter, lists, now};
use crate::effects::{are_as_forecast, are_as_forecast_in_a_storm};
use crate::mac;
use crate::outcome::show;
use crate::random::Random;

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
    let ministra = adapter();
    let identity = ministra.identity();
    let keys = |macs: Vec<MacAddr>| macs.into_iter().map(TerminalKey::Mac).collect::<Vec<_>>();
    let wanted = |ids: Vec<&str>| {
        let wanted = |id: &str| WantedSubscription::new(id.into());
        ids.into_iter().map(wanted).collect::<Vec<_>>()
    };
    let mut jobs = Vec::new();
    for _ in 0..1 + random.below(4) {
        let number = random.chance(75).then(|| *random.pick(&NUMBERS));
        let login = *random.pick(&LOGINS);
        let key = match number {
            Some(number) => identity.reference(&number.into()),
            None => identity.login(login),
        };
        if random.chance(15) {
            jobs.push(Job::new([key], Desired::absent()));
            continue;
        }
        let presence = match random.chance(20) {
            true => Presence::Existing,
            false => Presence::Create,
        };
        let desired = Desired {
            presence,
            external_ref: number.map_or(Patch::Keep, |number| Patch::Set(number.into())),
            enabled: random.chance(60).then(|| random.chance(60)),
            name: random
                .pick(&[Patch::Keep, Patch::Clear, Patch::Set("new".to_owned())])
                .clone(),
            terminals: match random.below(4) {
                0 => Members::Keep,
                1 => Members::Change {
                    add: keys(random.some(&macs(), 20)),
                    remove: keys(random.some(&macs(), 20)),
                },
                _ => Members::Exactly(keys(random.some(&macs(), 30))),
            },
            subscriptions: match random.below(4) {
                0 => Members::Keep,
                1 => Members::Change {
                    add: wanted(random.some(&["package:3"], 50)),
                    remove: vec![EndedSubscription {
                        subscription: SubscriptionKey::Package("package:2".into()),
                        end: End::Now,
                    }],
                },
                2 => Members::Exactly(wanted(vec!["plan:full", "package:3"])),
                _ => Members::Exactly(wanted(random.some(&["plan:basic", "package:2"], 50))),
            },
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

/// Plan, the steps by `after`, plan: nothing is left.
fn is_pure(users: &[Value], jobs: &[Job]) -> usize {
    let ministra = adapter();
    let stage = Stage::new(accounts(users));
    let lists = lists();
    let everybody = ClosedWorld::new(&ministra, stage.all());
    let context = Context::new(now(), Some(&lists), &everybody);
    let mut planned = 0;
    for job in jobs {
        let keys = |one: &MinistraRows| ministra.keys(one);
        let mut all = stage.all().into_iter();
        let mut present = all.find(|one| keys(one).contains(&job.find()[0]));
        if present.is_none() && job.wanted().presence != Presence::Create {
            continue;
        }
        let Ok(plan) = ministra.plan(present.as_ref(), job.wanted(), &context) else {
            continue;
        };
        for step in &plan.steps {
            present = ministra.after(present.as_ref(), step.write());
        }
        planned += 1;
        if job.wanted().presence == Presence::Absent {
            assert!(present.is_none());
            continue;
        }
        let again = ministra
            .plan(present.as_ref(), job.wanted(), &context)
            .unwrap();
        let names: Vec<_> = again.steps.iter().map(Step::name).collect();
        assert!(
            names.is_empty(),
            "after its own steps the plan of {job:?} has {names:?}"
        );
    }
    planned
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
    for (report, job) in run(server, &done).await.iter().zip(&done) {
        let shown = show(&report.outcome);
        assert!(
            report.outcome.is_done(),
            "{shown} when it is run again: {job:?}"
        );
    }
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

/// Returns `true` if another job may be about the same subscriber: which of the
/// two is right depends on how far the run came.
fn is_contradicted(server: &Server, jobs: &[Job], job: &Job) -> bool {
    let keys = |job: &Job| -> HashSet<Key> {
        let login = job.wanted().login.as_deref();
        let login = login.map(|login| server.ministra.identity().login(login));
        job.find().iter().cloned().chain(login).collect()
    };
    let own = keys(job);
    jobs.iter()
        .filter(|other| !own.is_disjoint(&keys(other)))
        .count()
        > 1
}

fn has_temporary(server: &Server) -> bool {
    let is_temporary = |user: &Value| {
        user["login"]
            .as_str()
            .is_some_and(|login| login.starts_with('_'))
    };
    server.users().iter().any(is_temporary)
}

#[derive(Default, Debug)]
struct Tally {
    done: usize,
    taken: usize,
    waits: usize,
    ambiguous: usize,
    refused: usize,
    unknown: usize,
    failed: usize,
    faults: usize,
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
            _ => &mut self.refused,
        } += 1;
    }
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
    are_as_forecast(&forecasts, &calm);
    inspect(&users, &quiet, &jobs, &calm, &own).await;
    assert!(!has_temporary(&quiet), "a temporary login has stayed");
    for report in &calm {
        tally.count(&report.outcome);
        let shown = show(&report.outcome);
        assert!(
            !matches!(
                report.outcome,
                Outcome::NotApplied { .. } | Outcome::Unknown { .. }
            ),
            "in calm weather: {shown}"
        );
    }
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
        are_as_forecast_in_a_storm(&forecasts, &reports);
        tally.faults += 1;
        inspect(&users, &storm, &jobs, &reports, &own).await;
        reports
            .iter()
            .for_each(|report| tally.count(&report.outcome));
        let healed = run(&storm, &jobs).await;
        for ((calm, healed), job) in calm.iter().zip(&healed).zip(&jobs) {
            assert!(
                !calm.outcome.is_done()
                    || healed.outcome.is_done()
                    || is_contradicted(&storm, &jobs, job),
                "{kind} at request {at}: {} when it is run again, for {:?}",
                show(&healed.outcome),
                job.wanted()
            );
        }
        assert!(
            !has_temporary(&storm),
            "a temporary login has stayed after {kind} at {at}"
        );
    }
}

#[test]
fn one_request_fails_and_nobody_loses_anything() {
    let set = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |text| text.parse::<u64>().unwrap())
    };
    let first = set("JSONSQL_MINISTRA_WORLDS_FIRST", 0);
    let worlds = set("JSONSQL_MINISTRA_WORLDS", 30);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut tally = Tally::default();
    for number in first..first + worlds {
        let mut one = Tally::default();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            runtime.block_on(world(number, &mut one));
        }));
        if let Err(panic) = outcome {
            eprintln!(
                "world {number}: JSONSQL_MINISTRA_WORLDS_FIRST={number} JSONSQL_MINISTRA_WORLDS=1"
            );
            std::panic::resume_unwind(panic);
        }
        tally.done += one.done;
        tally.taken += one.taken;
        tally.waits += one.waits;
        tally.ambiguous += one.ambiguous;
        tally.refused += one.refused;
        tally.unknown += one.unknown;
        tally.failed += one.failed;
        tally.faults += one.faults;
    }
    println!("{worlds} worlds: {tally:?}");
    assert!(
        worlds < 30 || tally.done > 0 && tally.taken > 0 && tally.failed > 0,
        "{tally:?}"
    );
}
