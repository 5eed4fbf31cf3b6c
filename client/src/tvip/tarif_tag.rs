//! `/tarif_tags`: groups of tariffs.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, may_have};
use super::{ProviderId, TarifTagId};

/// A group of tariffs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TarifTag {
    /// The server's key.
    pub id: TarifTagId,
    /// The name.
    pub name: String,
    /// `true` if it is shown.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The owner.
    #[serde(default)]
    pub provider: Option<ProviderId>,
    /// Its place among the groups.
    #[serde(default)]
    pub position: Option<i64>,
}

/// A group to be created.
#[derive(Debug, Clone, Serialize)]
pub struct NewTarifTag {
    /// The name.
    pub name: String,
    /// `true` if it is shown.
    pub enabled: bool,
    /// The owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// Its place among the groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

/// A change of a group; what it does not name stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TarifTagChange {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `true` if it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Its place among the groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

/// The groups to list.
#[derive(Debug, Clone, Default)]
pub struct TarifTagFilter {
    /// Those shown, or not.
    pub enabled: Option<bool>,
    /// This provider's.
    pub provider: Option<ProviderId>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for TarifTag {
    type Id = TarifTagId;
    type Filter = TarifTagFilter;
    paths!("tarif_tags");

    fn id(&self) -> TarifTagId {
        self.id
    }
}

impl Writable for TarifTag {
    type New = NewTarifTag;
    type Change = TarifTagChange;
}

impl Filter<TarifTag> for TarifTagFilter {
    fn ask(&self, query: &mut Query) {
        query.flag("enabled", self.enabled);
        query.id("provider", self.provider);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, tag: &TarifTag) -> bool {
        may_have(&self.enabled, tag.enabled.as_ref())
            && may_have(&self.provider, tag.provider.as_ref())
    }
}
