//! Commands for many.

use jsonsql_client::model::{Command, Message, NewSubscriber, Recipients};
use jsonsql_client::provisioning::{Adapter, Backend, Change, Tvip};
use jsonsql_client::tvip::{self, ProviderId};
use jsonsql_sandbox::Sandbox;

use crate::ministra::Stalker;
use crate::world::World;

/// Tells 250 subscribers with a box each something, and returns how many requests
/// read and how many write.
async fn requests(backend: &dyn Backend, sandbox: &Sandbox) -> String {
    let mut ids = Vec::new();
    for number in 0..250 {
        let new = NewSubscriber {
            external_ref: Some(format!("k{number}").as_str().into()),
            ..NewSubscriber::new(format!("many{number}"))
        };
        let id = backend.create_subscriber(&new).await.unwrap().value.id;
        let mac = format!("00:1a:79:bb:00:{number:02x}").parse().unwrap();
        backend.bind_terminal(&id, mac).await.unwrap();
        ids.push(id);
    }
    sandbox.take_requests();
    let command = Command::Message(Message::new("No service tonight from two to four"));
    let told = backend.send(&Recipients::Subscribers(ids), &command).await;
    assert_eq!(told.unwrap().change, Change::Made);
    let requests = sandbox.take_requests();
    let reads = requests.iter().filter(|request| request.verb == "GET");
    let reads = reads.count();
    format!("{reads} + {}", requests.len() - reads)
}

#[tokio::test]
async fn many_are_told_in_chunks() {
    let world = Stalker::start(1).await;
    let ministra = requests(world.backend(), world.sandbox()).await;
    // All accounts, and a hundred boxes in each message.
    assert_eq!(ministra, "1 + 3");

    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = tvip::Tvip::builder()
        .url(sandbox.tvip_url())
        .credentials("admin", "adminpassword")
        .provider(ProviderId(1))
        .build()
        .unwrap();
    let tvip = requests(&Adapter::new(Tvip::new(client)), &sandbox).await;
    // A page of each of five lists and of the types of devices; one message.
    assert_eq!(tvip, "6 + 1");
}
