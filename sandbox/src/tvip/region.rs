//! `/regions`: they decide the channel grid; read only.

use serde::{Deserialize, Serialize};

use super::resource::{Class, Resource};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    pub(super) id: i64,
    pub(super) name: String,
}

impl Resource for Region {
    const PATH: &'static str = "regions";
    const KIND: &'static str = "region";
    const FIELDS: &'static [(&'static str, Class)] = &[("name", Class::Given)];

    fn table(state: &State) -> &Table<Region> {
        &state.regions
    }

    fn table_mut(state: &mut State) -> &mut Table<Region> {
        &mut state.regions
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        vec![&self.name]
    }
}
