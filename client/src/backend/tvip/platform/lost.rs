//! Writes whose answer was lost: reading may tell what became of them.

use super::super::Calls;
use super::super::entity::Writable;
use crate::error::Result;

/// The record as it was written, or as reading shows it if the answer was lost
/// and it is as asked for. Otherwise it stays unknown: the request may be on
/// its way still.
pub(super) async fn settle<R: Writable>(
    calls: Calls<'_, R>,
    id: R::Id,
    written: Result<R>,
    as_asked: impl Fn(&R) -> bool,
) -> Result<R> {
    match written {
        Err(lost) if lost.is_indeterminate() => match calls.get(id).await {
            Ok(Some(record)) if as_asked(&record) => Ok(record),
            _ => Err(lost),
        },
        written => written,
    }
}
