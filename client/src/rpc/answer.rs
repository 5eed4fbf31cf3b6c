//! Envelopes of answers: from the bytes to the rows in one pass.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use jsonsql::row::{DecodeError, Row, Rows, Scalar};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::member::{ErrorMember, MaybeError, RowList};
use crate::error::ProtocolError;

/// An answer without the result that was asked for.
pub(crate) enum Failure {
    /// It is no answer.
    Protocol(ProtocolError),
    /// The rows are not of the row type.
    Decode(DecodeError),
    /// It says what is wrong.
    Error(ErrorMember),
}

impl From<ProtocolError> for Failure {
    fn from(error: ProtocolError) -> Self {
        Failure::Protocol(error)
    }
}

/// The rows of the answer to call `id`.
pub(crate) fn read_rows<'de, R: Row<'de>>(body: &'de [u8], id: u64) -> Result<Vec<R>, Failure> {
    let rows = Rows::<R>::default();
    let no_list = Cell::new(false);
    let list = RowList {
        rows: &rows,
        no_list: &no_list,
    };
    read(body, id, list, |error| match no_list.take() {
        // Told by the JSON itself: whether a number is visited as one depends
        // on a feature of `serde_json` that any crate can turn on.
        true => Failure::Protocol(ProtocolError::Result {
            found: read(body, id, PhantomData::<Scalar<'_>>, |_| {
                ProtocolError::CutOff.into()
            })
            .map_or("something else", |found| found.kind()),
            expected: "a list of rows",
        }),
        false => Failure::Decode(rows.error(error)),
    })
}

/// The rows of the answer to call `id`, whatever they hold: a flat list is one
/// of rows of one value, and so is a single value. What a write without
/// `returning` is answered with is unknown; `null` is taken for no rows.
pub(crate) fn read_values(body: &[u8], id: u64) -> Result<Vec<Vec<Value>>, Failure> {
    let misfit = |_: &_| {
        Failure::Protocol(ProtocolError::Result {
            found: "something else",
            expected: "a value",
        })
    };
    match read(body, id, PhantomData::<Value>, misfit) {
        Ok(Value::Array(rows)) => Ok(rows.into_iter().map(row_of).collect()),
        Ok(value) => Ok(vec![vec![value]]),
        Err(Failure::Protocol(ProtocolError::NullResult)) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn row_of(value: Value) -> Vec<Value> {
    match value {
        Value::Array(row) => row,
        value => vec![value],
    }
}

/// The session id in the answer to a login.
pub(crate) fn read_session(body: &[u8], id: u64) -> Result<SecretString, Failure> {
    struct Session;

    impl<'de> DeserializeSeed<'de> for Session {
        type Value = Option<SecretString>;

        fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
            let result = Value::deserialize(json)?;
            let id = result.get("session_id").and_then(Value::as_str);
            // It goes into a header, where nothing else fits.
            let id = id.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic()));
            Ok(id.map(SecretString::from))
        }
    }

    let shape = || {
        Failure::Protocol(ProtocolError::Result {
            found: "something else",
            expected: "an object with a `session_id`",
        })
    };
    read(body, id, Session, |_| shape())?.ok_or_else(shape)
}

fn read<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    id: u64,
    result: S,
    misfit: impl FnOnce(&serde_json::Error) -> Failure,
) -> Result<S::Value, Failure> {
    check_object(body)?;
    let mut json = serde_json::Deserializer::from_slice(body);
    let envelope = json
        .deserialize_map(EnvelopeVisitor(Some(result)))
        .and_then(|envelope| json.end().map(|()| envelope))
        .map_err(|error| match error.classify() {
            Category::Data => misfit(&error),
            Category::Eof => ProtocolError::CutOff.into(),
            Category::Syntax | Category::Io => ProtocolError::NotJson {
                line: error.line(),
                column: error.column(),
            }
            .into(),
        })?;
    if let Some(error) = envelope.error {
        return Err(Failure::Error(error));
    }
    if envelope.id.is_some_and(|answered| answered != id) {
        return Err(ProtocolError::ForeignId.into());
    }
    match envelope.result {
        Some(Some(result)) => Ok(result),
        Some(None) => Err(ProtocolError::NullResult.into()),
        None => Err(ProtocolError::NoResult.into()),
    }
}

/// What the answer begins with decides, before any value could be quoted.
fn check_object(body: &[u8]) -> Result<(), ProtocolError> {
    let found = match body.trim_ascii_start().first() {
        Some(b'{') => return Ok(()),
        None => return Err(ProtocolError::CutOff),
        _ => kind_of(body),
    };
    Err(match found {
        Some(found) => ProtocolError::Shape {
            found,
            expected: "an object",
        },
        None => ProtocolError::NotJson { line: 1, column: 1 },
    })
}

/// The kind of a JSON document, if it is one.
pub(super) fn kind_of(body: &[u8]) -> Option<&'static str> {
    serde_json::from_slice::<IgnoredAny>(body).ok()?;
    Some(match body.trim_ascii_start().first()? {
        b'{' => "an object",
        b'[' => "a list",
        b'"' => "a text",
        b'n' => "null",
        b't' | b'f' => "a boolean",
        _ => "a number",
    })
}

struct Envelope<T> {
    id: Option<u64>,
    /// The inner `None` is a `null`.
    result: Option<Option<T>>,
    error: Option<ErrorMember>,
}

/// Members in any order; `result` is read where it stands.
struct EnvelopeVisitor<S>(Option<S>);

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for EnvelopeVisitor<S> {
    type Value = Envelope<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut envelope = Envelope {
            id: None,
            result: None,
            error: None,
        };
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match (name.as_ref(), self.0.is_some()) {
                ("id", _) => envelope.id = id_of(&map.next_value()?),
                ("error", _) => envelope.error = map.next_value::<MaybeError>()?.0,
                ("result", true) => {
                    envelope.result = Some(map.next_value_seed(Nullable(self.0.take()))?);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(envelope)
    }
}

/// The id of an answer. None or null is left to the order of the calls; one
/// that is no number is none of ours.
fn id_of(scalar: &Scalar<'_>) -> Option<u64> {
    match scalar {
        Scalar::Null => None,
        Scalar::Number(id) => Some(id.parse().unwrap_or(0)),
        Scalar::Text(id) => Some(id.parse().unwrap_or(0)),
        _ => Some(0),
    }
}

/// A value or null.
struct Nullable<S>(Option<S>);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Nullable<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Nullable<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        self.0.map(|seed| seed.deserialize(json)).transpose()
    }
}
