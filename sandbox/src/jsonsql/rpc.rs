//! The JSON-RPC envelope, one or a list of them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::pasted;

/// One call.
pub(super) struct Call<'a> {
    pub(super) method: Cow<'a, str>,
    /// The bytes of `params`; an empty object without any.
    pub(super) params: &'a [u8],
}

/// The outcome of a call.
pub(super) enum Outcome {
    Result(Value),
    /// `{"error": {"message": …}}`. No source documents a code.
    Error(String),
    /// `{"error": "…"}`.
    ErrorString(String),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    id: Value,
    #[serde(default, borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    params: Option<&'a RawValue>,
}

/// A request body: a call, or a list of calls.
pub(super) struct Request<'a> {
    calls: Vec<Asked<'a>>,
    is_batch: bool,
}

/// A call and the id to answer it with, or the answer of what is no call.
type Asked<'a> = Result<(Value, Call<'a>), Response>;

/// The answer to one call.
struct Response {
    id: Value,
    outcome: Outcome,
}

impl<'a> Request<'a> {
    /// Reads a body; of a list of more than this many calls, none.
    pub(super) fn read(body: &'a [u8], most: usize) -> Request<'a> {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if first != Some(&b'[') {
            return Request::single(asked(body));
        }
        match batch(body, most) {
            Err(error) if error.to_string().starts_with(TOO_MANY) => {
                let message = format!("{TOO_MANY} than {most} calls (--max-batch)");
                let refused = response(Value::Null, Outcome::Error(message));
                Request::single(Err(refused))
            }
            Err(error) => Request::single(Err(not_json(body, &error))),
            Ok(calls) if calls.is_empty() => {
                let message = "expected a call or a list of calls, found []";
                let refused = response(Value::Null, Outcome::Error(message.to_owned()));
                Request::single(Err(refused))
            }
            Ok(calls) => Request {
                calls: calls
                    .into_iter()
                    .map(|call| asked(call.get().as_bytes()))
                    .collect(),
                is_batch: true,
            },
        }
    }

    fn single(call: Asked<'a>) -> Request<'a> {
        Request {
            calls: vec![call],
            is_batch: false,
        }
    }

    /// Returns the calls that can be executed, in order.
    pub(super) fn calls(&self) -> impl Iterator<Item = &Call<'a>> {
        self.calls.iter().flatten().map(|(_, call)| call)
    }

    /// The answer, given what each of [`calls`](Self::calls) came to.
    pub(super) fn answer(self, outcomes: Vec<Outcome>) -> String {
        let mut outcomes = outcomes.into_iter();
        let mut answers = self.calls.into_iter().filter_map(|asked| match asked {
            Ok((id, _)) => Some(response(id, outcomes.next()?)),
            Err(refused) => Some(refused),
        });
        let written = if self.is_batch {
            serde_json::to_string(&answers.collect::<Vec<_>>())
        } else {
            serde_json::to_string(&answers.next())
        };
        // Their keys are texts, so they can be written.
        written.unwrap_or_default()
    }
}

/// The beginning of the error of a batch with too many calls.
const TOO_MANY: &str = "the batch has more";

/// The calls of a list. Those beyond the most are not even counted: a few bytes
/// make a call, and a call makes an answer.
fn batch(body: &[u8], most: usize) -> serde_json::Result<Vec<&RawValue>> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let calls = Batch(most).deserialize(&mut json)?;
    json.end()?;
    Ok(calls)
}

struct Batch(usize);

impl<'de> DeserializeSeed<'de> for Batch {
    type Value = Vec<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Batch {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut calls = Vec::new();
        while let Some(call) = list.next_element()? {
            if calls.len() == self.0 {
                return Err(A::Error::custom(TOO_MANY));
            }
            calls.push(call);
        }
        Ok(calls)
    }
}

fn asked(body: &[u8]) -> Asked<'_> {
    let envelope: Envelope<'_> = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(error) => return Err(not_json(body, &error)),
    };
    let Some(method) = envelope.method else {
        let message = "member `method` is missing; expected a JSON-RPC call, \
                       {\"jsonrpc\": \"2.0\", \"id\": …, \"method\": …, \"params\": …}";
        return Err(response(envelope.id, Outcome::Error(message.to_owned())));
    };
    let params = envelope.params.map_or("{}", RawValue::get).as_bytes();
    Ok((envelope.id, Call { method, params }))
}

/// A body that cannot be read has no id to answer to.
fn not_json(body: &[u8], error: &serde_json::Error) -> Response {
    let message = match (pasted::reason(body, error), error.classify()) {
        (Some(reason), _) => format!("not JSON: {reason}"),
        (None, Category::Data) => format!("not a JSON-RPC call: {error}"),
        (None, _) => format!("not JSON: {error}"),
    };
    response(Value::Null, Outcome::Error(message))
}

fn response(id: Value, outcome: Outcome) -> Response {
    Response { id, outcome }
}

/// Writes the members in the order of the vendor's document.
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(3))?;
        members.serialize_entry("jsonrpc", "2.0")?;
        members.serialize_entry("id", &self.id)?;
        match &self.outcome {
            Outcome::Result(result) => members.serialize_entry("result", result)?,
            Outcome::Error(message) => {
                members.serialize_entry("error", &json!({"message": message}))?;
            }
            Outcome::ErrorString(message) => members.serialize_entry("error", message)?,
        }
        members.end()
    }
}
