//! The client that waits.

use std::time::Duration;

use jsonsql::Statement as _;
use jsonsql::ast::Method;
use jsonsql_client::blocking::{self, Client};
use jsonsql_client::model::{MacAddr, NewSubscriber, SubscriberKey};
use jsonsql_client::provisioning::{Adapter, IptvPortal, Ministra, Operation, Tvip};
use jsonsql_client::{Error, TransportErrorKind, ministra, tvip};
use jsonsql_sandbox::Sandbox;
use serde_json::json;

use crate::server::{Server, Step};
use crate::tables::{Subscriber, ids, new_subscriber};

#[test]
fn calls_are_waited_for_without_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let client = Client::new(server.client()).unwrap();
    server.on_call(Step::result(&json!([3, 4])));
    assert_eq!(client.fetch_all(&ids()).unwrap(), [3, 4]);
    server.on_call(Step::result(&json!([[5]])));
    assert_eq!(client.fetch_one(&ids()).unwrap(), 5);
    assert_eq!(client.fetch_optional(&ids()).unwrap(), None);
    server.on_call(Step::result(&json!([9])));
    assert_eq!(client.execute(&new_subscriber()).unwrap(), [9]);
    server.on_call(Step::result(&json!([9])));
    let inserted = client.insert_many(&new_subscriber()).unwrap();
    assert_eq!(inserted.all().unwrap(), [9]);

    server.on_call(Step::result(&json!([[1, "x"]])));
    let rows = client
        .raw_json(Method::Select, &json!({"any": "thing"}))
        .unwrap();
    assert_eq!(json!(rows), json!([[1, "x"]]));
    server.on_call(Step::result(&json!([[2]])));
    assert_eq!(json!(client.raw(ids().ast()).unwrap()), json!([[2]]));

    server.on_call(Step::result(&json!([[1, "a", null, false, 1]])));
    let rows: Result<Vec<_>, _> = client.stream(&Subscriber::all()).collect();
    assert_eq!(rows.unwrap()[0].username, "a");

    server.on_call(Step::result(&json!([])).after(Duration::from_secs(9)));
    let ids = ids();
    let call = client.calls().fetch_all(&ids);
    let late = client.wait(call.timeout(Duration::from_millis(50)));
    assert!(
        matches!(late, Err(Error::Transport(error)) if error.kind() == TransportErrorKind::Timeout)
    );
}

#[test]
fn threads_share_one_client_and_it_may_end_inside_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let client = Client::new(server.client()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..20).for_each(|_| drop(client.fetch_all(&ids()).unwrap())));
        }
    });
    assert_eq!((server.logins().len(), server.calls().len()), (1, 160));
    runtime.block_on(async move { drop(client) });
}

/// A local server of all three vendors, with nobody on it.
fn sandbox() -> (tokio::runtime::Runtime, Sandbox) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::builder().start()).unwrap();
    (runtime, sandbox)
}

fn ministra(sandbox: &Sandbox) -> ministra::Ministra {
    let ministra = ministra::Ministra::builder().url(sandbox.ministra_url());
    let ministra = ministra.credentials("stalker", "secret_pass");
    ministra.build().unwrap()
}

fn tvip(sandbox: &Sandbox) -> tvip::Tvip {
    let tvip = tvip::Tvip::builder().url(sandbox.tvip_url());
    tvip.credentials("admin", "adminpassword").build().unwrap()
}

#[test]
fn the_two_rest_platforms_are_waited_for() {
    let (_runtime, sandbox) = sandbox();
    let ministra = blocking::Ministra::new(ministra(&sandbox)).unwrap();
    let accounts = ministra.wait(ministra.calls().accounts().list()).unwrap();
    assert!(!accounts.is_empty());

    let tvip = blocking::Tvip::new(tvip(&sandbox)).unwrap();
    let accounts: Result<Vec<_>, _> = tvip.iter(tvip.calls().accounts().all()).collect();
    assert!(!accounts.unwrap().is_empty());
    let new = tvip::NewAccount::new("blocking");
    let account = tvip.wait(tvip.calls().accounts().create(&new)).unwrap();
    tvip.wait(tvip.calls().accounts().delete(account.id))
        .unwrap();
}

#[test]
fn every_platform_does_everything_without_a_runtime() {
    let (_runtime, sandbox) = sandbox();
    let portal = jsonsql_client::Client::builder()
        .url(sandbox.url() + "/api")
        .credentials("admin", "adminpassword")
        .build()
        .unwrap();
    let platforms = [
        blocking::Backend::new(Adapter::new(IptvPortal::new(portal))).unwrap(),
        blocking::Backend::new(Adapter::new(Ministra::new(ministra(&sandbox)))).unwrap(),
        blocking::Backend::new(Adapter::new(Tvip::new(tvip(&sandbox)))).unwrap(),
    ];
    let names = ["iptvportal", "ministra", "tvip"];
    for (platform, name) in platforms.iter().zip(names) {
        assert_eq!(platform.name(), name);
        let mac: MacAddr = "00:1A:79:77:77:77".parse().unwrap();
        let new = NewSubscriber::new("blocking");
        let id = platform.create_subscriber(&new).unwrap().value.id;
        platform.bind_terminal(&id, mac).unwrap();
        let terminals: Result<Vec<_>, _> = platform.terminals(&id).collect();
        assert_eq!(terminals.unwrap().len(), 1);
        platform
            .apply(&Operation::DisableSubscriber(id.clone()))
            .unwrap();
        let key = SubscriberKey::Login("blocking".to_owned());
        assert!(!platform.find_subscriber(&key).unwrap().unwrap().enabled);
        let all: Result<Vec<_>, _> = platform.subscribers().collect();
        assert!(all.unwrap().iter().any(|one| one.login == "blocking"));
        assert!(platform.packages().next().unwrap().is_ok());
        platform.delete_subscriber(&id).unwrap();
        assert_eq!(platform.find_subscriber(&key).unwrap(), None);
    }
}
