//! `/tarifs`: tariffs, which TVIP spells so everywhere.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, may_have};
use super::{ChannelId, ProviderId, TarifId, TarifTagId, fields};
use crate::model::Patch;

/// A tariff. Its channels are those listed with
/// [`ChannelFilter::tarif`](super::ChannelFilter::tarif).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Tarif {
    /// The server's key.
    pub id: TarifId,
    /// The name.
    pub tarif_name: String,
    /// The group.
    #[serde(default)]
    pub tarif_tag: Option<TarifTagId>,
    /// The provider; none if shared by all of them, which is inferred.
    #[serde(default)]
    pub provider: Option<ProviderId>,
    /// `true` if it is available.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// A tariff to be created. No client in production does; the vendor's SDK can.
#[derive(Debug, Clone, Serialize)]
pub struct NewTarif {
    /// The name.
    pub tarif_name: String,
    /// The group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tarif_tag: Option<TarifTagId>,
    /// The owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// `true` if it is available.
    pub enabled: bool,
}

/// A change of a tariff; what it does not name stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TarifChange {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tarif_name: Option<String>,
    /// The group.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub tarif_tag: Patch<TarifTagId>,
    /// `true` if it is available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// The tariffs to list.
#[derive(Debug, Clone, Default)]
pub struct TarifFilter {
    /// Those with this channel, as far as the server says.
    pub channel: Option<ChannelId>,
    /// Those that are available, or are not.
    pub enabled: Option<bool>,
    /// This provider's.
    pub provider: Option<ProviderId>,
    /// This group.
    pub tarif_tag: Option<TarifTagId>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for Tarif {
    type Id = TarifId;
    type Filter = TarifFilter;
    paths!("tarifs");

    fn id(&self) -> TarifId {
        self.id
    }
}

impl Writable for Tarif {
    type New = NewTarif;
    type Change = TarifChange;
}

impl Filter<Tarif> for TarifFilter {
    fn ask(&self, query: &mut Query) {
        query.id("channel", self.channel);
        query.flag("enabled", self.enabled);
        query.id("provider", self.provider);
        query.id("tarif_tag", self.tarif_tag);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, tarif: &Tarif) -> bool {
        may_have(&self.enabled, tarif.enabled.as_ref())
            && may_have(&self.provider, tarif.provider.as_ref())
            && may_have(&self.tarif_tag, tarif.tarif_tag.as_ref())
    }
}
