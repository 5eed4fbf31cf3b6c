//! `/favorite_group`, in the singular: groups of channels; read only.

use serde::{Deserialize, Serialize};

use super::resource::{Class, Resource};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FavoriteGroup {
    pub(super) id: i64,
    pub(super) name: String,
}

impl Resource for FavoriteGroup {
    const PATH: &'static str = "favorite_group";
    const KIND: &'static str = "favorite group";
    const FIELDS: &'static [(&'static str, Class)] = &[("name", Class::Given)];

    fn table(state: &State) -> &Table<FavoriteGroup> {
        &state.favorite_group
    }

    fn table_mut(state: &mut State) -> &mut Table<FavoriteGroup> {
        &mut state.favorite_group
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        vec![&self.name]
    }
}
