//! The members of an answer, each read as whatever kind of value it is.
//!
//! serde's own messages quote the value they did not expect. These do not.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use jsonsql::row::{Row, Rows, Scalar};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// The `error` of an answer, if it has one: an object with a message and
/// perhaps a code, or a text. Both were seen.
#[derive(Debug, Default)]
pub(crate) struct ErrorMember {
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
}

impl ErrorMember {
    /// Whether it says that the request could not be read: JSON-RPC 2.0 (5.1)
    /// gives parse errors and invalid requests these codes.
    pub(super) fn is_unread_request(&self) -> bool {
        matches!(self.code, Some(-32700 | -32600))
    }
}

pub(super) struct MaybeError(pub(super) Option<ErrorMember>);

impl<'de> Deserialize<'de> for MaybeError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ErrorVisitor)
    }
}

struct ErrorVisitor;

fn said(message: &str) -> MaybeError {
    MaybeError(Some(ErrorMember {
        code: None,
        message: message.to_owned(),
    }))
}

impl<'de> Visitor<'de> for ErrorVisitor {
    type Value = MaybeError;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error")
    }

    fn visit_unit<E>(self) -> Result<MaybeError, E> {
        Ok(MaybeError(None))
    }

    // `""`, `false`, `0`, `[]`: what PHP sends for nothing, and nobody for an error.
    fn visit_str<E>(self, text: &str) -> Result<MaybeError, E> {
        Ok(if text.is_empty() {
            MaybeError(None)
        } else {
            said(text)
        })
    }

    fn visit_bool<E>(self, value: bool) -> Result<MaybeError, E> {
        Ok(if value {
            said("true")
        } else {
            MaybeError(None)
        })
    }

    fn visit_i64<E>(self, code: i64) -> Result<MaybeError, E> {
        let error = ErrorMember {
            code: Some(code),
            message: "an error without a message".to_owned(),
        };
        Ok(MaybeError(Some(error).filter(|_| code != 0)))
    }

    fn visit_u64<E: Error>(self, code: u64) -> Result<MaybeError, E> {
        self.visit_i64(i64::try_from(code).unwrap_or(i64::MAX))
    }

    fn visit_f64<E>(self, _: f64) -> Result<MaybeError, E> {
        Ok(said("an error that is a number with a fraction"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<MaybeError, A::Error> {
        let mut items = 0;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            items += 1;
        }
        Ok(match items {
            0 => MaybeError(None),
            _ => said("an error that is a list"),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MaybeError, A::Error> {
        let mut error = ErrorMember::default();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "code" => {
                    error.code = match map.next_value()? {
                        Scalar::Signed(code) => Some(code),
                        Scalar::Unsigned(code) => i64::try_from(code).ok(),
                        Scalar::Text(code) => code.parse().ok(),
                        _ => None,
                    }
                }
                "message" => {
                    if let Scalar::Text(text) = map.next_value()? {
                        error.message = text.into_owned();
                    }
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if error.message.is_empty() {
            "an error without a message".clone_into(&mut error.message);
        }
        Ok(MaybeError(Some(error)))
    }
}

/// Reads a `result` of rows; says what it found when that is no list.
pub(super) struct RowList<'c, R> {
    pub(super) rows: &'c Rows<R>,
    pub(super) found: &'c Cell<Option<&'static str>>,
}

impl<R> RowList<'_, R> {
    fn no_list<E: Error>(&self, found: &'static str) -> E {
        self.found.set(Some(found));
        E::custom("not a list of rows")
    }
}

impl<'de, R: Row<'de>> DeserializeSeed<'de> for RowList<'_, R> {
    type Value = Vec<R>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<R>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: Row<'de>> Visitor<'de> for RowList<'_, R> {
    type Value = Vec<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<R>, A::Error> {
        self.rows
            .seed()
            .deserialize(SeqAccessDeserializer::new(seq))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Vec<R>, E> {
        Err(self.no_list("a boolean"))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Vec<R>, E> {
        Err(self.no_list("a number"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Vec<R>, E> {
        Err(self.no_list("a number"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Vec<R>, E> {
        Err(self.no_list("a number"))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Vec<R>, E> {
        Err(self.no_list("a text"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Vec<R>, A::Error> {
        Err(self.no_list("an object"))
    }
}
