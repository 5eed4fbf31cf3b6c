//! IPTVPORTAL.

use std::collections::BTreeMap;
use std::time::Duration;

use jsonsql_client::model::{MacAddr, PackageId};
use jsonsql_client::provisioning::{Adapter, Backend, IptvPortal};
use jsonsql_client::{Client, ClientBuilder};
use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::Value;

use crate::world::{Person, Truth, World};

pub(crate) struct Portal {
    pub(crate) sandbox: Sandbox,
    pub(crate) backend: Adapter<IptvPortal>,
}

impl World for Portal {
    async fn start(attempts: u32) -> Portal {
        let sandbox = Sandbox::builder().seed(Seed::Demo).start().await.unwrap();
        let client = client(&sandbox, attempts).page_rows(5).build().unwrap();
        let backend = Adapter::new(IptvPortal::new(client));
        Portal { sandbox, backend }
    }

    fn backend(&self) -> &dyn Backend {
        &self.backend
    }

    fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    fn route(&self) -> &'static str {
        "/api/jsonsql"
    }

    fn packages(&self) -> [PackageId; 3] {
        [1, 2, 3].map(PackageId::from)
    }

    async fn truth(&self) -> Truth {
        let rows = self.rows("SELECT * FROM subscriber ORDER BY id").await;
        let mut logins = BTreeMap::new();
        let mut people = BTreeMap::new();
        for row in rows {
            let login = text(&row["username"]).unwrap();
            logins.insert(row["id"].as_i64().unwrap(), login.clone());
            people.insert(login, person(row));
        }
        let mut truth = Truth {
            people,
            free: [].into(),
            orphans: Vec::new(),
        };
        for row in self.rows("SELECT * FROM terminal ORDER BY id").await {
            let mac: MacAddr = text(&row["mac_addr"]).unwrap().parse().unwrap();
            match row["subscriber_id"].as_i64() {
                None => assert!(truth.free.insert(mac), "two rows of {mac}"),
                Some(id) => match logins.get(&id) {
                    Some(login) => {
                        let person = truth.people.get_mut(login).unwrap();
                        assert!(person.terminals.insert(mac), "two rows of {mac}");
                    }
                    None => truth.orphans.push(format!("terminal {mac}")),
                },
            }
        }
        for row in self.rows("SELECT * FROM subscriber_package").await {
            let Some(login) = logins.get(&row["subscriber_id"].as_i64().unwrap()) else {
                truth.orphans.push("subscriber_package".to_owned());
                continue;
            };
            let package = PackageId::from(row["package_id"].as_i64().unwrap());
            if row["enabled"] == 1 {
                let person = truth.people.get_mut(login).unwrap();
                assert!(person.packages.insert(package), "a package twice");
            }
        }
        truth
    }

    fn stored(&self, password: &str) -> Option<String> {
        Some(password.to_owned())
    }
}

pub(crate) fn client(sandbox: &Sandbox, attempts: u32) -> ClientBuilder {
    Client::builder()
        .url(format!("{}/api", sandbox.url()))
        .credentials("admin", "adminpassword")
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .max_attempts(attempts)
        .retry_budget(1_000_000)
}

impl Portal {
    /// The rows with the names of their columns.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<serde_json::Map<String, Value>> {
        let table = sql.split(' ').nth(3).unwrap();
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = self.sandbox.query(&columns).await.unwrap();
        let named = |row: Vec<Value>| {
            let names = columns.iter().map(|column| text(&column[0]).unwrap());
            names.zip(row).collect()
        };
        let rows = self.sandbox.query(sql).await.unwrap();
        rows.into_iter().map(named).collect()
    }
}

fn person(mut row: serde_json::Map<String, Value>) -> Person {
    let mut take = |column: &str| text(&row.remove(column).unwrap());
    let parts = ["surname", "first_name", "middle_name"].map(&mut take);
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    take("username");
    Person {
        password: take("password"),
        external_ref: take("billing"),
        name: Some(name).filter(|name| !name.is_empty()),
        email: take("email"),
        phone: take("phone"),
        address: take("address"),
        note: None,
        enabled: row.remove("disabled").unwrap() == 0,
        device_limit: row
            .remove("max_terminal")
            .and_then(|limit| limit.as_u64())
            .map(|limit| limit.try_into().unwrap()),
        unmanaged: Value::from(row).to_string(),
        ..Person::default()
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
