//! Rows of a list, of which one that is odd spoils none of the others.

use serde_json::Value;

use super::entity::Entity;
use crate::error::ProtocolError;

/// The answer to one request for a list.
pub(super) struct Page<R> {
    pub(super) data: Vec<Listed<R>>,
    pub(super) total: Option<u64>,
}

/// A row of a list.
pub(crate) enum Listed<R> {
    /// One that can be read.
    Read(R),
    /// One with a field that is not as documented.
    Odd(OddRow),
}

/// A row that cannot be read.
#[derive(Debug, Clone)]
pub(crate) struct OddRow {
    /// The list it is in: `accounts`.
    pub(crate) list: &'static str,
    /// The server's key, if that can be read.
    pub(crate) id: Option<i64>,
    /// The problem, by the field's name.
    pub(crate) problem: ProtocolError,
    /// The row as it came.
    pub(crate) value: Value,
}

impl OddRow {
    /// Returns the name of the row in messages: `accounts 17`.
    pub(crate) fn name(&self) -> String {
        match self.id {
            Some(id) => format!("{} {id}", self.list),
            None => format!("{} without an id", self.list),
        }
    }
}

impl<R> Listed<R> {
    pub(super) fn read(self) -> Option<R> {
        match self {
            Listed::Read(row) => Some(row),
            Listed::Odd(_) => None,
        }
    }
}

impl<R: Entity> Listed<R> {
    pub(super) fn id(&self) -> Option<i64> {
        match self {
            Listed::Read(row) => Some(row.id().into()),
            Listed::Odd(odd) => odd.id,
        }
    }
}
