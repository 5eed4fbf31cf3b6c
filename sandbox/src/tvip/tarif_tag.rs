//! `/tarif_tags`: groups of tariffs.

use serde::{Deserialize, Serialize};

use super::account::yes;
use super::behavior::TvipBehavior;
use super::lenient;
use super::provider::Provider;
use super::resource::{Class, Compared, Kind, Resource, dangling};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TarifTag {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    pub(super) name: String,
    #[serde(default = "yes", deserialize_with = "lenient::flag")]
    pub(super) enabled: bool,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) provider: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) position: Option<i64>,
}

impl Resource for TarifTag {
    const PATH: &'static str = "tarif_tags";
    const KIND: &'static str = "tarif tag";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("name", Class::Given),
        ("enabled", Class::Given),
        ("provider", Class::Given),
        ("position", Class::Given),
    ];
    const FILTERS: &'static [(&'static str, Kind)] =
        &[("enabled", Kind::Flag), ("provider", Kind::Id)];

    const NULLABLE: &'static [&'static str] = &["provider", "position"];
    const REQUIRED: &'static [&'static str] = &["enabled"];

    fn table(state: &State) -> &Table<TarifTag> {
        &state.tarif_tags
    }

    fn table_mut(state: &mut State) -> &mut Table<TarifTag> {
        &mut state.tarif_tags
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "enabled" => Compared::Flag(self.enabled),
            "provider" => Compared::Id(self.provider),
            _ => Compared::Nothing,
        }
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        vec![&self.name]
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Provider>("provider", self.provider, state)
    }

    fn delete(&self, state: &mut State, _: &TvipBehavior) -> Result<(), String> {
        if state
            .tarifs
            .iter()
            .any(|tarif| tarif.tarif_tag == Some(self.id))
        {
            return Err("the tarif tag is in use".to_owned());
        }
        state.tarif_tags.remove(self.id);
        Ok(())
    }
}
