//! Entities and lists as they are answered.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::resource::{Class, Resource, fields_in};
use super::state::State;
use super::unknowns::{Dto, EpochUnit, PinMd5, TvipUnknowns};

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (status, headers, body.to_string()).into_response()
}

/// Returns the body of the answer to a command or a deletion.
pub(super) fn response() -> Value {
    json!({"response": true})
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
pub(super) fn entity<R: Resource>(row: &R, state: &State, unknowns: &TvipUnknowns) -> Value {
    let mut stored = fields(row);
    let mut shown = Map::new();
    shown.insert("id".to_owned(), row.id().into());
    for (name, class) in fields_in::<R>(unknowns.field_set) {
        let value = stored.remove(name).unwrap_or_default();
        let value = match class {
            Class::Secret if unknowns.pin_md5 == PinMd5::Null => Value::Null,
            Class::Given | Class::Secret | Class::Kept | Class::Newer | Class::NewerKept => value,
            Class::Dto => match unknowns.dto {
                Dto::Null => Value::Null,
                // One step: what it refers to shows its own as null.
                Dto::Filled => row.referred(name, state, &with_null_dtos(unknowns)),
            },
            Class::NewerStamp => stamp(&value, unknowns.stamp_unit),
        };
        shown.insert(name.to_owned(), value);
    }
    Value::Object(shown)
}

/// The entity with this id, for a `_dto`.
pub(super) fn referred<R: Resource>(
    id: Option<i64>,
    state: &State,
    unknowns: &TvipUnknowns,
) -> Value {
    let row = id.and_then(|id| R::table(state).get(id));
    row.map_or(Value::Null, |row| entity(row, state, unknowns))
}

fn with_null_dtos(unknowns: &TvipUnknowns) -> TvipUnknowns {
    TvipUnknowns {
        dto: Dto::Null,
        ..*unknowns
    }
}

/// Stored in seconds.
fn stamp(value: &Value, unit: EpochUnit) -> Value {
    match (value.as_i64(), unit) {
        (Some(seconds), EpochUnit::Milliseconds) => seconds.saturating_mul(1000).into(),
        _ => value.clone(),
    }
}
