//! The fields that a platform does not keep.

use std::borrow::Cow;
use std::fmt;

/// A field that did not come through as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLoss {
    /// The field of the model: `email`.
    pub field: &'static str,
    /// The description of what became of the field; never its value.
    pub reason: Cow<'static, str>,
}

impl FieldLoss {
    pub(crate) fn new(field: &'static str, reason: impl Into<Cow<'static, str>>) -> FieldLoss {
        FieldLoss {
            field,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for FieldLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}
