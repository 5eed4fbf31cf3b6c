//! Scalars as clients in production spell them.
//!
//! One sends 1 and 0 for booleans and every number as a string, another an
//! empty string to clear a number; the vendor's server takes all of it.

use serde::de::{Deserializer, Error, Unexpected};
use serde::{Deserialize, de};
use serde_json::Value;

/// `true`, `1`, `"true"`.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let text = match &value {
        Value::Bool(flag) => return Ok(*flag),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        other => return Err(unexpected(other, &"true or false")),
    };
    as_flag(&text).ok_or_else(|| unexpected(&value, &"true or false"))
}

/// The Python SDK writes `True`.
pub(super) fn as_flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// `12` and `"12"`.
pub(super) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    as_integer(&value).ok_or_else(|| unexpected(&value, &"an integer"))
}

/// `12`, `"12"`, null; `""` is null too.
pub(super) fn optional_integer<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if value.is_null() || value == "" {
        return Ok(None);
    }
    let number = as_integer(&value).ok_or_else(|| unexpected(&value, &"an integer or null"))?;
    Ok(Some(number))
}

/// `[3, "11"]`.
pub(super) fn integers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let values = Vec::<Value>::deserialize(deserializer)?;
    let read = |value| as_integer(value).ok_or_else(|| unexpected(value, &"an integer"));
    values.iter().map(read).collect()
}

pub(super) fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn unexpected<E: Error>(value: &Value, expected: &dyn de::Expected) -> E {
    let found = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(flag) => Unexpected::Bool(*flag),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    E::invalid_type(found, expected)
}
