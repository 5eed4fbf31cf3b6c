//! Lists that are read for a run of many groups of jobs.

use jsonsql_client::model::Patch;
use jsonsql_client::provisioning::sync::{Removal, WantedRow, compare};
use jsonsql_client::provisioning::{Desired, Key, Members, Platform, Tvip};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::json;

use super::{account, macs, packages, platform, sandbox, state, unique_id};
use crate::{block_on, mac};

/// The number of subscribers, and of those that are planned at a time.
const ALL: usize = 80;
const AT_ONCE: usize = 20;

/// Returns how often each list of everybody was read, and how many requests wrote.
fn reads(sandbox: &Sandbox) -> String {
    let requests = sandbox.take_requests();
    let lists = [
        "accounts",
        "devices",
        "account_subscriptions",
        "device_subscriptions",
        "account_network",
        "tarifs",
    ];
    let gets = requests.iter().filter(|one| one.verb == "GET");
    let names: Vec<&str> = gets
        .map(|one| one.path.trim_start_matches("/api/provider/"))
        .collect();
    let count = |list: &&str| names.iter().filter(|name| *name == list).count();
    let counts: Vec<String> = lists
        .iter()
        .map(|list| format!("{list} {}", count(list)))
        .collect();
    let single = names.iter().filter(|name| !lists.contains(name)).count();
    let writes = requests.len() - names.len();
    format!("{}; single {single}; writes {writes}", counts.join(", "))
}

/// Three kinds of rows: of one who is there, of one who is there and gets a box that is
/// nobody's, of one who is new and has a new box.
fn wanted() -> Vec<WantedRow> {
    let row = |number: usize| {
        let mut desired = Desired {
            external_ref: Patch::Set(format!("c{number}").as_str().into()),
            name: Patch::Set(format!("Name {number}")),
            subscriptions: packages(&[2]),
            ..Desired::create(format!("u{number}"))
        };
        if !number.is_multiple_of(4) {
            desired.terminals = Members::Exactly(macs(&[number]));
        }
        WantedRow::new(number as u64, desired)
    };
    (1..=ALL).map(row).collect()
}

async fn server() -> (Sandbox, Tvip) {
    let there = |number: &usize| number % 4 < 3;
    let accounts = (1..=ALL).filter(there).map(|number| {
        let id = i64::try_from(number).unwrap();
        account(id, &format!("u{number}"), &format!("c{number}"))
    });
    let free = (1..=ALL).filter(|number| number % 4 == 1).map(|number| {
        json!({
            "id": number, "unique_id": unique_id(mac(number)), "account": null, "provider": 1,
        })
    });
    let sandbox = sandbox(state(accounts.collect(), free.collect())).await;
    let tvip = platform(&sandbox);
    sandbox.take_requests();
    (sandbox, tvip)
}

