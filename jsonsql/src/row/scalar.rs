//! One value of an answer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

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
    /// Reads a value from its JSON; `None` if it is a text with an escape that
    /// stands for no character, such as half of a surrogate pair.
    #[inline]
    pub(super) fn read(json: &'de RawValue) -> Option<Scalar<'de>> {
        let json = json.get();
        Some(match json.as_bytes() {
            [b'"', inner @ .., b'"'] => {
                if inner.contains(&b'\\') {
                    return unescaped(json);
                }
                Scalar::Text(Cow::Borrowed(&json[1..json.len() - 1]))
            }
            [b'n', ..] => Scalar::Null,
            [b't', ..] => Scalar::Bool(true),
            [b'f', ..] => Scalar::Bool(false),
            [b'[', ..] => Scalar::List,
            [b'{', ..] => Scalar::Object,
            _ => Scalar::Number(json),
        })
    }

    /// What a message calls this kind of value. Never the value itself.
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

#[cold]
fn unescaped(json: &str) -> Option<Scalar<'static>> {
    let text = serde_json::from_str(json).ok()?;
    Some(Scalar::Text(Cow::Owned(text)))
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
        Scalar::read(json).ok_or_else(|| D::Error::custom("a text with an invalid escape"))
    }
}
