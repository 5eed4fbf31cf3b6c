//! A subscriber's data in `Debug`: whether it is there, and not what it is.

use std::fmt;

/// A personal field: `Some(…)`, `None`, `…`.
pub(crate) struct Redacted<'a, T>(pub(crate) &'a T);

impl<T> fmt::Debug for Redacted<'_, Option<T>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Some(…)"
        } else {
            "None"
        })
    }
}

impl fmt::Debug for Redacted<'_, String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Writes the `Debug` of a struct: of a field marked `hidden` it shows only
/// whether it has a value. All fields are named, so that nobody adds one without
/// deciding.
macro_rules! redacted_debug {
    ($name:ident { $($field:ident $($hidden:ident)?),* $(,)? }) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $name { $($field),* } = self;
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), redacted_debug!(@ $field $($hidden)?)))*
                    .finish()
            }
        }
    };
    (@ $field:ident) => { $field };
    (@ $field:ident hidden) => { &$crate::redacted::Redacted($field) };
}

pub(crate) use redacted_debug;
