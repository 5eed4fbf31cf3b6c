//! The change to a field of a record.

use std::fmt;

use crate::redacted::Redacted;

/// The change to a field: a field that is not managed is not touched.
///
/// ```
/// use jsonsql_client::model::{Patch, SubscriberPatch};
///
/// let patch = SubscriberPatch {
///     phone: Patch::Set("+7 900 000-00-00".into()),
///     note: Patch::Clear,
///     ..SubscriberPatch::default() // the rest stays as somebody set it by hand
/// };
/// # assert_eq!(patch.email, Patch::Keep);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Leaves it as it is.
    #[default]
    Keep,
    /// Makes it empty.
    Clear,
    /// Gives it this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Returns `true` if the field is to stay as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Patch::Keep)
    }

    /// Returns the new value if the field is to change: `Some(None)` means empty.
    ///
    /// ```
    /// use jsonsql_client::model::Patch;
    ///
    /// assert_eq!(Patch::Set(3).as_change(), Some(Some(&3)));
    /// assert_eq!(Patch::<i32>::Clear.as_change(), Some(None));
    /// assert_eq!(Patch::<i32>::Keep.as_change(), None);
    /// ```
    pub fn as_change(&self) -> Option<Option<&T>> {
        match self {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(value) => Some(Some(value)),
        }
    }
}

/// `Some` sets, `None` clears: for a field a billing manages.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Patch<T> {
        value.map_or(Patch::Clear, Patch::Set)
    }
}

impl<T> fmt::Debug for Redacted<'_, Patch<T>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Patch::Keep => "Keep",
            Patch::Clear => "Clear",
            Patch::Set(_) => "Set(…)",
        })
    }
}
