//! What the sandbox was asked and what it did, for tests that count.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

mod change;
mod request;

pub use change::{Change, Done};
pub use request::Request;
pub(crate) use request::Trace;

/// One call, as the journal has it. No text or number a client sent is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answered {
    /// A result: the statement was executed.
    Result,
    /// An error: nothing was executed.
    Error,
}

/// How much is remembered; a sandbox may run for weeks unasked.
const LONGEST: usize = 1_000_000;

/// All calls and requests since the start, or since they were last taken.
#[derive(Default)]
pub(crate) struct Journal {
    entries: Mutex<VecDeque<Entry>>,
    requests: Mutex<VecDeque<Request>>,
    file: Option<Mutex<File>>,
}

impl Journal {
    /// A journal that is also written to a file, after what is there.
    pub(crate) fn in_file(path: &Path) -> std::io::Result<Journal> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Journal {
            file: Some(Mutex::new(file)),
            ..Journal::default()
        })
    }

    fn record(&self, entry: Entry) {
        push(&self.entries, entry);
    }

    /// Records an answered request, with the calls that were in it.
    pub(crate) fn answered(&self, request: Request) {
        if let Some(file) = &self.file {
            let line = serde_json::to_string(&request).unwrap_or_default();
            // One write a line: whoever follows the file sees whole lines.
            if let Err(error) = lock(file).write_all(format!("{line}\n").as_bytes()) {
                tracing::error!(%error, "the journal cannot be written");
            }
        }
        push(&self.requests, request);
    }

    pub(crate) fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *lock(&self.entries)).into()
    }

    pub(crate) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut *lock(&self.requests)).into()
    }

    /// What the handlers of one request record their calls in.
    pub(crate) fn trace(self: &Arc<Journal>) -> Trace {
        Trace::new(Arc::clone(self))
    }
}

fn push<T>(queue: &Mutex<VecDeque<T>>, item: T) {
    let mut queue = lock(queue);
    if queue.len() == LONGEST {
        queue.pop_front();
    }
    queue.push_back(item);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
