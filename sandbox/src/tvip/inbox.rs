//! Who was sent which command: the vendor's server never says.

use std::collections::VecDeque;

use super::command::Command;

/// A command that was accepted, and whom it reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// What the ids are of.
    pub recipients: Recipients,
    /// The ids of the request.
    pub ids: Vec<i64>,
    /// The request's `broadcast`.
    pub broadcast: bool,
    /// The command.
    pub command: Command,
    /// The devices it was sent to: those meant that were connected.
    pub reached: Vec<i64>,
    /// The devices that were meant but not connected, or all that were meant if
    /// the command's `ttl` had passed.
    pub missed: Vec<i64>,
}

/// The class of the recipients of a command, as its path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipients {
    /// All devices of all accounts of the providers.
    Providers,
    /// All devices of the accounts.
    Accounts,
    /// The devices.
    Devices,
}

/// How many commands are remembered; a sandbox may run for weeks unasked.
const LONGEST: usize = 100_000;

/// The commands since the start.
#[derive(Default)]
pub(super) struct Outgoing(VecDeque<Sent>);

impl Outgoing {
    pub(super) fn record(&mut self, sent: Sent) {
        if self.0.len() == LONGEST {
            self.0.pop_front();
        }
        self.0.push_back(sent);
    }

    pub(super) fn all(&self) -> Vec<Sent> {
        self.0.iter().cloned().collect()
    }

    pub(super) fn reached(&self, device: i64) -> Vec<Command> {
        let sent = self.0.iter().filter(|sent| sent.reached.contains(&device));
        sent.map(|sent| sent.command.clone()).collect()
    }
}
