//! IPTVPORTAL, on the sandbox.

mod counts;
mod packages;
mod refusals;
mod stage;
mod table;
mod worlds;

use std::future::Future;
use std::time::Duration;

use jsonsql_client::Client;
use jsonsql_client::model::SubscriberId;
use jsonsql_client::provisioning::{Desired, Executor, IptvPortal, Job, Platform as _, Report};
use jsonsql_client::provisioning::{IptvPortalRows, Outcome};
use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

fn block_on_io<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

async fn sandbox() -> (Sandbox, IptvPortal) {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await.unwrap();
    let platform = IptvPortal::new(client(&sandbox));
    (sandbox, platform)
}

fn client(sandbox: &Sandbox) -> Client {
    Client::builder()
        .url(format!("{}/api", sandbox.url()))
        .credentials("admin", "adminpassword")
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .max_attempts(1)
        .build()
        .unwrap()
}

async fn rows(sandbox: &Sandbox, sql: &str) -> Value {
    json!(sandbox.query(sql).await.unwrap())
}

/// Runs one job about the subscriber with this number.
async fn run(platform: &IptvPortal, id: i64, wanted: Desired) -> Report<IptvPortalRows> {
    let key = platform.identity().id(&SubscriberId::from(id));
    let job = Job::new([key], wanted);
    let mut reports = Executor::new(platform).run(vec![job]).await;
    reports.pop().unwrap()
}

/// Asks again: nothing is left to do.
async fn is_settled(platform: &IptvPortal, id: i64, wanted: Desired) -> bool {
    let outcome = run(platform, id, wanted).await.outcome;
    matches!(
        outcome,
        Outcome::Done(jsonsql_client::provisioning::Change::Nothing)
    )
}
