//! A subscriber's rows as the model sees them.

use std::collections::BTreeSet;

use super::identity::Key;
use crate::model::{PackageId, Subscriber, Subscription, Terminal};

/// The rows of one subscriber in the terms of the model.
///
/// It is for people, for records and for [effects](super::Effect); what has to
/// be written is never decided on it but on the rows themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The subscriber; none for rows that are nobody's, such as a terminal that
    /// the server has added by itself. The id of one that is not made yet is
    /// empty, as are the ids of its records.
    pub subscriber: Option<Subscriber>,
    /// The terminals.
    pub terminals: Vec<Terminal>,
    /// The packages.
    pub subscriptions: Vec<Subscription>,
    /// The one among them that is the plan, where a subscriber has one at a time:
    /// another one replaces it.
    pub plan: Option<PackageId>,
    /// The screens, terminal by terminal.
    pub screens: Vec<Screen>,
    /// Fields in which the rows of this one subscriber differ from one another.
    pub disagrees: Vec<&'static str>,
    /// Not all terminals were read, or not all that they show.
    pub terminals_unread: bool,
    /// The lists would say more than is said here without them.
    pub needs_catalogue: bool,
    /// Rows of the subscriber that cannot be read: what they are of is not among
    /// the records.
    pub unreadable: Vec<Unreadable>,
}

/// A row that cannot be read, where others of the same subscriber can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The record it would be: `terminal` or `subscription`.
    pub record: &'static str,
    /// The row, as the platform calls it: `devices 17`.
    pub id: String,
    /// The field, and what was expected of it; never its value.
    pub reason: String,
}

/// The packages that one terminal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// The terminal.
    pub terminal: Key,
    /// Switched on: its subscriber, or the row it is on, may watch.
    pub on: bool,
    /// The packages it can watch when it is on.
    pub shows: BTreeSet<PackageId>,
}

impl View {
    /// The view of rows that are nobody's.
    pub fn loose() -> View {
        View {
            subscriber: None,
            terminals: Vec::new(),
            subscriptions: Vec::new(),
            plan: None,
            screens: Vec::new(),
            disagrees: Vec::new(),
            terminals_unread: false,
            needs_catalogue: false,
            unreadable: Vec::new(),
        }
    }

    /// Returns `true` if every record has the id that the server gave it.
    pub fn is_made(&self) -> bool {
        let subscriber = self.subscriber.as_ref();
        subscriber.is_some_and(|subscriber| !subscriber.id.as_str().is_empty())
            && (self.terminals.iter()).all(|terminal| !terminal.id.as_str().is_empty())
            && (self.subscriptions.iter()).all(|one| !one.id.as_str().is_empty())
    }

    /// Returns the login, of rows that are somebody's.
    pub fn login(&self) -> Option<&str> {
        self.subscriber
            .as_ref()
            .map(|subscriber| subscriber.login.as_str())
    }
}
