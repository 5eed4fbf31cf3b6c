//! The changes that a request made to the records of a REST surface.

use serde::Serialize;

/// Records of one kind to which a request did the same. Fields are named; what
/// they were and are is not said, since passwords and subscribers' data are
/// among them.
///
/// What a surface takes and does not keep, such as a password of the Ministra,
/// is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The kind, by its name in the state of its surface: `users`, `accounts`.
    pub kind: &'static str,
    /// The change that was made to the records.
    pub done: Done,
    /// The ids of the records, in their order.
    pub keys: Vec<i64>,
}

/// The change that was made to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Done {
    /// It is new.
    Created,
    /// These fields of it are others.
    Changed(Vec<String>),
    /// It is gone.
    Deleted,
}
