//! Entities and lists as they are answered.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Map, Value, json};

use super::behavior::{Dto, EpochUnit, PinMd5, TvipBehavior};
use super::resource::{Class, Resource, fields_in};
use super::state::State;

/// JSON whose members are in the order of the vendor's documents.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Json {
    /// A value without members, or with one.
    Value(Value),
    List(Vec<Json>),
    #[serde(serialize_with = "members")]
    Object(Vec<(&'static str, Json)>),
}

impl<V: Into<Value>> From<V> for Json {
    fn from(value: V) -> Json {
        Json::Value(value.into())
    }
}

fn members<S: Serializer>(
    members: &[(&'static str, Json)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(members.len()))?;
    for (name, value) in members {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

pub(super) fn json(status: StatusCode, body: &Json) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    // Its keys are texts, so it can be written.
    let body = serde_json::to_string(body).unwrap_or_default();
    (status, headers, body).into_response()
}

/// Returns the body of the answer to a command or a deletion.
pub(super) fn response() -> Json {
    json!({"response": true}).into()
}

/// The fields of a row as it is stored.
pub(super) fn fields<R: Resource>(row: &R) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => fields,
        // A row is a struct of numbers, texts and lists.
        other => unreachable!("a row is an object: {other:?}"),
    }
}

/// A row as clients see it: only the fields the version has, secrets hidden.
pub(super) fn entity<R: Resource>(row: &R, state: &State, behavior: &TvipBehavior) -> Json {
    let mut stored = fields(row);
    let mut shown = Vec::new();
    for (name, class) in fields_in::<R>(behavior.field_set) {
        let value = stored.remove(name).unwrap_or_default();
        let value = match class {
            Class::Secret if behavior.pin_md5 == PinMd5::Null => Value::Null.into(),
            Class::Given | Class::Secret | Class::Kept | Class::Newer | Class::NewerKept => {
                value.into()
            }
            Class::Dto => match behavior.dto {
                Dto::Null => Value::Null.into(),
                // One step: what it refers to shows its own as null.
                Dto::Filled => row.referred(name, state, &with_null_dtos(behavior)),
            },
            Class::NewerStamp => stamp(&value, behavior.stamp_unit).into(),
        };
        shown.push((name, value));
    }
    shown.insert(R::ID_AT.min(shown.len()), ("id", row.id().into()));
    Json::Object(shown)
}

/// The entity with this id, for a `_dto`.
pub(super) fn referred<R: Resource>(
    id: Option<i64>,
    state: &State,
    behavior: &TvipBehavior,
) -> Json {
    let row = id.and_then(|id| R::table(state).get(id));
    row.map_or(Json::Value(Value::Null), |row| entity(row, state, behavior))
}

fn with_null_dtos(behavior: &TvipBehavior) -> TvipBehavior {
    TvipBehavior {
        dto: Dto::Null,
        ..*behavior
    }
}

/// Stored in seconds.
fn stamp(value: &Value, unit: EpochUnit) -> Value {
    match (value.as_i64(), unit) {
        (Some(seconds), EpochUnit::Milliseconds) => seconds.saturating_mul(1000).into(),
        _ => value.clone(),
    }
}
