//! What is there after the last kill.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::writer::{Name, State, Surface, Written};
use crate::http::{Client, rest};

/// Reads everything on all surfaces; fails for a thing that is half done.
pub(super) async fn read(address: SocketAddr) -> BTreeMap<Name, State> {
    let mut found = BTreeMap::new();
    packages(address, &mut found).await;
    accounts(address, &mut found).await;
    devices(address, &mut found).await;
    found
}

/// Fails if anything is not as it was acknowledged.
pub(super) fn compare(written: &Written, found: &BTreeMap<Name, State>) {
    for (name, allowed) in &written.things {
        let state = found.get(name).copied().unwrap_or(State::Absent);
        assert!(
            allowed.contains(&state),
            "{name:?}: {state:?}, not {allowed:?}"
        );
    }
    for name in found.keys() {
        assert!(
            written.things.contains_key(name),
            "{name:?}: written by nobody"
        );
    }
}

fn state(changed: bool) -> State {
    match changed {
        true => State::Changed,
        false => State::Created,
    }
}

async fn packages(address: SocketAddr, found: &mut BTreeMap<Name, State>) {
    let client = Client::login_at(address).await;
    let all = json!({"data": ["name", "paid"], "from": "package", "order_by": "name"});
    let rows = client.select(all).await;
    for three in rows.as_array().unwrap().chunks(3) {
        let (numbers, paid): (Vec<_>, Vec<_>) = three
            .iter()
            .map(|row| (row[0].as_str().unwrap().split('-').next().unwrap(), &row[1]))
            .unzip();
        let whole = three.len() == 3
            && numbers.iter().all(|number| *number == numbers[0])
            && paid.iter().all(|value| *value == paid[0]);
        assert!(whole, "half done: {three:?}");
        let name = (Surface::Iptvportal, numbers[0].parse().unwrap());
        found.insert(name, state(*paid[0] == json!(true)));
    }
}

async fn accounts(address: SocketAddr, found: &mut BTreeMap<Name, State>) {
    let list = list(address, "/stalker_portal/api/accounts").await;
    for account in list["results"].as_array().unwrap() {
        let number = account["account_number"].as_str().unwrap();
        assert_eq!(account["login"], json!(format!("m{number}")));
        let name = (Surface::Ministra, number.parse().unwrap());
        found.insert(name, state(account["status"] == json!(0)));
    }
}

async fn devices(address: SocketAddr, found: &mut BTreeMap<Name, State>) {
    let accounts = list(address, "/api/provider/accounts?limit=0").await;
    let devices = list(address, "/api/provider/devices?limit=0").await;
    let mut devices: BTreeMap<String, Value> = devices["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| (text(&device["unique_id"]), device["account"].clone()))
        .collect();
    for account in accounts["data"].as_array().unwrap() {
        let login = text(&account["login"]);
        let device = devices.remove(&login);
        if let Some(of) = &device {
            assert_eq!(of, &account["id"], "the device {login}");
        }
        let name = (Surface::Tvip, login.parse().unwrap());
        found.insert(name, state(device.is_some()));
    }
    assert!(
        devices.is_empty(),
        "devices without their accounts: {devices:?}"
    );
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn list(address: SocketAddr, path: &str) -> Value {
    let (status, body) = rest(address, "GET", path, "").await.unwrap();
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}
