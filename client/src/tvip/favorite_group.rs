//! `/favorite_group`: groups of channels; read only, since November 2025.

use serde::Deserialize;

use super::FavoriteGroupId;
use super::entity::{Entity, Filter, paths};
use super::query::Query;

/// A group of channels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FavoriteGroup {
    /// The server's key.
    pub id: FavoriteGroupId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
}

/// The records to list.
#[derive(Debug, Clone, Default)]
pub struct FavoriteGroupFilter {
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for FavoriteGroup {
    type Id = FavoriteGroupId;
    type Filter = FavoriteGroupFilter;
    paths!("favorite_group");

    fn id(&self) -> FavoriteGroupId {
        self.id
    }
}

impl Filter<FavoriteGroup> for FavoriteGroupFilter {
    fn ask(&self, query: &mut Query) {
        query.text("quick_search", self.quick_search.as_ref());
    }
}
