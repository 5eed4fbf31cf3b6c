//! Fields as this interface has them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::model::Patch;

/// A field of a change: absent keeps, null clears, a value sets. That null
/// clears is inferred, not documented.
pub(super) fn patch<T: Serialize, S: Serializer>(
    patch: &Patch<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match patch {
        Patch::Set(value) => serializer.serialize_some(value),
        Patch::Clear | Patch::Keep => serializer.serialize_none(),
    }
}

/// A field ending in `_dto`. What servers fill it with is not known, so what is
/// not the record expected counts as not filled.
pub(super) fn expanded<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Box<T>>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
