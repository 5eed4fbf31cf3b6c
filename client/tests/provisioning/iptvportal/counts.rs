//! Requests of each operation.

use std::fmt::Write as _;

use jsonsql_client::model::{NewSubscriber, NewSubscription};
use jsonsql_client::provisioning::{Adapter, Backend as _};

use super::{block_on_io, sandbox};
use crate::mac;

/// Create 3, disable 2, bind 3 and add a package 3 are what is asked for, the
/// read after a creation among them.
#[test]
fn requests_of_each_operation() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        let backend = Adapter::new(platform);
        // The login of the session is not counted.
        let other = NewSubscriber::new("somebody");
        backend.create_subscriber(&other).await.unwrap();
        let requests = || sandbox.take_requests().len();
        requests();
        let mut table = String::new();
        let mut row = |operation: &str| writeln!(table, "{operation:<16}{}", requests()).unwrap();
        let anna = NewSubscriber::new("anna");
        let anna = backend.create_subscriber(&anna).await.unwrap().value;
        row("create");
        backend.disable_subscriber(&anna.id).await.unwrap();
        row("disable");
        let terminal = backend.bind_terminal(&anna.id, mac(1)).await.unwrap().value;
        row("bind");
        let new = NewSubscription::new(anna.id.clone(), 1.into());
        let package = backend.add_subscription(&new).await.unwrap().value;
        row("add a package");
        let end = jsonsql_client::model::End::Now;
        backend.end_subscription(&package.id, end).await.unwrap();
        row("end a package");
        backend.unbind_terminal(&terminal.id).await.unwrap();
        row("unbind");
        backend.delete_subscriber(&anna.id).await.unwrap();
        row("delete");
        println!("{table}");
        insta::assert_snapshot!(table, @r"
        create          3
        disable         2
        bind            3
        add a package   3
        end a package   2
        unbind          2
        delete          2
        ");
    });
}
