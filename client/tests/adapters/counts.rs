//! Requests of single operations.

use std::fmt::Write as _;

use jsonsql_client::model::NewSubscription;
use jsonsql_client::provisioning::{Adapter, IptvPortal};

use jsonsql_sandbox::{Sandbox, Seed};

use crate::portal::{Portal, client};
use crate::world::{World, create, kept, mac};

/// How many requests each operation costs, as a table.
async fn counts(world: &impl World) -> String {
    let backend = world.backend();
    // The login of the session is not counted.
    create(world, "somebody").await;
    let requests = || world.sandbox().take_requests().len();
    requests();
    let mut table = String::new();
    let mut row = |operation: &str| writeln!(table, "{operation:<16}{}", requests()).unwrap();
    let new = kept(world, "anna");
    let anna = backend.create_subscriber(&new).await.unwrap().value;
    row("create");
    backend.disable_subscriber(&anna.id).await.unwrap();
    row("disable");
    backend.bind_terminal(&anna.id, mac(1)).await.unwrap();
    row("bind");
    let [package, ..] = world.packages();
    let subscription = NewSubscription::new(anna.id.clone(), package);
    backend.add_subscription(&subscription).await.unwrap();
    row("add a package");
    backend.delete_subscriber(&anna.id).await.unwrap();
    row("delete");
    table
}

/// Create 3, disable 2, bind 3 and add a package 3 are what was asked for.
#[tokio::test]
async fn requests_on_iptvportal() {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await.unwrap();
    // Pages as long as they are by default: one has all packages.
    let client = client(&sandbox, 1).build().unwrap();
    let backend = Adapter::new(IptvPortal::new(client));
    let table = counts(&Portal { sandbox, backend }).await;
    insta::assert_snapshot!(table, @r"
    create          3
    disable         2
    bind            3
    add a package   3
    delete          4
    ");
}
