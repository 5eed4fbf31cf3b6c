//! A subscriber's data in `Debug`: whether it is there, and not what it is.

use std::fmt;

use crate::provisioning::model::Patch;

/// A personal field: `Some(…)`, `None`, `…`.
pub(crate) struct Hidden<'a, T: ?Sized>(pub(crate) &'a T);

impl fmt::Debug for Hidden<'_, str> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<T> fmt::Debug for Hidden<'_, Option<T>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Some(…)"
        } else {
            "None"
        })
    }
}

impl<T> fmt::Debug for Hidden<'_, Patch<T>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Patch::Keep => "Keep",
            Patch::Clear => "Clear",
            Patch::Set(_) => "Set(…)",
        })
    }
}
