//! The members of an answer, each read as whatever kind of value it is.
//!
//! serde's own messages quote the value they did not expect. These do not.

use std::borrow::Cow;
use std::fmt;

use jsonsql::row::Scalar;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The `error` of an answer, if it has one: an object with a message and
/// perhaps a code, or a text. Both were seen.
#[derive(Debug, Default)]
pub(crate) struct ErrorMember {
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
}

impl ErrorMember {
    /// Returns `true` if it says that the request could not be read: JSON-RPC 2.0 (5.1)
    /// gives parse errors and invalid requests these codes.
    pub(super) fn is_unread_request(&self) -> bool {
        matches!(self.code, Some(-32700 | -32600))
    }
}

pub(super) struct MaybeError(pub(super) Option<ErrorMember>);

impl<'de> Deserialize<'de> for MaybeError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        // `""`, `false`, `0`, `[]`: what PHP sends for nothing, and nobody for an error.
        let Ok(error) = Scalar::deserialize(json) else {
            return Ok(said("an error whose text has an invalid escape"));
        };
        Ok(match error {
            Scalar::Null | Scalar::Bool(false) => MaybeError(None),
            Scalar::Bool(true) => said("true"),
            Scalar::Text(message) if message.is_empty() => MaybeError(None),
            Scalar::Text(message) => said(&message),
            Scalar::Number(digits) => match digits.parse() {
                Ok(0) => MaybeError(None),
                Ok(code) => MaybeError(Some(ErrorMember {
                    code: Some(code),
                    message: NO_MESSAGE.to_owned(),
                })),
                Err(_) => said("an error that is a number with a fraction or out of range"),
            },
            Scalar::List => match Vec::<IgnoredAny>::deserialize(json) {
                Ok(items) if items.is_empty() => MaybeError(None),
                _ => said("an error that is a list"),
            },
            _ => json
                .deserialize_map(ErrorVisitor)
                .map_err(D::Error::custom)?,
        })
    }
}

fn said(message: &str) -> MaybeError {
    MaybeError(Some(ErrorMember {
        code: None,
        message: message.to_owned(),
    }))
}

const NO_MESSAGE: &str = "an error without a message";

struct ErrorVisitor;

impl<'de> Visitor<'de> for ErrorVisitor {
    type Value = MaybeError;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MaybeError, A::Error> {
        let mut error = ErrorMember::default();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "code" => {
                    error.code = match map.next_value()? {
                        Scalar::Number(code) => code.parse().ok(),
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
            NO_MESSAGE.clone_into(&mut error.message);
        }
        Ok(MaybeError(Some(error)))
    }
}
