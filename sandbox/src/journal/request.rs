//! One HTTP request and what became of it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::{Entry, Journal};

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
    /// The status it was answered with; none if the connection was closed
    /// without an answer.
    pub status: Option<u16>,
    /// What was done to it on purpose, by name.
    pub faults: Vec<&'static str>,
}

/// Where the handlers of one request record the calls in it.
#[derive(Clone)]
pub(crate) struct Trace {
    journal: Arc<Journal>,
    calls: Arc<Mutex<Vec<Entry>>>,
}

impl Trace {
    pub(super) fn new(journal: Arc<Journal>) -> Trace {
        Trace {
            journal,
            calls: Arc::default(),
        }
    }

    pub(crate) fn record(&self, entry: Entry) {
        self.journal.record(entry.clone());
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }

    pub(crate) fn calls(&self) -> Vec<Entry> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