/// Once to compare and once to apply, which has to see whether anything has changed
/// since: not once more for each of the groups.
#[test]
fn a_run_reads_the_lists_of_everybody_once_however_many_groups_it_has() {
    block_on(async {
        let mut shown = Vec::new();
        for at_once in [ALL, AT_ONCE] {
            let (sandbox, tvip) = server().await;
            let comparison = compare(&tvip, wanted(), &Removal::Nothing).await.unwrap();
            let schedule = comparison.at_once(at_once).forecast(&tvip).await;
            assert_eq!((schedule.items().len(), schedule.left()), (ALL, &[][..]));
            let planned = reads(&sandbox);
            let forecast_by = |name| {
                let forecasts = schedule
                    .items()
                    .iter()
                    .filter_map(|item| item.forecast.as_ref());
                let steps = forecasts.flat_map(|forecast| &forecast.steps);
                steps.filter(|step| step.name == name).count()
            };
            let (bound, created) = ("bind the device", "create the device");
            assert_eq!(
                (forecast_by(bound), forecast_by(created)),
                (ALL / 4, ALL / 2)
            );
            let applied = schedule.apply(&tvip).await;
            assert!(applied.is_complete(), "{applied}");
            shown.push(format!("{planned}\n{}", reads(&sandbox)));

            let again = compare(&tvip, wanted(), &Removal::Nothing).await.unwrap();
            assert!(again.forecast(&tvip).await.items().is_empty());
        }
        insta::assert_snapshot!(shown[0], @r"
        accounts 1, devices 1, account_subscriptions 1, device_subscriptions 1, account_network 1, tarifs 1; single 0; writes 0
        accounts 1, devices 1, account_subscriptions 1, device_subscriptions 1, account_network 1, tarifs 0; single 0; writes 220
        ");
        assert_eq!(shown[1], shown[0], "in groups");
    });
}

/// The bound on memory: of twenty groups the lists are read twice.
#[test]
fn rows_of_ten_groups_are_held_at_a_time() {
    block_on(async {
        let (sandbox, tvip) = server().await;
        let comparison = compare(&tvip, wanted(), &Removal::Nothing).await.unwrap();
        let schedule = comparison.at_once(ALL / 20).forecast(&tvip).await;
        reads(&sandbox);
        assert!(schedule.apply(&tvip).await.is_complete());
        let applied = reads(&sandbox);
        assert!(applied.starts_with("accounts 2, devices 2, "), "{applied}");
    });
}

/// A subscriber that has changed in between is left, in whatever group it is.
#[test]
fn what_was_loaded_for_several_groups_is_compared_with_the_plan() {
    block_on(async {
        let (sandbox, tvip) = server().await;
        let comparison = compare(&tvip, wanted(), &Removal::Nothing).await.unwrap();
        let schedule = comparison.at_once(AT_ONCE).forecast(&tvip).await;
        let mut state = sandbox.tvip().state();
        let changed = state["accounts"].as_array_mut().unwrap();
        for login in ["u2", "u78"] {
            let account = changed.iter_mut().find(|row| row["login"] == login);
            account.unwrap()["enabled"] = json!(false);
        }
        sandbox.tvip().load(state).unwrap();
        let applied = schedule.apply(&tvip).await;
        let left: Vec<&str> = (applied.reports.iter())
            .filter(|(_, report)| !report.outcome.is_done())
            .map(|(item, _)| item.login.as_str())
            .collect();
        assert_eq!(left, ["u2", "u78"]);
    });
}

/// Every ninth request is made and its answer lost, in whatever group it is: the next run
/// finds what is missing, and nothing is there twice.
#[test]
fn lost_answers_in_groups_make_nothing_twice() {
    block_on(async {
        let (sandbox, tvip) = server().await;
        let comparison = compare(&tvip, wanted(), &Removal::Nothing).await.unwrap();
        let schedule = comparison.at_once(AT_ONCE).forecast(&tvip).await;
        let rule = Rule::new("/api/provider", Fault::Drop).every(9);
        sandbox.set_faults(Faults::seeded(1).rule(rule));
        let applied = schedule.apply(&tvip).await;
        assert!(!applied.is_complete(), "no answer was lost");
        sandbox.set_faults(Faults::seeded(1));

        let again = compare(&tvip, wanted(), &Removal::Nothing).await.unwrap();
        let again = again.at_once(AT_ONCE).forecast(&tvip).await;
        assert!(again.apply(&tvip).await.is_complete());
        let state = sandbox.tvip().state();
        let count = |list: &str| state[list].as_array().unwrap().len();
        let there = ["accounts", "devices", "account_subscriptions"].map(count);
        assert_eq!(there, [ALL, ALL / 4 * 3, ALL]);
    });
}

/// Of a server with long lists more subscribers are looked up one by one: here a page
/// has two rows, and 80 subscribers are a hundred pages.
#[test]
fn a_few_of_many_are_looked_up_by_themselves() {
    block_on(async {
        let (sandbox, _) = server().await;
        let raw = super::builder(&sandbox).page_rows(2).build().unwrap();
        let tvip = Tvip::new(raw);
        let keys = |count: usize| -> Vec<Key> {
            let logins = (1..=count).map(|number| format!("u{number}"));
            logins.map(|login| tvip.identity().login(&login)).collect()
        };
        let lists = || {
            let requests = sandbox.take_requests();
            let lists = requests
                .iter()
                .filter(|one| one.path.ends_with("/account_network"));
            (requests.len(), lists.count())
        };
        tvip.load(&keys(12)).await.unwrap();
        let (all, _) = lists();
        assert!(all > 60, "{all}");
        tvip.load(&keys(12)).await.unwrap();
        let (few, networks) = lists();
        assert!(few < all, "{few} of {all}");
        assert_eq!(networks, 9, "one for each of those that are there");
        tvip.load(&keys(40)).await.unwrap();
        assert_eq!(lists().0, all);
    });
}
