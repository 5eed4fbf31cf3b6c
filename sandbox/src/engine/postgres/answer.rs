//! From PostgreSQL's texts to JSON.

use jsonsql::ast::SqlKind;
use serde_json::Value;
use tokio_postgres::types::Type;

/// A value as an answer has it, by its type: booleans and whole numbers are
/// JSON's, everything else is the text PostgreSQL prints. How the vendor's
/// server sends numerics, arrays and JSON is not known.
pub(super) fn json(text: Option<&str>, of: &Type) -> Value {
    let Some(text) = text else {
        return Value::Null;
    };
    match *of {
        Type::BOOL => Value::Bool(text == "t"),
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => text
            .parse::<i64>()
            .map_or_else(|_| Value::String(text.to_owned()), Value::from),
        _ => Value::String(text.to_owned()),
    }
}

/// The type, as far as anything depends on it.
pub(super) fn kind(of: &Type) -> SqlKind {
    match *of {
        Type::BOOL => SqlKind::Bool,
        Type::INT2 | Type::INT4 => SqlKind::Int,
        Type::INT8 | Type::OID => SqlKind::BigInt,
        Type::NUMERIC => SqlKind::Numeric,
        Type::FLOAT4 | Type::FLOAT8 => SqlKind::Float,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => SqlKind::Timestamp,
        Type::INTERVAL => SqlKind::Interval,
        Type::INET | Type::CIDR => SqlKind::Inet,
        Type::MACADDR => SqlKind::MacAddr,
        _ => SqlKind::Text,
    }
}
