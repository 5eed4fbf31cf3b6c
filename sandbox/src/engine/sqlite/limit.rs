//! How long a statement may take.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

/// PostgreSQL's words for a statement that took too long.
pub(super) const TOO_LONG: &str = "canceling statement due to statement timeout";

/// How many of SQLite's instructions pass between looks at the clock.
const OFTEN: i32 = 10_000;

/// The end of the time that the running statement has.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    each: Duration,
    end: Arc<Mutex<Option<Instant>>>,
}

impl Limit {
    pub(super) fn install(connection: &mut Connection, each: Duration) -> Result<Limit> {
        let end = Arc::new(Mutex::new(None));
        let looked = Arc::clone(&end);
        connection.progress_handler(
            OFTEN,
            Some(move || {
                let end = *looked.lock().unwrap_or_else(PoisonError::into_inner);
                end.is_some_and(|end| Instant::now() > end)
            }),
        )?;
        Ok(Limit { each, end })
    }

    /// Begins the time of a statement.
    pub(super) fn begin(&self) {
        let end = Instant::now().checked_add(self.each);
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    /// What follows is ours and may take as long as it does.
    pub(super) fn end(&self) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
