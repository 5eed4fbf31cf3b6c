//! Reasons for which a subscriber is left as it is.

use std::fmt;

use super::identity::Key;
use crate::error::{Error, Refusal};

/// The reason for which nothing is written for a subscriber.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Conflict {
    /// The subscriber, or the record it was found by, is not there.
    Missing {
        /// The record: `subscriber`.
        record: &'static str,
    },
    /// A key that it needs is somebody else's, who keeps it.
    Taken {
        /// The key.
        key: Key,
    },
    /// Two have, or are to have, the same key: neither is touched.
    Ambiguous {
        /// The key.
        key: Key,
    },
    /// A key that it needs is to be freed by another one of this run, who is
    /// left as it is.
    Waits {
        /// The key.
        key: Key,
        /// The job of this run that holds it.
        holder: usize,
    },
    /// A second record with the same key came into being while this one was
    /// created.
    Twin {
        /// The key.
        key: Key,
    },
    /// The platform cannot do it, or would do something else.
    Refused(Refusal),
    /// It was taken out before anything was written: by a guard, or because it
    /// has changed since the plan was made.
    Withheld {
        /// The reason.
        reason: &'static str,
    },
}

impl Conflict {
    /// Returns the key it is about.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Conflict::Taken { key }
            | Conflict::Ambiguous { key }
            | Conflict::Waits { key, .. }
            | Conflict::Twin { key } => Some(key),
            Conflict::Missing { .. } | Conflict::Refused(_) | Conflict::Withheld { .. } => None,
        }
    }

    /// The error of a single operation.
    pub(super) fn into_error(self, operation: &'static str) -> Error {
        match self {
            Conflict::Missing { record } => Error::Missing {
                record,
                place: None,
            },
            Conflict::Taken { key } | Conflict::Waits { key, .. } => Error::Taken {
                place: None,
                record: key.kind().record(),
                key: key.kind().as_str(),
            },
            Conflict::Refused(refusal) => refusal.of_operation(operation).into(),
            other => Refusal::new(operation, other.to_string()).into(),
        }
    }
}

impl From<Refusal> for Conflict {
    fn from(refusal: Refusal) -> Conflict {
        Conflict::Refused(refusal)
    }
}

/// Names kinds of keys, not the keys.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |key: &Key| key.kind().as_str();
        match self {
            Conflict::Missing { record } => write!(f, "there is no such {record}"),
            Conflict::Taken { key } => write!(f, "its {} is another subscriber's", name(key)),
            Conflict::Ambiguous { key } => {
                write!(f, "two subscribers have, or are to have, one {}", name(key))
            }
            Conflict::Waits { key, .. } => write!(
                f,
                "its {} is held by a subscriber that is left as it is",
                name(key)
            ),
            Conflict::Twin { key } => write!(
                f,
                "another record with its {} was created at the same time",
                name(key)
            ),
            Conflict::Refused(refusal) => write!(f, "{}", refusal.reason()),
            Conflict::Withheld { reason } => f.write_str(reason),
        }
    }
}
