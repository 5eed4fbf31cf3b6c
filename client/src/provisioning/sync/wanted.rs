//! The subscribers that a billing wants, row by row.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::model::Subscriber;
use crate::provisioning::desired::Desired;

/// One row of an export.
#[derive(Debug, Clone)]
pub struct WantedRow {
    /// The line of the export, for messages; none if it has no lines.
    pub line: Option<u64>,
    /// The desired state, with a login.
    pub desired: Desired,
    /// The reason for which it cannot be had, with the column. The subscriber is
    /// left as it is, found by the login and reference that are there; a row
    /// that has neither keeps everybody from being deleted.
    pub problem: Option<String>,
}

impl WantedRow {
    /// A row of an export.
    pub fn new(line: impl Into<Option<u64>>, desired: Desired) -> WantedRow {
        WantedRow {
            line: line.into(),
            desired,
            problem: None,
        }
    }
}

/// The rows of an export, in any form: a million of them are kept more
/// compactly than as [`Desired`].
pub trait WantedRows: Send + Sync {
    /// Returns how many rows there are.
    fn len(&self) -> usize;

    /// Returns `true` if there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a row by its number, counted from 0: the same row each time, for a job is
    /// made anew when it is forecast, saved and applied.
    fn row(&self, number: usize) -> Cow<'_, WantedRow>;
}

impl WantedRows for Vec<WantedRow> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn row(&self, number: usize) -> Cow<'_, WantedRow> {
        Cow::Borrowed(&self[number])
    }
}

/// One export for several comparisons.
impl<W: WantedRows + ?Sized> WantedRows for Arc<W> {
    fn len(&self) -> usize {
        W::len(self)
    }

    fn row(&self, number: usize) -> Cow<'_, WantedRow> {
        W::row(self, number)
    }
}

/// The treatment of subscribers of the platform that are not in the export.
///
/// ```
/// use jsonsql_client::provisioning::sync::Removal;
///
/// // Subscribers that have a billing's reference are the billing's.
/// let removal = Removal::Owned(&|subscriber| subscriber.external_ref.is_some());
/// # let _ = removal;
/// ```
#[non_exhaustive]
pub enum Removal<'a> {
    /// They stay.
    Nothing,
    /// Those that this says are the billing's are deleted.
    Owned(&'a (dyn Fn(&Subscriber) -> bool + Send + Sync)),
}

impl Removal<'_> {
    pub(super) fn owns(&self, subscriber: &Subscriber) -> bool {
        match self {
            Removal::Nothing => false,
            Removal::Owned(owns) => owns(subscriber),
        }
    }
}

impl fmt::Debug for Removal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Removal::Nothing => "Nothing",
            Removal::Owned(_) => "Owned(…)",
        })
    }
}
