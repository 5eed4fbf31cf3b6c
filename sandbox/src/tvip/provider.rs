//! `/providers`: virtual operators, each with its own accounts; read only.

use serde::{Deserialize, Serialize};

use super::region::Region;
use super::resource::{Class, Compared, Kind, Resource, dangling};
use super::state::State;
use super::tarif::Tarif;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    pub(super) id: i64,
    pub(super) provider_name: String,
    pub(super) provider_comment: Option<String>,
    pub(super) enabled: bool,
    pub(super) logo_url: Option<String>,
    pub(super) region_tag: Option<i64>,
    /// None: as many as they like.
    pub(super) devices_per_account_limit: Option<i64>,
    /// The tariff that disabled accounts still have. Set in the administrator's
    /// panel.
    pub(super) free_tarif: Option<i64>,
}

impl Resource for Provider {
    const PATH: &'static str = "providers";
    const KIND: &'static str = "provider";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("provider_name", Class::Given),
        ("provider_comment", Class::Given),
        ("enabled", Class::Given),
        ("logo_url", Class::Given),
        ("region_tag", Class::Given),
        ("devices_per_account_limit", Class::Given),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[("enabled", Kind::Flag)];

    fn table(state: &State) -> &Table<Provider> {
        &state.providers
    }

    fn table_mut(state: &mut State) -> &mut Table<Provider> {
        &mut state.providers
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "enabled" => Compared::Flag(self.enabled),
            _ => Compared::Nothing,
        }
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        vec![&self.provider_name]
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Region>("region_tag", self.region_tag, state)
            .or_else(|| dangling::<Tarif>("free_tarif", self.free_tarif, state))
    }
}
