//! TVIP.

use std::collections::BTreeMap;
use std::time::Duration;

use jsonsql_client::model::{MacAddr, PackageId, Timestamp};
use jsonsql_client::provisioning::{Adapter, Backend, Tvip};
use jsonsql_client::tvip::{self, OffsetDateTime, ProviderId};
use jsonsql_sandbox::Sandbox;
use serde_json::Value;

use crate::world::{Person, Truth, World};

/// Provider 1 of the demo; provider 2 is somebody else's, with a login that
/// provider 1 has too.
pub(crate) struct TvipWorld {
    sandbox: Sandbox,
    backend: Adapter<Tvip>,
}

impl World for TvipWorld {
    async fn start(attempts: u32) -> TvipWorld {
        let sandbox = Sandbox::builder().start().await.unwrap();
        let client = tvip::Tvip::builder()
            .url(sandbox.tvip_url())
            .credentials("admin", "adminpassword")
            .provider(ProviderId(1))
            .backoff(Duration::from_millis(1), Duration::from_millis(5))
            .max_attempts(attempts)
            .retry_budget(1_000_000)
            .page_rows(3)
            .build()
            .unwrap();
        let backend = Adapter::new(Tvip::new(client));
        TvipWorld { sandbox, backend }
    }

    fn backend(&self) -> &dyn Backend {
        &self.backend
    }

    fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    fn route(&self) -> &'static str {
        "/api/provider"
    }

    fn packages(&self) -> [PackageId; 3] {
        [2, 3, 4].map(PackageId::from)
    }

    async fn truth(&self) -> Truth {
        let state = self.sandbox.tvip().state();
        let rows = |table: &str| state[table].as_array().cloned().unwrap_or_default();
        let mut truth = Truth {
            people: BTreeMap::new(),
            free: [].into(),
            orphans: Vec::new(),
        };
        let mut logins = BTreeMap::new();
        for account in rows("accounts") {
            if account["provider"] != 1 {
                // Nobody may touch them, whatever the test.
                truth
                    .orphans
                    .push(format!("of another provider: {account}"));
                continue;
            }
            let login = account["login"].as_str().unwrap().to_owned();
            logins.insert(account["id"].as_i64().unwrap(), login.clone());
            truth.people.insert(login, person(account));
        }
        let mut owners = BTreeMap::new();
        for mut device in rows("devices") {
            let mac = device["unique_id"].as_str().unwrap().parse::<MacAddr>();
            let id = device["id"].as_i64().unwrap();
            if device["provider"] != 1 {
                truth.orphans.push(format!("of another provider: {device}"));
                continue;
            }
            let Some(account) = device["account"].as_i64() else {
                assert!(truth.free.insert(mac.unwrap()));
                continue;
            };
            let Some(login) = logins.get(&account) else {
                truth.orphans.push(format!("device {id}"));
                continue;
            };
            owners.insert(id, login.clone());
            let person = truth.people.get_mut(login).unwrap();
            match mac {
                Ok(mac) => assert!(person.terminals.insert(mac), "two devices {mac}"),
                Err(_) => person.unmanaged += &device.take().to_string(),
            }
        }
        let mut hold = |table: &str, key: &str, owners: &BTreeMap<i64, String>| {
            for row in rows(table) {
                let owner = row[key].as_i64().unwrap();
                let Some(login) = owners.get(&owner) else {
                    if table == "account_subscriptions" && owner == 5 {
                        truth.orphans.push(format!("of another provider: {row}"));
                    } else {
                        truth.orphans.push(format!("{table}: {row}"));
                    }
                    continue;
                };
                let person = truth.people.get_mut(login).unwrap();
                if is_active(&row) {
                    person
                        .packages
                        .insert(row["tarif"].as_i64().unwrap().into());
                }
            }
        };
        hold("account_subscriptions", "account", &logins);
        hold("device_subscriptions", "device", &owners);
        truth
    }

    fn stored(&self, password: &str) -> Option<String> {
        Some(format!("{:x}", md5::compute(password)))
    }
}

fn is_active(row: &Value) -> bool {
    let time = |field: &str| {
        let text = row[field].as_str();
        text.map(|text| text.parse::<OffsetDateTime>().unwrap().at())
    };
    let now = Timestamp::now();
    time("start").unwrap() <= now && time("stop").is_none_or(|stop| stop > now)
}

fn person(mut account: Value) -> Person {
    let fields = account.as_object_mut().unwrap();
    for field in ["login", "id", "created", "updated"] {
        fields.remove(field);
    }
    let mut take = |field: &str| fields.remove(field).unwrap();
    let text = |value: Value| value.as_str().map(str::to_owned);
    Person {
        enabled: take("enabled").as_bool().unwrap(),
        password: text(take("pin_md5")),
        external_ref: text(take("remote_custom_field")),
        name: text(take("fullname")),
        address: text(take("main_address")),
        note: text(take("account_desc")),
        device_limit: take("devices_per_account_limit")
            .as_u64()
            .map(|limit| limit.try_into().unwrap()),
        unmanaged: account.to_string(),
        ..Person::default()
    }
}
