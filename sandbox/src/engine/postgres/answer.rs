//! From PostgreSQL's texts to JSON.

use jsonsql::ast::SqlKind;
use serde_json::Value;
use tokio_postgres::types::Type;

/// The types of PostgreSQL that the language has a name for.
const KINDS: [(Type, SqlKind); 19] = [
    (Type::BOOL, SqlKind::Bool),
    (Type::INT2, SqlKind::SmallInt),
    (Type::INT4, SqlKind::Int),
    (Type::INT8, SqlKind::BigInt),
    (Type::OID, SqlKind::BigInt),
    (Type::NUMERIC, SqlKind::Numeric),
    (Type::FLOAT4, SqlKind::Float),
    (Type::FLOAT8, SqlKind::Float),
    (Type::TEXT, SqlKind::Text),
    (Type::VARCHAR, SqlKind::Text),
    (Type::DATE, SqlKind::Date),
    (Type::TIME, SqlKind::Time),
    (Type::TIMESTAMP, SqlKind::Timestamp),
    (Type::TIMESTAMPTZ, SqlKind::TimestampTz),
    (Type::INTERVAL, SqlKind::Interval),
    (Type::INET, SqlKind::Inet),
    (Type::CIDR, SqlKind::Inet),
    (Type::MACADDR, SqlKind::MacAddr),
    (Type::UUID, SqlKind::Uuid),
];

/// A value as an answer has it, by its type: booleans and whole numbers are
/// JSON's, everything else is the text PostgreSQL prints. How the vendor's
/// server sends numerics, arrays and JSON is not known.
pub(super) fn json(text: Option<&str>, of: &Type) -> Value {
    let Some(text) = text else {
        return Value::Null;
    };
    match kind(of) {
        SqlKind::Bool => Value::Bool(text == "t"),
        SqlKind::SmallInt | SqlKind::Int | SqlKind::BigInt => text
            .parse::<i64>()
            .map_or_else(|_| Value::String(text.to_owned()), Value::from),
        _ => Value::String(text.to_owned()),
    }
}

/// The type, as far as anything depends on it: of what the language has no name
/// for, such as an array, that of its text.
pub(super) fn kind(of: &Type) -> SqlKind {
    let known = KINDS.iter().find(|(known, _)| known == of);
    known.map_or(SqlKind::Text, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_language_is_known() {
        for kind in SqlKind::ALL {
            let known = KINDS.iter().any(|(_, known)| known == kind);
            assert!(known, "{kind} would be answered as a text");
        }
    }
}
