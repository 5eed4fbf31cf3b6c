//! `/channels`: read only.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::region::Region;
use super::resource::{Class, Compared, Kind, Resource, dangling};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) text_name: Option<String>,
    /// A text, although it looks like a number.
    pub(super) display_number: Option<String>,
    pub(super) logo_url: Option<String>,
    pub(super) enabled: bool,
    #[serde(default)]
    pub(super) time_shift_depth: i64,
    #[serde(default)]
    pub(super) favorites: Vec<Value>,
    /// The tags that put it in a tariff. Set in the administrator's panel.
    #[serde(default)]
    pub(super) tags: Vec<String>,
    /// The regions it is seen in; empty for all. Set in the administrator's panel.
    #[serde(default)]
    pub(super) regions: Vec<i64>,
}

impl Resource for Channel {
    const PATH: &'static str = "channels";
    const KIND: &'static str = "channel";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("name", Class::Given),
        ("text_name", Class::Given),
        ("display_number", Class::Given),
        ("logo_url", Class::Given),
        ("enabled", Class::Given),
        ("time_shift_depth", Class::Given),
        ("favorites", Class::Newer),
    ];
    const FILTERS: &'static [(&'static str, Kind)] =
        &[("tarif", Kind::Id), ("enabled", Kind::Flag)];

    fn table(state: &State) -> &Table<Channel> {
        &state.channels
    }

    fn table_mut(state: &mut State) -> &mut Table<Channel> {
        &mut state.channels
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn compared<'a>(&'a self, filter: &str, state: &'a State) -> Compared<'a> {
        match filter {
            "tarif" => {
                let tarifs = state.tarifs.iter().filter(|tarif| tarif.has(self));
                Compared::Ids(tarifs.map(Resource::id).collect())
            }
            "enabled" => Compared::Flag(self.enabled),
            _ => Compared::Nothing,
        }
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        let text_name = self.text_name.as_deref();
        text_name.into_iter().chain([self.name.as_str()]).collect()
    }

    fn dangling(&self, state: &State) -> Option<String> {
        let mut regions = self.regions.iter();
        regions.find_map(|region| dangling::<Region>("regions", *region, state))
    }
}
