//! What every exchange recorded from a real 4.9.35 changed in its database,
//! against what the same exchange changes here.

use std::collections::BTreeMap;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::BoxEvent;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::configured;
use crate::replay::{exchanges, options, replay};

#[derive(Deserialize)]
struct Effects {
    n: u32,
    effects: Vec<Effect>,
}

/// What became of one account in one table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Effect {
    table: String,
    user: i64,
    /// What was there and what is, of tables other than `users` and of rows that
    /// came or went.
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Value,
    /// The columns of a row that differ.
    #[serde(default)]
    changed: Map<String, Value>,
}

/// Per table and account, what the database has.
type Database = BTreeMap<(String, i64), Value>;

fn recorded() -> Vec<Effects> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-effects.jsonl"
    );
    let lines = std::fs::read_to_string(path).unwrap();
    let lines = lines.lines().map(serde_json::from_str);
    lines.map(Result::unwrap).collect()
}

/// The tables that the recordings look at, as they name them.
fn database(sandbox: &Sandbox) -> Database {
    let state = sandbox.ministra().state();
    let mut database = Database::new();
    let mut put = |table: &str, user: i64, value: Value| {
        if !value.is_null() {
            database.insert((table.to_owned(), user), value);
        }
    };
    for user in state["users"].as_array().unwrap() {
        let id = user["id"].as_i64().unwrap();
        let column = |name: &str| user[name].clone();
        let row = json!({
            "mac": column("mac"),
            "account_number": column("ls"),
            "login": column("login"),
            "full_name": column("full_name"),
            "phone": column("phone"),
            "status": column("status"),
            "additional_services_on": column("additional_services_on"),
            "tariff_id": column("tariff"),
            "comment": column("comment"),
            "account_balance": column("account_balance"),
            "end_date": column("end_date"),
        });
        put("users", id, row);
        let packages = user["optional_packages"].clone();
        let some = packages.as_array().is_some_and(|all| !all.is_empty());
        put(
            "user_package_subscription",
            id,
            if some { packages } else { Value::Null },
        );
        if user["disabled"] != user["restricted"] || !user["disabled"].is_null() {
            let modules =
                json!({"disabled": column("disabled"), "restricted": column("restricted")});
            put("user_modules", id, modules);
        }
        let events = sandbox.ministra().inbox_of(id);
        let events: Vec<Value> = events.iter().map(event).collect();
        put(
            "events",
            id,
            if events.is_empty() {
                Value::Null
            } else {
                events.into()
            },
        );
    }
    for record in state["channel_subscriptions"].as_array().unwrap() {
        let user = record["user"].as_i64().unwrap();
        put(
            "itv_subscription",
            user,
            json!({"sub_ch": record["channels"]}),
        );
    }
    database
}

fn event(event: &BoxEvent) -> Value {
    json!({
        "event": event.event,
        "msg": event.msg,
        "param1": event.video,
        "need_confirm": i32::from(event.need_confirm),
        "reboot_after_ok": i32::from(event.reboot_after_ok),
        "auto_hide_timeout": event.auto_hide_timeout.unwrap_or(0),
        "ttl": event.ttl,
    })
}

fn difference(before: &Database, after: &Database) -> Vec<Effect> {
    let mut keys: Vec<_> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut effects = Vec::new();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        if was == is {
            continue;
        }
        let mut effect = Effect {
            table: key.0.clone(),
            user: key.1,
            before: was.cloned().unwrap_or_default(),
            after: is.cloned().unwrap_or_default(),
            changed: Map::new(),
        };
        if key.0 == "users" && was.is_some() && is.is_some() {
            let was = effect.before.take();
            let is = effect.after.take();
            for (name, is) in is.as_object().unwrap() {
                if was[name] != *is {
                    effect.changed.insert(name.clone(), json!([was[name], is]));
                }
            }
        }
        effects.push(effect);
    }
    effects
}

#[tokio::test]
async fn every_recorded_exchange_leaves_what_it_left_on_the_server() {
    let recorded = recorded();
    let exchanges = exchanges();
    assert_eq!((recorded.len(), exchanges.len()), (266, 266));
    let mut different = Vec::new();
    let all: Vec<_> = exchanges.iter().zip(&recorded).collect();
    for group in all.chunk_by(|(a, _), (b, _)| a.group == b.group) {
        let sandbox = configured(options()).await;
        let mut before = database(&sandbox);
        for (exchange, recorded) in group {
            assert_eq!(exchange.n, recorded.n);
            replay(&sandbox, &exchange.request).await;
            let after = database(&sandbox);
            let mut here = difference(&before, &after);
            let mut there = recorded.effects.clone();
            here.sort_by_key(|effect| (effect.table.clone(), effect.user));
            there.sort_by_key(|effect| (effect.table.clone(), effect.user));
            if here != there {
                different.push(format!(
                    "{} {} {}\n  here     {here:?}\n  recorded {there:?}",
                    exchange.n, exchange.request.method, exchange.request.path,
                ));
            }
            before = after;
        }
    }
    assert!(
        different.is_empty(),
        "{} of 266 differ:\n{}",
        different.len(),
        different.join("\n")
    );
}
