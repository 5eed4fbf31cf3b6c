//! The limit on the number of connections at a time, and the choice of the one that
//! is closed for the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::phase::Phase;

/// The connections that are open, at most a given number.
#[derive(Clone, Default)]
pub(super) struct ConnectionLimit(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    next: u64,
    connections: HashMap<u64, Connection>,
}

struct Connection {
    phase: Arc<Phase>,
    closed_for_another: Arc<Notify>,
}

/// The permit of one connection; given back when it is dropped.
pub(super) struct Permit {
    limit: ConnectionLimit,
    number: u64,
    pub(super) phase: Arc<Phase>,
    /// Notified when another connection takes the permit.
    pub(super) closed_for_another: Arc<Notify>,
}

impl ConnectionLimit {
    /// Returns a permit for one more connection. Where `most` are open, the one that
    /// has been waiting longest for its caller is closed; where all of them are at
    /// work, there is no permit.
    pub(super) fn permit(&self, most: usize) -> Option<Permit> {
        let mut open = self.open();
        if open.connections.len() >= most {
            let waiting = open.connections.iter().filter_map(|(number, connection)| {
                let since = connection.phase.waiting_since()?;
                Some((since, *number))
            });
            let (_, longest) = waiting.min()?;
            let connection = open.connections.remove(&longest)?;
            connection.closed_for_another.notify_one();
        }
        let number = open.next;
        open.next += 1;
        let connection = Connection {
            phase: Arc::new(Phase::new()),
            closed_for_another: Arc::default(),
        };
        let permit = Permit {
            limit: self.clone(),
            number,
            phase: Arc::clone(&connection.phase),
            closed_for_another: Arc::clone(&connection.closed_for_another),
        };
        open.connections.insert(number, connection);
        Some(permit)
    }

    /// Closes the connection that has been waiting longest, where the process is
    /// short of file descriptors.
    pub(super) fn close_one(&self) {
        drop(self.permit(0));
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limit.open().connections.remove(&self.number);
    }
}
