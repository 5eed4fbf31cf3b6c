//! The journal of the requests to the sandbox and of what it did, for tests that
//! count.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::broadcast;

mod change;
#[cfg(feature = "console")]
mod exchange;
mod queue;
mod request;

pub use change::{Change, Done};
#[cfg(feature = "console")]
pub(crate) use exchange::{Exchange, FromConsole, Kept, Observed};
pub use request::Request;
pub(crate) use request::Trace;

use queue::Queue;

/// One call, as the journal has it. No text or number a client sent is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// The method, if it is one of the protocol's.
    pub method: Option<&'static str>,
    /// The statement as SQL with `?` for its values; none if it was not
    /// understood.
    pub sql: Option<String>,
    /// The number of rows in the answer.
    pub rows: usize,
    /// The number of rows that the statement inserted, changed or deleted.
    pub changed: usize,
    /// The kind of the answer.
    pub answer: Answered,
}

/// The kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Answered {
    /// A result: the statement was executed.
    Result,
    /// An error: nothing was executed.
    Error,
}

/// All calls and requests since the start, or since they were last taken.
#[derive(Default)]
pub(crate) struct Journal {
    entries: Mutex<Queue<Entry>>,
    requests: Mutex<Queue<Request>>,
    #[cfg(feature = "console")]
    exchanges: Mutex<exchange::Exchanges>,
    file: Option<Mutex<File>>,
    followers: Followers,
}

/// The channel from which followers get the requests.
struct Followers(broadcast::Sender<Arc<Request>>);

/// The number of requests that a follower may be behind before it misses some.
const BEHIND: usize = 1024;

impl Default for Followers {
    fn default() -> Followers {
        Followers(broadcast::Sender::new(BEHIND))
    }
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
        lock(&self.entries).push(entry);
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
        // The lock is held for both, so that who begins to follow after a look
        // at the requests misses none and sees none twice.
        let mut requests = lock(&self.requests);
        if self.followers.0.receiver_count() > 0 {
            let _ = self.followers.0.send(Arc::new(request.clone()));
        }
        requests.push(request);
    }

    /// The requests that pass, the latest of at most so many, in their order.
    pub(crate) fn recent(&self, most: usize, passes: impl Fn(&Request) -> bool) -> Vec<Request> {
        let requests = lock(&self.requests);
        latest(&requests, most, passes)
    }

    /// The same, and every request from then on.
    pub(crate) fn follow(
        &self,
        passes: impl Fn(&Request) -> bool,
    ) -> (Vec<Request>, broadcast::Receiver<Arc<Request>>) {
        let requests = lock(&self.requests);
        let receiver = self.followers.0.subscribe();
        (latest(&requests, usize::MAX, passes), receiver)
    }

    pub(crate) fn take(&self) -> Vec<Entry> {
        lock(&self.entries).take()
    }

    pub(crate) fn take_requests(&self) -> Vec<Request> {
        lock(&self.requests).take()
    }

    /// Forgets all calls and requests; the file keeps them.
    pub(crate) fn clear(&self) {
        self.take();
        self.take_requests();
        #[cfg(feature = "console")]
        lock(&self.exchanges).clear();
    }

    /// The request with this number, unless it is forgotten.
    #[cfg(feature = "console")]
    pub(crate) fn request(&self, number: u64) -> Option<Request> {
        let requests = lock(&self.requests);
        let mut latest_first = requests.iter().rev();
        latest_first
            .find(|request| request.number == number)
            .cloned()
    }

    /// The bodies of the request with this number, unless they are forgotten.
    #[cfg(feature = "console")]
    pub(crate) fn exchange(&self, number: u64) -> Option<Arc<Exchange>> {
        lock(&self.exchanges).get(number)
    }

    #[cfg(feature = "console")]
    fn keep(&self, exchange: Exchange) {
        lock(&self.exchanges).push(exchange);
    }

    /// Creates the trace in which the handlers of one request record their calls.
    pub(crate) fn trace(self: &Arc<Journal>) -> Trace {
        Trace::new(Arc::clone(self))
    }
}

fn latest(
    requests: &Queue<Request>,
    most: usize,
    passes: impl Fn(&Request) -> bool,
) -> Vec<Request> {
    let passing = requests.iter().rev().filter(|request| passes(request));
    let mut found: Vec<Request> = passing.take(most).cloned().collect();
    found.reverse();
    found
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
