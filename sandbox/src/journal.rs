//! What the sandbox was asked and what it did, for tests that count.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One call, as the journal has it. No text or number a client sent is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The method, if it is one of the protocol's.
    pub method: Option<&'static str>,
    /// The statement as SQL with `?` for its values; none if it was not
    /// understood.
    pub sql: Option<String>,
    /// How many rows it inserted, changed or deleted.
    pub changed: usize,
    /// What the answer was.
    pub answer: Answered,
}

/// What an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answered {
    /// A result: the statement was executed.
    Result,
    /// An error: nothing was executed.
    Error,
}

/// How many calls are remembered; a sandbox may run for weeks unasked.
const LONGEST: usize = 1_000_000;

/// All calls since the start, or since they were last taken.
#[derive(Default)]
pub(crate) struct Journal(Mutex<VecDeque<Entry>>);

impl Journal {
    pub(crate) fn record(&self, entry: Entry) {
        let mut entries = self.entries();
        if entries.len() == LONGEST {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    pub(crate) fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.entries()).into()
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
