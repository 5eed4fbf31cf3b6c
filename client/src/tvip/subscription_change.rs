//! Changes of subscriptions, which are alike for accounts and devices.

use serde::Serialize;

use super::{OffsetDateTime, TarifId, fields};
use crate::model::Patch;

/// A change of a subscription; what it does not name stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscriptionChange {
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<OffsetDateTime>,
    /// Until when: how a subscription is ended and stays to be seen.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub stop: Patch<OffsetDateTime>,
    /// Another tariff in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tarif: Option<TarifId>,
    /// Only for servers since 2023.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_shift_depth: Option<i64>,
}
