//! Envelopes of answers: from the bytes to the rows.

use jsonsql::row::{Row, Scalar};
use secrecy::SecretString;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::blemish;
use super::envelope::{Envelope, Unread};
use super::proof::{Answer, Failure, Proof, conclude};
use super::single_pass;
use crate::error::ProtocolError;

/// The rows of the answer to call `id`.
///
/// Whose answer it is comes before what is in it, for errors too: where the rows
/// and the rest are not both as they should be, the answer is read again, member
/// by member.
pub(crate) fn read_rows<'de, R: Row<'de>>(
    body: &'de [u8],
    id: u64,
) -> Result<Answer<Vec<R>>, Failure> {
    if let Some(answer) = single_pass::read_rows(body, id) {
        return Ok(answer);
    }
    let (result, proof) = read(body, id)?;
    let result = result.ok_or(ProtocolError::NullResult)?.get();
    if !result.starts_with('[') {
        return Err(Failure::Protocol(ProtocolError::Result {
            found: kind_of_value(result),
            expected: "a list of rows",
        }));
    }
    let rows: Vec<R> =
        jsonsql::row::decode(result.as_bytes()).map_err(|error| Failure::Decode(error, proof))?;
    Ok(Answer {
        proof: proof.with_rows(!rows.is_empty()),
        rows,
    })
}

fn kind_of_value(json: &str) -> &'static str {
    serde_json::from_str::<Scalar<'_>>(json).map_or("something else", |found| found.kind())
}

/// The rows of the answer to call `id`, whatever they hold: a flat list is one
/// of rows of one value, and so is a single value. What a write without
/// `returning` is answered with is unknown; `null` is taken for no rows.
pub(crate) fn read_values(body: &[u8], id: u64) -> Result<Answer<Vec<Vec<Value>>>, Failure> {
    let (result, proof) = read(body, id)?;
    let rows = match result.map(value).transpose()? {
        Some(Value::Array(rows)) => rows.into_iter().map(row_of).collect(),
        Some(value) => vec![vec![value]],
        None => Vec::new(),
    };
    Ok(Answer { rows, proof })
}

/// Fails where `serde_json` has no value for it: a number beyond a float.
fn value(json: &RawValue) -> Result<Value, ProtocolError> {
    serde_json::from_str(json.get()).map_err(|_| ProtocolError::Result {
        found: "something else",
        expected: "a value",
    })
}

fn row_of(value: Value) -> Vec<Value> {
    match value {
        Value::Array(row) => row,
        value => vec![value],
    }
}

/// The session id in the answer to a login.
pub(crate) fn read_session(body: &[u8], id: u64) -> Result<SecretString, Failure> {
    let (result, _) = read(body, id)?;
    let result = result.map(value).and_then(Result::ok).unwrap_or_default();
    let session = result.get("session_id").and_then(Value::as_str);
    // It goes into a header, where nothing else fits.
    let fits = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic());
    session
        .filter(fits)
        .map(SecretString::from)
        .ok_or(Failure::Protocol(ProtocolError::Result {
            found: "something else",
            expected: "an object with a `session_id`",
        }))
}

/// The result of an answer, or of the one answer in a text.
fn read(body: &[u8], id: u64) -> Result<(Option<&RawValue>, Proof), Failure> {
    let body = blemish::trimmed(body);
    let problem = match Envelope::read(body) {
        Ok(envelope) => return conclude(envelope, id),
        Err(problem) => problem,
    };
    if let Some(Category::Data) = problem.category() {
        return Err(problem.into_failure(body));
    }
    // Whose it is has to be written in it: it was not alone.
    let Some(document) = blemish::only_document(body, b'{', blemish::is_whole_answer) else {
        return Err(problem.into_failure(body));
    };
    tracing::debug!(
        bytes = body.len() - document.len(),
        "the answer has something around it"
    );
    match Envelope::read(document) {
        Ok(envelope) => conclude(envelope, id),
        Err(problem) => Err(problem.into_failure(document)),
    }
}

impl Unread {
    fn category(&self) -> Option<Category> {
        match self {
            Unread::NoObject => None,
            Unread::Json(error) => Some(error.classify()),
        }
    }

    fn into_failure(self, body: &[u8]) -> Failure {
        Failure::Protocol(match self {
            Unread::NoObject => no_object(body),
            Unread::Json(error) if error.is_eof() => ProtocolError::CutOff,
            Unread::Json(error) => ProtocolError::NotJson {
                line: error.line(),
                column: error.column(),
            },
        })
    }
}

/// Returns the kind of what stands where an object should, without a word of it.
fn no_object(body: &[u8]) -> ProtocolError {
    if body.is_empty() {
        return ProtocolError::CutOff;
    }
    match kind_of(body) {
        Some(found) => ProtocolError::Shape {
            found,
            expected: "an object",
        },
        None => ProtocolError::NotJson { line: 1, column: 1 },
    }
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
