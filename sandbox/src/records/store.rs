//! The storage of the records of the surfaces.

use super::Row;

/// The place records are written to. Its calls block until they are done.
pub(crate) trait StateStore: Send + Sync {
    /// Makes this sandbox the owner, and reads what there is.
    ///
    /// # Errors
    ///
    /// The storage's, in words.
    fn take_over(&self, of: Owned<'_>) -> Result<Vec<Row>, String>;

    /// Writes rows, all or none.
    ///
    /// # Errors
    ///
    /// [`TAKEN_OVER`] if another sandbox is the owner now; the storage's, in words.
    fn write(&self, of: Owned<'_>, rows: Vec<Row>, others: Others) -> Result<(), String>;
}

/// No storage: records are gone when the sandbox is.
pub(crate) struct Nowhere;

impl StateStore for Nowhere {
    fn take_over(&self, _: Owned<'_>) -> Result<Vec<Row>, String> {
        Ok(Vec::new())
    }

    fn write(&self, _: Owned<'_>, _: Vec<Row>, _: Others) -> Result<(), String> {
        Ok(())
    }
}

/// The surface and the owner of the records that a call is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owned<'o> {
    pub(crate) surface: &'o str,
    /// The sandbox that writes them: of several on one database, the one that
    /// started last.
    pub(crate) owner: &'o str,
}

/// The treatment of the rows that a write does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    Stay,
    Go,
}

/// The message for a sandbox that another one has replaced.
pub(crate) const TAKEN_OVER: &str =
    "another sandbox was started on this database, and has the records now";
