//! Numbers with the digits they were sent with.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

use super::Scalar;

/// A value whose number, if it is one, has not gone through a float: for types
/// that say so with [`Decode::EXACT`](super::Decode::EXACT).
pub(super) struct Exact<'de>(pub(super) Scalar<'de>);

impl<'de> Deserialize<'de> for Exact<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Ok(Exact(Scalar::Number(text)));
        }
        serde_json::from_str(text).map(Exact).map_err(Error::custom)
    }
}
