//! The JSON-RPC envelope, one or a list of them.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// One call.
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    /// The bytes of `params`; an empty object without any.
    pub(super) params: &'a [u8],
}

/// What a call comes to.
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
    method: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    params: Option<&'a RawValue>,
}

/// Answers a request body: a call, or a list of calls answered in order, each
/// whatever became of the others.
pub(super) fn answer(body: &[u8], mut execute: impl FnMut(&Call<'_>) -> Outcome) -> String {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        return single(body, &mut execute).to_string();
    }
    let calls: Vec<&RawValue> = match serde_json::from_slice(body) {
        Ok(calls) => calls,
        Err(error) => return not_json(&error).to_string(),
    };
    if calls.is_empty() {
        let message = "expected a call or a list of calls, found []";
        return response(Value::Null, Outcome::Error(message.to_owned())).to_string();
    }
    let answers: Vec<Value> = calls
        .iter()
        .map(|call| single(call.get().as_bytes(), &mut execute))
        .collect();
    Value::Array(answers).to_string()
}

fn single(body: &[u8], execute: &mut impl FnMut(&Call<'_>) -> Outcome) -> Value {
    let envelope: Envelope<'_> = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(error) => return not_json(&error),
    };
    let Some(method) = &envelope.method else {
        let message = "member `method` is missing; expected a JSON-RPC call, \
                       {\"jsonrpc\": \"2.0\", \"id\": …, \"method\": …, \"params\": …}";
        return response(envelope.id, Outcome::Error(message.to_owned()));
    };
    let params = envelope.params.map_or("{}", RawValue::get);
    let outcome = execute(&Call {
        method,
        params: params.as_bytes(),
    });
    response(envelope.id, outcome)
}

/// A body that cannot be read has no id to answer to.
fn not_json(error: &serde_json::Error) -> Value {
    let message = match error.classify() {
        serde_json::error::Category::Data => format!("not a JSON-RPC call: {error}"),
        _ => format!("not JSON: {error}"),
    };
    response(Value::Null, Outcome::Error(message))
}

fn response(id: Value, outcome: Outcome) -> Value {
    let (member, value) = match outcome {
        Outcome::Result(result) => ("result", result),
        Outcome::Error(message) => ("error", json!({"message": message})),
        Outcome::ErrorString(message) => ("error", Value::String(message)),
    };
    let mut response = serde_json::Map::new();
    response.insert("jsonrpc".to_owned(), "2.0".into());
    response.insert("id".to_owned(), id);
    response.insert(member.to_owned(), value);
    Value::Object(response)
}
