//! Envelopes of answers: from the bytes to the rows in one pass.

use std::cell::Cell;
use std::marker::PhantomData;

use jsonsql::row::{DecodeError, Row, Rows, Scalar};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;

use super::blemish;
use super::envelope::{Envelope, EnvelopeVisitor, Id};
use super::member::{ErrorMember, RowList};
use crate::error::ProtocolError;

/// What shows that an answer is this server's answer to this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It names the call. So does an error that JSON-RPC 2.0 (5, "id") answers
    /// with a null id: the server could not read the request.
    Id,
    /// It names no call, and has rows of the row type: nobody else has those.
    Rows,
    /// It names no call. The document's answers all do (grade A).
    Nothing,
}

/// The rows of an answer.
pub(crate) struct Answer<T> {
    pub(crate) rows: T,
    pub(crate) proof: Proof,
}

/// An answer without the result that was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is no answer.
    Protocol(ProtocolError),
    /// The rows are not of the row type.
    Decode(DecodeError, Proof),
    /// It says what is wrong.
    Error(ErrorMember, Proof),
}

impl From<ProtocolError> for Failure {
    fn from(error: ProtocolError) -> Self {
        Failure::Protocol(error)
    }
}

/// The rows of the answer to call `id`.
pub(crate) fn read_rows<'de, R: Row<'de>>(
    body: &'de [u8],
    id: u64,
) -> Result<Answer<Vec<R>>, Failure> {
    let rows = Rows::<R>::default();
    let no_list = Cell::new(false);
    let list = || RowList {
        rows: &rows,
        no_list: &no_list,
    };
    let misfit = |error: &serde_json::Error, document: &'de [u8], proof| match no_list.take() {
        true => Failure::Protocol(ProtocolError::Result {
            found: kind_of_result(document),
            expected: "a list of rows",
        }),
        false => Failure::Decode(rows.error(error), proof),
    };
    let (rows, proof) = read(body, id, list, misfit)?;
    let rows = rows.ok_or(ProtocolError::NullResult)?;
    let proof = match proof {
        Proof::Nothing if !rows.is_empty() => Proof::Rows,
        proof => proof,
    };
    Ok(Answer { rows, proof })
}

/// Told by the JSON itself: whether a number is visited as one depends on a
/// feature of `serde_json` that any crate can turn on.
fn kind_of_result(document: &[u8]) -> &'static str {
    let read = self::document(document, PhantomData::<Scalar<'_>>);
    let result = read.ok().and_then(|envelope| envelope.result.flatten());
    result.map_or("something else", |found| found.kind())
}

/// The rows of the answer to call `id`, whatever they hold: a flat list is one
/// of rows of one value, and so is a single value. What a write without
/// `returning` is answered with is unknown; `null` is taken for no rows.
pub(crate) fn read_values(body: &[u8], id: u64) -> Result<Answer<Vec<Vec<Value>>>, Failure> {
    let misfit = |_: &_, _: &_, _| {
        Failure::Protocol(ProtocolError::Result {
            found: "something else",
            expected: "a value",
        })
    };
    let (value, proof) = read(body, id, || PhantomData::<Value>, misfit)?;
    let rows = match value {
        Some(Value::Array(rows)) => rows.into_iter().map(row_of).collect(),
        Some(value) => vec![vec![value]],
        None => Vec::new(),
    };
    Ok(Answer { rows, proof })
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
    let (session, _) = read(body, id, || Session, |_, _, _| shape())?;
    session.flatten().ok_or_else(shape)
}

/// Reads an answer, and then what is around it if it cannot be read alone.
///
/// The rows are read in one pass. Whether they are this call's is known at its
/// end only, so a second pass looks for that before a misfit of them is one.
fn read<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    id: u64,
    result: impl Fn() -> S,
    misfit: impl FnOnce(&serde_json::Error, &'de [u8], Proof) -> Failure,
) -> Result<(Option<S::Value>, Proof), Failure> {
    let body = blemish::trimmed(body);
    let (document, problem) = match document(body, result()) {
        Ok(envelope) => return conclude(envelope, id),
        Err(problem) => (body, problem),
    };
    if let Some(Category::Data) = problem.category() {
        return Err(misread(document, id, problem, misfit));
    }
    // Whose it is has to be written in it: it was not alone.
    let Some(document) = blemish::only_document(body, b'{', blemish::is_whole_answer) else {
        return Err(problem.into_failure(body));
    };
    tracing::debug!(
        bytes = body.len() - document.len(),
        "the answer has something around it"
    );
    match self::document(document, result()) {
        Ok(envelope) => conclude(envelope, id),
        Err(problem) => Err(misread(document, id, problem, misfit)),
    }
}

/// The failure of an answer whose rows are not of the row type, if it is one.
fn misread<'de>(
    document: &'de [u8],
    id: u64,
    problem: Unread,
    misfit: impl FnOnce(&serde_json::Error, &'de [u8], Proof) -> Failure,
) -> Failure {
    let Unread::Json(error) = problem else {
        return problem.into_failure(document);
    };
    match self::document(document, PhantomData::<IgnoredAny>).map(|found| conclude(found, id)) {
        Ok(Ok((_, proof))) => misfit(&error, document, proof),
        Ok(Err(failure)) => failure,
        Err(problem) => problem.into_failure(document),
    }
}

/// One answer, and nothing else.
fn document<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    result: S,
) -> Result<Envelope<S::Value>, Unread> {
    if body.first() != Some(&b'{') {
        return Err(Unread::NoObject);
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    json.deserialize_map(EnvelopeVisitor(Some(result)))
        .and_then(|envelope| json.end().map(|()| envelope))
        .map_err(Unread::Json)
}

/// Why a text is not one answer.
enum Unread {
    NoObject,
    Json(serde_json::Error),
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

/// What the members say together. Whose answer it is comes first: what another
/// call's answer says is nothing to this call.
fn conclude<T>(envelope: Envelope<T>, id: u64) -> Result<(Option<T>, Proof), Failure> {
    if let Some(member) = envelope.repeated {
        return Err(ProtocolError::Repeated { member }.into());
    }
    let mut proof = match envelope.id {
        Some(Id::Number(answered)) if answered == id => Proof::Id,
        None | Some(Id::Null) => Proof::Nothing,
        Some(_) => return Err(ProtocolError::ForeignId.into()),
    };
    match (envelope.error, envelope.result) {
        (Some(_), Some(Some(_))) => Err(ProtocolError::Both.into()),
        (Some(error), _) => {
            if envelope.version && envelope.id == Some(Id::Null) && error.is_unread_request() {
                proof = Proof::Id;
            }
            Err(Failure::Error(error, proof))
        }
        (None, Some(result)) => Ok((result, proof)),
        (None, None) => Err(ProtocolError::NoResult.into()),
    }
}

/// What stands where an object should, without a word of it.
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
