//! From stored values to JSON.

use jsonsql::ast::SqlKind;
use rusqlite::types::ValueRef;
use serde_json::Value;

/// A value as an answer has it: by the type of its column, never by its looks.
/// Everything but booleans and integers is PostgreSQL's text, numerics too:
/// how the vendor's server sends those is not known.
pub(super) fn json(stored: ValueRef<'_>, kind: SqlKind) -> Value {
    match (stored, kind) {
        (ValueRef::Integer(value), SqlKind::Bool) => Value::Bool(value != 0),
        (ValueRef::Integer(value), SqlKind::Text) => Value::String(value.to_string()),
        (stored, _) => self::stored(stored),
    }
}

/// A value as it is stored.
pub(super) fn stored(stored: ValueRef<'_>) -> Value {
    match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => value.into(),
        ValueRef::Real(value) => value.into(),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            Value::String(String::from_utf8_lossy(text).into_owned())
        }
    }
}
