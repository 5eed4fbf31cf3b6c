//! `/providers`: operators that share one server; read only.

use serde::Deserialize;

use super::entity::{Entity, Filter, paths};
use super::query::{Query, may_have};
use super::{ProviderId, RegionId};

/// An operator. All accounts of one that is switched off are off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Provider {
    /// The server's key.
    pub id: ProviderId,
    /// The name.
    #[serde(default)]
    pub provider_name: Option<String>,
    /// Free text.
    #[serde(default)]
    pub provider_comment: Option<String>,
    /// `true` if its accounts have services.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The address of its picture.
    #[serde(default)]
    pub logo_url: Option<String>,
    /// The region of accounts without one.
    #[serde(default)]
    pub region_tag: Option<RegionId>,
    /// The limit of accounts without one; none is no limit.
    #[serde(default)]
    pub devices_per_account_limit: Option<i64>,
}

/// The providers to list.
#[derive(Debug, Clone, Default)]
pub struct ProviderFilter {
    /// Those switched on, or off.
    pub enabled: Option<bool>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for Provider {
    type Id = ProviderId;
    type Filter = ProviderFilter;
    paths!("providers");

    fn id(&self) -> ProviderId {
        self.id
    }
}

impl Filter<Provider> for ProviderFilter {
    fn ask(&self, query: &mut Query) {
        query.flag("enabled", self.enabled);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, provider: &Provider) -> bool {
        may_have(&self.enabled, provider.enabled.as_ref())
    }
}
