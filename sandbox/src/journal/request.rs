//! One HTTP request and what became of it.

use std::sync::{Arc, Mutex};

use serde::Serialize;

use super::{Change, Entry, Journal, lock};

/// One HTTP request to any of the surfaces, as the journal has it. Headers,
/// bodies and query strings are not in it: sessions, passwords and texts are
/// in those.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Request {
    /// Its number, counted from 1 in the order of arrival.
    pub number: u64,
    /// The HTTP method.
    pub verb: String,
    /// The path of its address.
    pub path: String,
    /// The calls in it, in the order they were finished.
    pub calls: Vec<Entry>,
    /// The changes that it made to the records of a REST surface. Left out of the
    /// file if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The status it was answered with; none if the connection was closed
    /// without an answer.
    pub status: Option<u16>,
    /// The faults that were applied to it on purpose, by name.
    pub faults: Vec<&'static str>,
    /// `true` if a person sent it from the console. Left out of the file if not.
    #[serde(skip_serializing_if = "is_false")]
    pub from_console: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The trace in which the handlers of one request record the calls in it.
#[derive(Clone)]
pub(crate) struct Trace {
    journal: Arc<Journal>,
    calls: Arc<Mutex<Vec<Entry>>>,
    changes: Arc<Mutex<Vec<Change>>>,
}

impl Trace {
    pub(super) fn new(journal: Arc<Journal>) -> Trace {
        Trace {
            journal,
            calls: Arc::default(),
            changes: Arc::default(),
        }
    }

    pub(crate) fn record(&self, entry: Entry) {
        self.journal.record(entry.clone());
        lock(&self.calls).push(entry);
    }

    pub(crate) fn changed(&self, changes: Vec<Change>) {
        lock(&self.changes).extend(changes);
    }

    pub(crate) fn changes(&self) -> Vec<Change> {
        std::mem::take(&mut *lock(&self.changes))
    }

    pub(crate) fn calls(&self) -> Vec<Entry> {
        lock(&self.calls).clone()
    }
}
