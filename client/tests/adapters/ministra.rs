//! Ministra.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jsonsql_client::ministra;
use jsonsql_client::model::{MacAddr, PackageId};
use jsonsql_client::provisioning::{Adapter, Backend, Ministra};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::MinistraSeed;
use serde_json::{Map, Value, json};

use crate::world::{Accounts, Person, Truth, World, mac};

pub(crate) struct Stalker {
    sandbox: Sandbox,
    backend: Adapter<Ministra>,
}

/// A default plan with three optional packages, one of which has no external
/// id; somebody with two boxes, somebody without account number, somebody with
/// one too long for most resources.
fn seed() -> Value {
    let package = |id: u32, external: &str| {
        json!({"id": id, "external_id": external, "name": format!("P{id}"), "description": null,
            "type": "tv", "all_services": 0, "service_type": "periodic", "rent_duration": 0,
            "price": 1, "services": ["1"]})
    };
    let within = |tariff: u32, package: u32, optional: u32| json!({"tariff": tariff, "package": package, "optional": optional});
    json!({
        "tariffs": [
            {"id": 1, "external_id": "basic", "name": "Basic", "user_default": true},
            {"id": 2, "external_id": "full", "name": "Full", "user_default": false},
        ],
        "packages": [package(1, "base"), package(2, "sport"), package(3, "kids"), package(4, "")],
        "package_in_tariff": [
            within(1, 1, 0), within(1, 2, 1), within(1, 3, 1), within(1, 4, 1),
            within(2, 1, 0), within(2, 2, 0), within(2, 3, 0),
        ],
        "channels": [{"id": 1, "name": "First", "number": 7, "base_ch": 1, "hd": 0, "on": true}],
        "users": [
            {"id": 1, "login": "12345", "ls": "12345", "mac": "00:1A:79:00:00:01", "full_name": "Anna Petrova", "optional_packages": [2], "account_balance": "120 UAH"},
            {"id": 2, "login": "12345-2", "ls": "12345", "mac": "00:1A:79:00:00:02", "full_name": "Anna Petrova, bedroom", "optional_packages": [2, 3]},
            {"id": 3, "login": "alone", "ls": "", "mac": "00:1A:79:00:00:03", "status": 0},
            {"id": 4, "login": "contract", "ls": "CONTRACT-2026-0001", "mac": "00:1A:79:00:00:04", "tariff": 2, "comment": "long"},
        ],
    })
}

impl Stalker {
    /// A server that has added a box by itself: an account with nothing but its address.
    pub(crate) async fn with_an_added_box(mac: &str) -> Stalker {
        let mut seed = seed();
        let added = json!({"id": 5, "login": "", "ls": "", "mac": mac});
        seed["users"].as_array_mut().unwrap().push(added);
        Stalker::of(seed, 1).await
    }

    async fn of(seed: Value, attempts: u32) -> Stalker {
        let sandbox = Sandbox::builder()
            .ministra_seed(MinistraSeed::Json(seed.to_string()))
            .start()
            .await
            .unwrap();
        let client = ministra::Ministra::builder()
            .url(sandbox.ministra_url())
            .credentials("stalker", "secret_pass")
            .backoff(Duration::from_millis(1), Duration::from_millis(5))
            .max_attempts(attempts)
            .retry_budget(1_000_000)
            .build()
            .unwrap();
        let backend = Adapter::new(Ministra::new(client));
        Stalker { sandbox, backend }
    }
}

impl World for Stalker {
    async fn start(attempts: u32) -> Stalker {
        Stalker::of(seed(), attempts).await
    }

    fn backend(&self) -> &dyn Backend {
        &self.backend
    }

    fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    fn route(&self) -> &'static str {
        "/stalker_portal"
    }

    fn packages(&self) -> [PackageId; 3] {
        [2, 3, 4].map(|number| PackageId::new(format!("package:{number}")))
    }

    async fn truth(&self) -> Truth {
        let state = self.sandbox.ministra().state();
        let rows = state["users"].as_array().unwrap();
        let rows = rows.iter().map(|row| row.as_object().unwrap());
        let mut groups = BTreeMap::<String, Vec<&Map<String, Value>>>::new();
        for row in rows.clone() {
            let key = match text(row, "ls") {
                Some(number) => number.to_lowercase(),
                None => format!("login {}", row["login"]),
            };
            groups.entry(key).or_default().push(row);
        }
        let mut truth = Truth {
            people: BTreeMap::new(),
            free: [].into(),
            orphans: Vec::new(),
        };
        let mut boxes = BTreeSet::new();
        for mut group in groups.into_values() {
            group.sort_by_key(|row| row["login"].as_str().unwrap().len());
            let login = text(group[0], "login").unwrap();
            for row in &group {
                let written = text(row, "mac");
                assert!(written.is_none_or(|mac| boxes.insert(mac)), "a box twice");
                // What was made for a box must not be left alone.
                let of = text(row, "login").unwrap();
                if let Some((first, "2" | "3")) = of.rsplit_once('-')
                    && first != login
                {
                    truth.orphans.push(of);
                }
            }
            truth.people.insert(login, person(&group));
        }
        let ids: BTreeSet<_> = rows.map(|row| row["id"].as_u64()).collect();
        for record in state["channel_subscriptions"].as_array().unwrap() {
            if !ids.contains(&record["user"].as_u64()) {
                truth.orphans.push(record.to_string());
            }
        }
        truth
    }

    fn stored(&self, _: &str) -> Option<String> {
        None
    }

    /// A login, compared by MySQL: blanks at the end do not count, nor does case.
    fn is_same_id(&self, one: &str, other: &str) -> bool {
        let folded = |text: &str| text.trim_end_matches(' ').to_lowercase();
        folded(one) == folded(other)
    }

    fn accounts(&self) -> Accounts {
        let state = self.sandbox.ministra().state();
        let rows = state["users"].as_array().unwrap().iter();
        let account = |row: &Value| {
            let row = row.as_object().unwrap();
            let mac = text(row, "mac").map(|mac| mac.parse().unwrap());
            let packages = row["optional_packages"].as_array().unwrap().iter();
            let packages = packages.map(|id| PackageId::new(format!("package:{id}")));
            (text(row, "login").unwrap(), (mac, packages.collect()))
        };
        rows.map(account).collect()
    }

    fn restarts(&self) -> BTreeMap<MacAddr, usize> {
        // Of all boxes there may be: one that is nobody's now has a past.
        let boxes = (0..=120).map(mac);
        let reboots = |mac: MacAddr| {
            let written = mac.to_string().replace('-', ":");
            (mac, self.sandbox.ministra().reboots(&written))
        };
        let restarts = boxes.map(reboots).filter(|(_, count)| *count > 0);
        let restarts = restarts.collect();
        self.sandbox.ministra().take_events();
        restarts
    }
}

fn person(rows: &[&Map<String, Value>]) -> Person {
    let first = rows[0];
    let mut rest = first.clone();
    for managed in [
        "mac",
        "ls",
        "login",
        "full_name",
        "phone",
        "status",
        "comment",
        "optional_packages",
    ] {
        rest.remove(managed);
    }
    let packages = rows
        .iter()
        .flat_map(|row| row["optional_packages"].as_array().unwrap());
    let macs = rows.iter().filter_map(|row| text(row, "mac"));
    Person {
        enabled: rows.iter().any(|row| row["status"] == 1),
        external_ref: text(first, "ls"),
        name: text(first, "full_name"),
        phone: text(first, "phone"),
        note: text(first, "comment"),
        terminals: macs.map(|mac| mac.parse().unwrap()).collect(),
        packages: packages
            .map(|id| PackageId::new(format!("package:{id}")))
            .collect(),
        unmanaged: Value::Object(rest).to_string(),
        ..Person::default()
    }
}

fn text(row: &Map<String, Value>, column: &str) -> Option<String> {
    let text = row[column].as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}
