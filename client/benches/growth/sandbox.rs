//! The sandbox's IPTVPORTAL, by the number of its subscribers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jsonsql::prelude::*;
use jsonsql_client::Client;
use jsonsql_client::model::MacAddr;
use jsonsql_client::schema::{Password, Subscriber, SubscriberId, Terminal};
use jsonsql_sandbox::{Sandbox, Seed};
use tokio::runtime::Runtime;

use crate::part::{Part, part, timed};

#[derive(Insertable)]
#[insertable(table = Subscriber)]
struct NewSubscriber {
    username: String,
    password: Password,
}

impl NewSubscriber {
    fn numbered(number: usize) -> NewSubscriber {
        NewSubscriber {
            username: format!("new-{number}"),
            password: Password("a password".to_owned()),
        }
    }
}

/// Sandboxes by the number of their subscribers, each started when it is first needed.
pub(crate) struct Sandboxes<'a> {
    runtime: &'a Runtime,
    started: RefCell<BTreeMap<usize, Rc<Sandbox>>>,
}

impl<'a> Sandboxes<'a> {
    pub(crate) fn new(runtime: &'a Runtime) -> Sandboxes<'a> {
        Sandboxes {
            runtime,
            started: RefCell::default(),
        }
    }

    /// A client of a sandbox that has as many subscribers.
    pub(crate) fn client(&self, count: usize) -> Client {
        let mut started = self.started.borrow_mut();
        let sandbox = started
            .entry(count)
            .or_insert_with(|| Rc::new(start(self.runtime, count)));
        client(sandbox)
    }
}

fn start(runtime: &Runtime, count: usize) -> Sandbox {
    let seed = Seed::Generated(u32::try_from(count).expect("a count"));
    let sandbox = runtime.block_on(Sandbox::builder().seed(seed).start());
    sandbox.expect("a sandbox")
}

fn client(sandbox: &Sandbox) -> Client {
    let client = Client::builder()
        .url(format!("{}/api", sandbox.url()))
        .credentials("admin", "adminpassword")
        .build();
    client.expect("a client")
}

pub(crate) fn parts<'a>(runtime: &'a Runtime, sandboxes: &'a Sandboxes<'a>) -> Vec<Part<'a>> {
    let select = |name, query: Select<Subscriber>| {
        part(name, 1_000, move |count| {
            let (client, query) = (sandboxes.client(count), query.clone());
            move || {
                timed(|| {
                    runtime
                        .block_on(client.fetch_all(&query).into_future())
                        .expect("rows")
                })
            }
        })
    };
    vec![
        part("inserting rows, in parts", 200, move |count| {
            let rows: Vec<_> = (0..count).map(NewSubscriber::numbered).collect();
            let insert = insert_many(&rows);
            move || {
                let sandbox = start(runtime, 1);
                let client = client(&sandbox);
                timed(|| {
                    runtime
                        .block_on(client.insert_many(&insert).into_future())
                        .expect("rows")
                })
            }
        })
        .at_most(
            1.3,
            "a call binds each text where there are more than 32,766",
        ),
        part("inserting one row", 1_000, move |count| {
            let client = sandboxes.client(count);
            let mut number = 0;
            move || {
                number += 1;
                let insert = insert(&NewSubscriber::numbered(number));
                timed(|| {
                    runtime
                        .block_on(client.execute(&insert).into_future())
                        .expect("a row")
                })
            }
        }),
        select(
            "finding a subscriber by key",
            Subscriber::filter(|s| s.id.eq(SubscriberId(1))),
        ),
        select(
            "finding a subscriber by login",
            Subscriber::filter(|s| s.username.eq("100001")),
        ),
        select(
            "finding a subscriber by reference",
            Subscriber::filter(|s| s.billing.eq("LB-1")),
        ),
        part("finding a box by MAC address", 1_000, move |count| {
            let client = sandboxes.client(count);
            let mac = "00:1a:79:00:00:01".parse::<MacAddr>().expect("an address");
            let one = Terminal::filter(move |t| t.mac_addr.eq(mac));
            move || {
                timed(|| {
                    runtime
                        .block_on(client.fetch_all(&one).into_future())
                        .expect("rows")
                })
            }
        }),
        part("changing a row by key", 1_000, move |count| {
            let client = sandboxes.client(count);
            let change =
                Subscriber::update(|s| s.id.eq(SubscriberId(1))).set(|s| s.disabled.to(true));
            move || {
                timed(|| {
                    runtime
                        .block_on(client.execute(&change).into_future())
                        .expect("a row")
                })
            }
        }),
    ]
}
