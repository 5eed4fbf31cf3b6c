//! The commands that were sent and their recipients: the vendor's server never
//! reports them.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::records::{Record, Table};

/// A command that was accepted, and whom it reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sent {
    /// The time at which the command was accepted.
    pub accepted: SystemTime,
    /// The kind of recipients that the ids belong to.
    pub recipients: Recipients,
    /// The ids of the request.
    pub ids: Vec<i64>,
    /// The request's `broadcast`.
    pub broadcast: bool,
    /// The command.
    pub command: Command,
    /// The devices it goes to: those meant that were connected when it was
    /// accepted. Who is when it is [`due`](Sent::due), if that is later, is not
    /// looked at.
    pub reached: Vec<i64>,
    /// The devices that were meant but not connected, or all that were meant if
    /// the command's `ttl` is before it is due.
    pub missed: Vec<i64>,
}

impl Sent {
    /// Returns the time at which it goes to the devices: its `post_time`, or the
    /// time of acceptance if `post_time` is earlier or absent.
    pub fn due(&self) -> SystemTime {
        self.command.due(self.accepted)
    }
}

/// The class of the recipients of a command, as its path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Recipients {
    /// All devices of all accounts of the providers.
    Providers,
    /// All devices of the accounts.
    Accounts,
    /// The devices.
    Devices,
}

/// The number of commands that are kept; a sandbox may run for weeks without a
/// reader.
const LONGEST: usize = 100_000;

/// A command in the table of those sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Accepted {
    id: i64,
    sent: Sent,
}

impl Record for Accepted {
    const KIND: &'static str = "commands";
    type Term = ();

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<()> {
        Vec::new()
    }
}

pub(super) fn record(commands: &mut Table<Accepted>, sent: Sent) {
    if commands.len() == LONGEST
        && let Some(first) = commands.first_id()
    {
        commands.remove(first);
    }
    let id = commands.next_id();
    commands.put(Accepted { id, sent });
}

pub(super) fn all(commands: &Table<Accepted>) -> Vec<Sent> {
    commands.iter().map(|one| one.sent.clone()).collect()
}

/// The commands a device has got by a time, in the order they were accepted.
pub(super) fn reached(commands: &Table<Accepted>, device: i64, at: SystemTime) -> Vec<Command> {
    let sent = commands.iter().map(|one| &one.sent);
    let sent = sent.filter(|sent| sent.reached.contains(&device) && sent.due() <= at);
    sent.map(|sent| sent.command.clone()).collect()
}
