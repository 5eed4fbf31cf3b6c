//! `/channels`: what is watched; read only.

use serde::Deserialize;
use serde_json::Value;

use super::entity::{Entity, Filter, paths};
use super::query::{Query, may_have};
use super::{ChannelId, TarifId};

/// A channel.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Channel {
    /// The server's key.
    pub id: ChannelId,
    /// The name.
    pub name: String,
    /// The name viewers see.
    #[serde(default)]
    pub text_name: Option<String>,
    /// The number on the remote control: a text.
    #[serde(default)]
    pub display_number: Option<String>,
    /// The address of its picture.
    #[serde(default)]
    pub logo_url: Option<String>,
    /// `true` if it can be watched.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The depth of its archive; the unit is not documented.
    #[serde(default)]
    pub time_shift_depth: Option<i64>,
    /// Since 2025; what is in it is not documented.
    #[serde(default)]
    pub favorites: Option<Vec<Value>>,
}

/// The channels to list.
#[derive(Debug, Clone, Default)]
pub struct ChannelFilter {
    /// Those of this tariff, as far as the server says.
    pub tarif: Option<TarifId>,
    /// Those that can be watched, or not.
    pub enabled: Option<bool>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for Channel {
    type Id = ChannelId;
    type Filter = ChannelFilter;
    paths!("channels");

    fn id(&self) -> ChannelId {
        self.id
    }
}

impl Filter<Channel> for ChannelFilter {
    fn ask(&self, query: &mut Query) {
        query.id("tarif", self.tarif);
        query.flag("enabled", self.enabled);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, channel: &Channel) -> bool {
        may_have(&self.enabled, channel.enabled.as_ref())
    }
}
