//! `true` and `false`.

use serde::Deserialize;

use super::Ministra;
use crate::error::{Error, Result};

/// The answer of a write where `false` does not mean that it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "bool")]
pub enum Outcome {
    /// Something was changed in each of the rows.
    Done,
    /// Nothing was changed, or not in all of the rows: what is there now has
    /// to be read.
    NotDone,
}

impl From<bool> for Outcome {
    fn from(done: bool) -> Outcome {
        if done {
            Outcome::Done
        } else {
            Outcome::NotDone
        }
    }
}

impl Outcome {
    /// `false` where the documents know only `true`.
    pub(super) fn or_not_applied(self, by: &Ministra, operation: &'static str) -> Result<()> {
        match self {
            Outcome::Done => Ok(()),
            Outcome::NotDone => Err(not_applied(by, operation)),
        }
    }
}

fn not_applied(by: &Ministra, operation: &'static str) -> Error {
    Error::NotApplied {
        operation,
        found: "`results` is false: nothing was done, or not all of it".into(),
        place: Some(by.0.rest.place(operation)),
    }
}

/// The rows of an answer that has some.
pub(super) fn rows<T>(
    by: &Ministra,
    operation: &'static str,
    rows: Option<Vec<T>>,
) -> Result<Vec<T>> {
    rows.ok_or_else(|| not_applied(by, operation))
}
