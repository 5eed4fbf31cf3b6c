//! Writes until the program is killed, and what they have to leave.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::http::{Client, Kept, rest};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Surface {
    Iptvportal,
    Ministra,
    Tvip,
}

/// The state of a thing: three packages of JSONSQL, an account of Ministra, or
/// an account of TVIP with its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Absent,
    Created,
    Changed,
}

/// The states in which a thing may be found: one after a write that was
/// acknowledged, two after one that was cut off.
pub(super) type Allowed = Vec<State>;

/// The number of a thing on its surface.
pub(super) type Name = (Surface, u64);

/// Everything that was written, and how much of it.
#[derive(Default)]
pub(super) struct Written {
    pub(super) things: BTreeMap<Name, Allowed>,
    pub(super) acknowledged: usize,
    pub(super) unanswered: usize,
}

impl Written {
    pub(super) fn add(&mut self, other: Written) {
        self.things.extend(other.things);
        self.acknowledged += other.acknowledged;
        self.unanswered += other.unanswered;
    }
}

/// Creates, changes and deletes things until the connection ends.
pub(super) async fn write(
    address: SocketAddr,
    surface: Surface,
    first: u64,
    count: Arc<AtomicUsize>,
) -> Written {
    let mut written = Written::default();
    let Some(mut writer) = Writer::open(address, surface).await else {
        return written;
    };
    for number in first.. {
        let steps = [State::Created, State::Changed, State::Absent];
        // Most things stay.
        let steps = match number % 3 {
            0 => &steps[..3],
            1 => &steps[..2],
            _ => &steps[..1],
        };
        let mut before = State::Absent;
        for &after in steps {
            let name = (surface, number);
            written.things.insert(name, vec![before, after]);
            if writer.put(number, after).await.is_none() {
                written.unanswered += 1;
                return written;
            }
            written.things.insert(name, vec![after]);
            written.acknowledged += 1;
            count.fetch_add(1, Ordering::Relaxed);
            before = after;
        }
    }
    written
}

/// A connection, or where to make one for each request.
enum Writer {
    Iptvportal(Kept),
    Ministra(SocketAddr),
    /// And the id of the account created last.
    Tvip(SocketAddr, Value),
}

impl Writer {
    async fn open(address: SocketAddr, surface: Surface) -> Option<Writer> {
        Some(match surface {
            Surface::Iptvportal => {
                let client = Client::try_login_at(address).await?;
                Writer::Iptvportal(Kept::try_open(&client).await.ok()?)
            }
            Surface::Ministra => Writer::Ministra(address),
            Surface::Tvip => Writer::Tvip(address, Value::Null),
        })
    }

    /// Puts a thing into a state by one request; nothing if that is cut off.
    async fn put(&mut self, number: u64, to: State) -> Option<()> {
        match self {
            Writer::Iptvportal(kept) => packages(kept, number, to).await,
            Writer::Ministra(address) => account(*address, number, to).await,
            Writer::Tvip(address, id) => device(*address, id, number, to).await,
        }
    }
}

/// Three rows by one statement.
async fn packages(kept: &mut Kept, number: u64, to: State) -> Option<()> {
    let names = ["a", "b", "c"].map(|letter| format!("{number}-{letter}"));
    let these = json!({"in": ["name", names[0], names[1], names[2]]});
    let (method, params) = match to {
        State::Created => (
            "insert",
            json!({"into": "package", "columns": ["name"],
                "values": [[names[0]], [names[1]], [names[2]]], "returning": "name"}),
        ),
        State::Changed => (
            "update",
            json!({"table": "package", "set": {"paid": true}, "where": these, "returning": "name"}),
        ),
        State::Absent => (
            "delete",
            json!({"from": "package", "where": these, "returning": "name"}),
        ),
    };
    let answer = kept.call(method, &params).await.ok()?;
    assert_eq!(
        answer["result"].as_array().map(Vec::len),
        Some(3),
        "{answer}"
    );
    Some(())
}

async fn account(address: SocketAddr, number: u64, to: State) -> Option<()> {
    let all = "/stalker_portal/api/accounts".to_owned();
    let one = format!("{all}/{number}");
    let (method, path, body) = match to {
        State::Created => (
            "POST",
            all,
            format!("login=m{number}&account_number={number}"),
        ),
        State::Changed => ("PUT", one, "status=0".to_owned()),
        State::Absent => ("DELETE", one, String::new()),
    };
    let (status, body) = rest(address, method, &path, &body).await?;
    // It may be cut off in the middle.
    let answer: Value = serde_json::from_str(&body).ok()?;
    assert_eq!((status, &answer["status"]), (200, &json!("OK")), "{answer}");
    Some(())
}

/// An account, then its device, then neither.
async fn device(address: SocketAddr, id: &mut Value, number: u64, to: State) -> Option<()> {
    let (method, path, body) = match to {
        State::Created => (
            "POST",
            "accounts".to_owned(),
            json!({"login": number.to_string()}),
        ),
        State::Changed => {
            let device = json!({"unique_id": number.to_string(), "account": id});
            ("POST", "devices".to_owned(), device)
        }
        State::Absent => ("DELETE", format!("accounts/{id}"), Value::Null),
    };
    let path = format!("/api/provider/{path}");
    let (status, body) = rest(address, method, &path, &body.to_string()).await?;
    let mut answer: Value = serde_json::from_str(&body).ok()?;
    assert_eq!(status, 200, "{answer}");
    if to == State::Created {
        *id = answer["id"].take();
    }
    Some(())
}
