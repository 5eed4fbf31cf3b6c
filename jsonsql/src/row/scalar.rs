//! One value of an answer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One value of an answer, as it stood in the JSON.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'de> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number below zero or that fits.
    Signed(i64),
    /// A whole number.
    Unsigned(u64),
    /// A number with a fraction or exponent.
    Float(f64),
    /// A number with the digits it was sent with, for types that ask for it:
    /// [`Decode::EXACT`](super::Decode::EXACT).
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

impl Scalar<'_> {
    /// What a message calls this kind of value. Never the value itself.
    pub fn kind(&self) -> &'static str {
        match self {
            Scalar::Null => "null",
            Scalar::Bool(_) => "a boolean",
            Scalar::Signed(_) | Scalar::Unsigned(_) => "a whole number",
            Scalar::Float(_) => "a number with a fraction",
            Scalar::Number(_) => "a number",
            Scalar::Text(_) => "a text",
            Scalar::List => "a list",
            Scalar::Object => "an object",
        }
    }

    /// The same value, owning its text; of a number with its digits, the text.
    pub fn into_owned(self) -> Scalar<'static> {
        match self {
            Scalar::Number(text) => Scalar::Text(Cow::Owned(text.to_owned())),
            Scalar::Text(text) => Scalar::Text(Cow::Owned(text.into_owned())),
            Scalar::Null => Scalar::Null,
            Scalar::Bool(value) => Scalar::Bool(value),
            Scalar::Signed(value) => Scalar::Signed(value),
            Scalar::Unsigned(value) => Scalar::Unsigned(value),
            Scalar::Float(value) => Scalar::Float(value),
            Scalar::List => Scalar::List,
            Scalar::Object => Scalar::Object,
        }
    }
}

/// Prints the kind only: the value may be a subscriber's.
impl fmt::Debug for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    #[inline]
    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    #[inline]
    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }

    #[inline]
    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Signed(value))
    }

    #[inline]
    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Unsigned(value))
    }

    #[inline]
    fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Float(value))
    }

    #[inline]
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    #[inline]
    fn visit_str<E>(self, value: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    #[inline]
    fn visit_string<E>(self, value: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value)))
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::List)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Object)
    }
}
