//! Batches: a list of calls, answered by a list in whatever order.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::answer::{kind_of, read_rows};
use super::blemish;
use super::envelope::Id;
use super::proof::Failure;
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
///
/// # Errors
///
/// What a server answers to the batch as a whole: it could not even read the list.
pub(crate) fn read_batch(body: &[u8]) -> Result<Vec<(u64, &[u8])>, Failure> {
    let body = blemish::trimmed(body);
    match body.first() {
        Some(b'{') => return one_for_all(body),
        None => return Err(ProtocolError::CutOff.into()),
        _ => {}
    }
    let parsed = serde_json::from_slice::<Vec<&RawValue>>(body);
    let error = match parsed {
        Ok(answers) => return Ok(with_ids(&answers)),
        Err(error) => error,
    };
    // Something may stand around it. Each answer names its call.
    let list = blemish::only_document(body, b'[', is_list_of_answers);
    match list.map(serde_json::from_slice::<Vec<&RawValue>>) {
        Some(Ok(answers)) => Ok(with_ids(&answers)),
        _ if body.first() != Some(&b'[') => Err(not_a_list(body)),
        _ if error.is_eof() => Err(ProtocolError::CutOff.into()),
        _ => Err(Failure::Protocol(ProtocolError::NotJson {
            line: error.line(),
            column: error.column(),
        })),
    }
}

fn with_ids<'a>(answers: &[&'a RawValue]) -> Vec<(u64, &'a [u8])> {
    answers
        .iter()
        .filter_map(|raw| Some((id_in(raw.get())?, raw.get().as_bytes())))
        .collect()
}

fn is_list_of_answers(document: &[u8]) -> bool {
    let whole = |answer: &&RawValue| blemish::is_whole_answer(answer.get().as_bytes());
    serde_json::from_slice::<Vec<&RawValue>>(document)
        .is_ok_and(|answers| answers.iter().all(whole))
}

/// One answer instead of a list: to the one call that it names, or to all.
fn one_for_all(body: &[u8]) -> Result<Vec<(u64, &[u8])>, Failure> {
    let text = std::str::from_utf8(body).ok();
    if let Some(id) = text.and_then(id_in) {
        return Ok(vec![(id, body)]);
    }
    // No call has this id.
    Err(match read_rows::<i64>(body, 0) {
        Err(error @ Failure::Error(..)) => error,
        _ => not_a_list(body),
    })
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
            if let Id::Number(id) = Id::new(&map.next_value()?) {
                *self.0 = Some(id);
            }
            return Err(A::Error::custom("the rest is not read here"));
        }
        Ok(())
    }
}
