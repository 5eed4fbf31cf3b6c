//! `/regions`: regions, which have channels of their own; read only.

use serde::Deserialize;

use super::RegionId;
use super::entity::{Entity, Filter, paths};
use super::query::Query;

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Region {
    /// The server's key.
    pub id: RegionId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
}

/// The records to list.
#[derive(Debug, Clone, Default)]
pub struct RegionFilter {
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for Region {
    type Id = RegionId;
    type Filter = RegionFilter;
    paths!("regions");

    fn id(&self) -> RegionId {
        self.id
    }
}

impl Filter<Region> for RegionFilter {
    fn ask(&self, query: &mut Query) {
        query.text("quick_search", self.quick_search.as_ref());
    }
}
