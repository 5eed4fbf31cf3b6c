//! TVIP: plans as pure functions, and runs against the sandbox.

mod counts;
mod groups;
mod names;
mod odd;
mod runs;
mod table;
mod worlds;

use std::fmt::Write as _;
use std::time::Duration;

use jsonsql_client::ClientBuilder;
use jsonsql_client::model::{MacAddr, Patch, Timestamp};
use jsonsql_client::provisioning::{
    Desired, EndedSubscription, Executor, Identity, Job, Members, Platform, TerminalKey, Tvip,
    WantedSubscription,
};
use jsonsql_client::tvip::{self, Options, ProviderId};
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::tvip::{TvipBehavior, TvipOptions};
use serde_json::{Value, json};

use crate::mac;
use crate::outcome::show;

const NOW: &str = "2026-11-25T20:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn wanted(login: &str, reference: &str) -> Desired {
    Desired {
        external_ref: Patch::Set(reference.into()),
        ..Desired::create(login)
    }
}

fn macs(numbers: &[usize]) -> Vec<TerminalKey> {
    numbers
        .iter()
        .map(|number| TerminalKey::Mac(mac(*number)))
        .collect()
}

fn packages(packages: &[i64]) -> Members<WantedSubscription, EndedSubscription> {
    let wanted = packages
        .iter()
        .map(|package| WantedSubscription::new((*package).into()));
    Members::Exactly(wanted.collect())
}

fn unique_id(mac: MacAddr) -> String {
    mac.to_string().replace('-', ":").to_lowercase()
}

/// A device with a number that is its address's last part.
fn device(number: usize, account: Option<i64>) -> Value {
    json!({
        "id": number, "unique_id": unique_id(mac(number)), "account": account, "provider": 1,
    })
}

/// What one provider has: tariffs 2 to 4, of which 4 is not available.
fn state(accounts: Vec<Value>, devices: Vec<Value>) -> Value {
    json!({
        "administrator": {"provider": 1},
        "providers": [
            {"id": 1, "provider_name": "Own", "enabled": true},
            {"id": 2, "provider_name": "Other", "enabled": true},
        ],
        "tarifs": [
            {"id": 2, "tarif_name": "Two", "provider": 1, "enabled": true},
            {"id": 3, "tarif_name": "Three", "enabled": true},
            {"id": 4, "tarif_name": "Four", "provider": 1, "enabled": false},
        ],
        "device_types": [{"id": 1, "device_type": "S-Box"}],
        "accounts": accounts,
        "devices": devices,
    })
}

fn account(id: i64, login: &str, reference: &str) -> Value {
    json!({
        "id": id, "login": login, "remote_custom_field": reference, "provider": 1,
        "enabled": true,
    })
}

async fn sandbox(state: Value) -> Sandbox {
    sandbox_with(state, TvipBehavior::default()).await
}

async fn sandbox_with(state: Value, behavior: TvipBehavior) -> Sandbox {
    let options = TvipOptions::default().behavior(behavior);
    let sandbox = Sandbox::builder().tvip(options).start().await.unwrap();
    sandbox.tvip().load(state).unwrap();
    sandbox
}

fn builder(sandbox: &Sandbox) -> ClientBuilder<Options> {
    tvip::Tvip::builder()
        .url(sandbox.tvip_url())
        .credentials("admin", "adminpassword")
        .provider(ProviderId(1))
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .max_attempts(1)
}

/// At the time at which all of this happens.
fn platform(sandbox: &Sandbox) -> Tvip {
    Tvip::new(builder(sandbox).clock(|| time(NOW)).build().unwrap())
}

/// By the reference, then by the login.
fn job(identity: &Identity, wanted: Desired) -> Job {
    let reference = match &wanted.external_ref {
        Patch::Set(reference) => Some(identity.reference(reference)),
        _ => None,
    };
    let login = wanted.login.as_deref().map(|login| identity.login(login));
    Job::new(reference.into_iter().chain(login), wanted)
}

/// Everything that the server has of the provider's, in a line for each account.
fn shown(sandbox: &Sandbox) -> String {
    let state = sandbox.tvip().state();
    let rows = |table: &str| state[table].as_array().cloned().unwrap_or_default();
    let tail = |device: &Value| device["unique_id"].as_str().unwrap()[15..].to_owned();
    let held = |row: &Value| {
        let day = |field: &str| row[field].as_str().map(|text| text[5..10].to_owned());
        match day("stop") {
            Some(stop) => format!("{}:..{stop}", row["tarif"]),
            None => row["tarif"].to_string(),
        }
    };
    let of_device = |device: &Value| {
        let own = rows("device_subscriptions");
        let own: Vec<_> = own
            .iter()
            .filter(|row| row["device"] == device["id"])
            .map(held)
            .collect();
        match own.is_empty() {
            true => tail(device),
            false => format!("{}{{{}}}", tail(device), own.join(" ")),
        }
    };
    let mut text = String::new();
    let mut line = |name: String, id: &Value| {
        let devices = rows("devices");
        let devices: Vec<_> = devices
            .iter()
            .filter(|row| row["account"] == *id)
            .map(of_device)
            .collect();
        let packages = rows("account_subscriptions");
        let packages: Vec<_> = packages
            .iter()
            .filter(|row| row["account"] == *id)
            .map(held)
            .collect();
        let _ = writeln!(
            text,
            "  {name} [{}] {{{}}}",
            devices.join(" "),
            packages.join(" ")
        );
    };
    for row in rows("accounts") {
        let reference = row["remote_custom_field"]
            .as_str()
            .unwrap_or("-")
            .to_owned();
        let on = if row["enabled"] == true { "on" } else { "off" };
        line(
            format!("{} {reference} {on}", row["login"].as_str().unwrap()),
            &row["id"],
        );
    }
    line("nobody".to_owned(), &Value::Null);
    text
}

/// Previews and runs the jobs, and shows what became of them; a second run
/// writes nothing.
async fn run(sandbox: &Sandbox, tvip: &Tvip, jobs: &[Job]) -> String {
    let forecasts = Executor::new(tvip).preview(jobs.to_vec()).await;
    let reports = Executor::new(tvip).run(jobs.to_vec()).await;
    let mut text = String::new();
    for (forecast, report) in forecasts.iter().zip(&reports) {
        let outcome = show(&report.outcome);
        match forecast {
            Err(left) => {
                assert_eq!(show(left), outcome, "the forecast says otherwise");
                let _ = writeln!(text, "{outcome}");
            }
            Ok(forecast) => {
                let steps: Vec<_> = forecast.steps.iter().map(|step| step.name).collect();
                let _ = writeln!(text, "{outcome}: {}", steps.join("; "));
                for loss in &forecast.losses {
                    let _ = writeln!(text, "  loses {loss}");
                }
                for effect in &forecast.effects {
                    let _ = writeln!(text, "  effect {effect:?}");
                }
            }
        }
    }
    let then = sandbox.tvip().state();
    let done = jobs.iter().zip(&reports);
    let done = done.filter(|(_, report)| report.outcome.is_done());
    let again: Vec<Job> = done.map(|(job, _)| job.clone()).collect();
    Executor::new(tvip).run(again).await;
    assert_eq!(sandbox.tvip().state(), then, "a second run writes");
    text + &shown(sandbox)
}

fn key_of(tvip: &Tvip, login: &str) -> jsonsql_client::provisioning::Key {
    tvip.identity().login(login)
}
