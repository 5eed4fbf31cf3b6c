//! Operations of several writes.

use std::future::Future;
use std::mem;

use crate::error::{Partial, Result};

/// What of an operation is done, to be told if it stops.
pub(super) struct Steps {
    operation: &'static str,
    done: Vec<&'static str>,
}

impl Steps {
    pub(super) fn of(operation: &'static str) -> Steps {
        Steps {
            operation,
            done: Vec::new(),
        }
    }

    /// Makes one write; `name` says what it does.
    pub(super) async fn step<T>(
        &mut self,
        name: &'static str,
        write: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let made = self.read(name, write).await?;
        if self.done.last() != Some(&name) {
            self.done.push(name);
        }
        Ok(made)
    }

    /// Reads what the next steps are about.
    pub(super) async fn read<T>(
        &mut self,
        name: &'static str,
        read: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let done = &mut self.done;
        read.await
            .map_err(|cause| Partial::of(self.operation, mem::take(done), name, cause))
    }

    pub(super) fn nothing_done(&self) -> bool {
        self.done.is_empty()
    }
}
