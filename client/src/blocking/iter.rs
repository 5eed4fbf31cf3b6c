//! Records, for programs that do not await.

use std::fmt;
use std::sync::Arc;

use super::Thread;
use crate::error::Result;
use crate::records::Records;

/// Records, read as they are asked for. After an error of reading there is none;
/// a row that cannot be read is an error that others follow.
#[must_use = "an iterator reads nothing until it is asked"]
pub struct Iter<'a, T> {
    records: Records<'a, T>,
    thread: Arc<Thread>,
}

impl<'a, T> Iter<'a, T> {
    pub(super) fn new(records: Records<'a, T>, thread: &Arc<Thread>) -> Iter<'a, T> {
        Iter {
            records,
            thread: Arc::clone(thread),
        }
    }
}

impl<'a, T: Send + Unpin + 'a> Iterator for Iter<'a, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        self.thread.wait(self.records.next())
    }
}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iter")
    }
}
