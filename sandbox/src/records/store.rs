//! The storage of the records of the surfaces.

use std::sync::Arc;

use super::Row;
#[cfg(feature = "postgres")]
use crate::engine::RecordWriter;
use crate::engine::SqliteStorage;

/// The place records are written to. Its calls block until they are done.
#[derive(Clone)]
pub(crate) enum Store {
    /// Nowhere: they are gone when the sandbox is.
    Nowhere,
    Sqlite(Arc<SqliteStorage>),
    #[cfg(feature = "postgres")]
    Postgres(Arc<RecordWriter>),
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

impl Store {
    /// Makes this sandbox the owner, and reads what there is.
    pub(super) fn take_over(&self, of: Owned<'_>) -> Result<Vec<Row>, String> {
        match self {
            Store::Nowhere => Ok(Vec::new()),
            Store::Sqlite(storage) => storage.take_over(of),
            #[cfg(feature = "postgres")]
            Store::Postgres(writer) => writer.take_over(of),
        }
    }

    /// Writes rows, all or none.
    pub(super) fn write(
        &self,
        of: Owned<'_>,
        rows: Vec<Row>,
        others: Others,
    ) -> Result<(), String> {
        match self {
            Store::Nowhere => Ok(()),
            Store::Sqlite(storage) => storage.write(of, &rows, others),
            #[cfg(feature = "postgres")]
            Store::Postgres(writer) => writer.write(of, rows, others),
        }
    }
}
