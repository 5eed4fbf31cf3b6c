//! The time limit of statements, and the queue of those that wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

use crate::engine::Fault;
use crate::limits;

/// PostgreSQL's words for a statement that took too long.
pub(super) const TOO_LONG: &str = "canceling statement due to statement timeout";

/// The number of SQLite's instructions between two checks of the clock.
const OFTEN: i32 = 10_000;

/// The length of one sleep of a statement that waits for its turn.
const NAP: Duration = Duration::from_millis(50);

/// The time of the statement that runs, and the turn that others wait for.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    each: Duration,
    running: Arc<Mutex<Option<Running>>>,
    is_taken: Arc<Mutex<bool>>,
    freed: Arc<Condvar>,
}

#[derive(Debug)]
struct Running {
    end: Option<Instant>,
    canceled: Arc<AtomicBool>,
}

/// The turn of one statement, until it is dropped.
pub(super) struct Turn<'l> {
    limit: &'l Limit,
    end: Option<Instant>,
    canceled: Arc<AtomicBool>,
}

impl Limit {
    pub(super) fn install(connection: &mut Connection, each: Duration) -> Result<Limit> {
        let running = Arc::new(Mutex::new(None));
        let looked = Arc::clone(&running);
        connection.progress_handler(
            OFTEN,
            Some(move || lock(&looked).as_ref().is_some_and(Running::is_over)),
        )?;
        Ok(Limit {
            each,
            running,
            is_taken: Arc::default(),
            freed: Arc::default(),
        })
    }

    /// Waits for the statements before this one, within its own time.
    pub(super) fn turn(&self, canceled: Arc<AtomicBool>) -> Result<Turn<'_>, Fault> {
        let waiting = Running {
            end: Instant::now().checked_add(self.each),
            canceled,
        };
        let mut is_taken = lock(&self.is_taken);
        while *is_taken {
            if waiting.is_over() {
                return Err(self.over());
            }
            let woken = self.freed.wait_timeout(is_taken, NAP);
            (is_taken, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
        *is_taken = true;
        Ok(Turn {
            limit: self,
            end: waiting.end,
            canceled: waiting.canceled,
        })
    }

    /// The error of a statement whose time is over.
    fn over(&self) -> Fault {
        let each = limits::spelled(self.each);
        Fault::Statement(format!("{TOO_LONG} ({each}, --statement-timeout)"))
    }
}

impl Turn<'_> {
    /// Runs what counts; what it came to is an error of its own where its time
    /// ended first.
    pub(super) fn run<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        *lock(&self.limit.running) = Some(Running {
            end: self.end,
            canceled: Arc::clone(&self.canceled),
        });
        let ran = work();
        // What follows is ours and may take as long as it does.
        *lock(&self.limit.running) = None;
        match ran {
            Err(Fault::Statement(message)) if message == TOO_LONG => Err(self.limit.over()),
            ran => ran,
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.limit.is_taken) = false;
        self.limit.freed.notify_one();
    }
}

impl Running {
    fn is_over(&self) -> bool {
        self.canceled.load(Ordering::Relaxed) || self.end.is_some_and(|end| Instant::now() > end)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
