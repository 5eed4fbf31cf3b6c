//! One value of an answer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

use super::scanner::Scanner;

/// One value of an answer, as it stood in the JSON.
///
/// It is read from the JSON text itself, never through `serde_json`'s numbers:
/// those round, fail beyond the range of a float, and become an object once a
/// crate of the program turns on `arbitrary_precision`.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'de> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, with the digits it was sent with: the JSON text of it, such
    /// as `-17`, `2.50` or `1e400`.
    Number(&'de str),
    /// A text, borrowed from the answer unless the JSON has escapes in it.
    Text(Cow<'de, str>),
    /// A list, whose content no column type of this crate takes.
    List,
    /// An object, likewise.
    Object,
}

// A variant that made it larger once cost a quarter of the time of borrowed rows.
const _: () = assert!(size_of::<Scalar<'_>>() == size_of::<Cow<'_, str>>());

impl<'de> Scalar<'de> {
    #[inline]
    pub(super) fn text(text: &'de str) -> Scalar<'de> {
        Scalar::Text(Cow::Borrowed(text))
    }

    /// A text from JSON with escapes in it; `None` if one of them stands for no
    /// character.
    #[cold]
    pub(super) fn unescaped(json: &str) -> Option<Scalar<'de>> {
        let text = serde_json::from_str(json).ok()?;
        Some(Scalar::Text(Cow::Owned(text)))
    }

    /// Returns the name of this kind of value in messages. It never contains the
    /// value itself.
    pub fn kind(&self) -> &'static str {
        match self {
            Scalar::Null => "null",
            Scalar::Bool(_) => "a boolean",
            Scalar::Number(digits) if digits.contains(['.', 'e', 'E']) => {
                "a number with a fraction"
            }
            Scalar::Number(_) => "a whole number",
            Scalar::Text(_) => "a text",
            Scalar::List => "a list",
            Scalar::Object => "an object",
        }
    }
}

/// Prints the kind only: the value may be a subscriber's.
impl fmt::Debug for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// From `serde_json` over a text or a slice: the value borrows from it.
impl<'de> Deserialize<'de> for Scalar<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        let scalar = Scanner::new(json.get()).value().ok().flatten();
        scalar.ok_or_else(|| D::Error::custom("a text with an invalid escape"))
    }
}
