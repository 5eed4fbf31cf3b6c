//! Batches: a list of calls, answered by a list in whatever order.

use std::borrow::Cow;
use std::fmt;

use jsonsql::row::Scalar;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::answer::{Failure, kind_of, read_rows};
use crate::error::ProtocolError;

/// A list of envelopes.
pub(crate) fn envelopes<'a>(calls: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut body = vec![b'['];
    for call in calls {
        if body.len() > 1 {
            body.push(b',');
        }
        body.extend_from_slice(call);
    }
    body.push(b']');
    body
}

/// The answers in a batch's answer, each a document of its own, with the ids
/// they name. An answer without one is nobody's.
pub(crate) fn read_batch(body: &[u8]) -> Result<Vec<(u64, &[u8])>, Failure> {
    match body.trim_ascii_start().first() {
        Some(b'[') => {}
        // One answer for all: the server could not even read the list.
        Some(b'{') => {
            return Err(match read_rows::<i64>(body, 0) {
                Err(error @ Failure::Error(_)) => error,
                _ => not_a_list(body),
            });
        }
        None => return Err(ProtocolError::CutOff.into()),
        _ => return Err(not_a_list(body)),
    }
    let answers: Vec<&RawValue> = serde_json::from_slice(body).map_err(|error| {
        Failure::Protocol(match error.classify() {
            Category::Eof => ProtocolError::CutOff,
            _ => ProtocolError::NotJson {
                line: error.line(),
                column: error.column(),
            },
        })
    })?;
    Ok(answers
        .into_iter()
        .filter_map(|raw| Some((id_in(raw.get())?, raw.get().as_bytes())))
        .collect())
}

fn not_a_list(body: &[u8]) -> Failure {
    Failure::Protocol(match kind_of(body) {
        Some(found) => ProtocolError::Shape {
            found,
            expected: "a list",
        },
        None => ProtocolError::NotJson { line: 1, column: 1 },
    })
}

/// The id of an answer, whose rows are left for whoever they belong to: reading
/// stops where the id stands, which in most answers is before them.
fn id_in(answer: &str) -> Option<u64> {
    let mut id = None;
    // It always ends early, or without an id.
    let _ = serde_json::Deserializer::from_str(answer).deserialize_map(IdVisitor(&mut id));
    id
}

struct IdVisitor<'i>(&'i mut Option<u64>);

impl<'de> Visitor<'de> for IdVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name != "id" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            // A number or a text; another kind of value is no id.
            *self.0 = match map.next_value()? {
                Scalar::Number(id) => id.parse().ok(),
                Scalar::Text(id) => id.parse().ok(),
                _ => None,
            };
            return Err(A::Error::custom("the rest is not read here"));
        }
        Ok(())
    }
}
