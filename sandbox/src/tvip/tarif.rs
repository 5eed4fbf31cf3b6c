//! `/tarifs`: tariffs, which the vendor spells so everywhere.

use serde::{Deserialize, Serialize};

use super::account::yes;
use super::behavior::TvipBehavior;
use super::channel::Channel;
use super::lenient;
use super::provider::Provider;
use super::resource::{Class, Compared, Kind, Resource, Term, dangling};
use super::state::State;
use super::tarif_tag::TarifTag;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tarif {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    pub(super) tarif_name: String,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) tarif_tag: Option<i64>,
    /// None: every provider's.
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) provider: Option<i64>,
    #[serde(default = "yes", deserialize_with = "lenient::flag")]
    pub(super) enabled: bool,
    /// It has the channels that carry any of these. Set in the administrator's
    /// panel, not by the interface.
    #[serde(default)]
    pub(super) channel_tags: Vec<String>,
}

impl Tarif {
    pub(super) fn has(&self, channel: &Channel) -> bool {
        self.channel_tags
            .iter()
            .any(|tag| channel.tags.contains(tag))
    }
}

impl Resource for Tarif {
    const PATH: &'static str = "tarifs";
    const KIND: &'static str = "tarif";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("tarif_name", Class::Given),
        ("tarif_tag", Class::Given),
        ("provider", Class::Given),
        ("enabled", Class::Given),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[
        ("channel", Kind::Id),
        ("enabled", Kind::Flag),
        ("provider", Kind::Id),
        ("tarif_tag", Kind::Id),
    ];

    const NULLABLE: &'static [&'static str] = &["tarif_tag", "provider"];
    const REQUIRED: &'static [&'static str] = &["enabled"];

    fn table(state: &State) -> &Table<Tarif> {
        &state.tarifs
    }

    fn table_mut(state: &mut State) -> &mut Table<Tarif> {
        &mut state.tarifs
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn compared<'a>(&'a self, filter: &str, state: &'a State) -> Compared<'a> {
        match filter {
            "channel" => {
                let channels = state.channels.iter().filter(|channel| self.has(channel));
                Compared::Ids(channels.map(Resource::id).collect())
            }
            "enabled" => Compared::Flag(self.enabled),
            "provider" => Compared::Id(self.provider),
            "tarif_tag" => Compared::Id(self.tarif_tag),
            _ => Compared::Nothing,
        }
    }

    /// Clients search with a name.
    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        vec![&self.tarif_name]
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<TarifTag>("tarif_tag", self.tarif_tag, state)
            .or_else(|| dangling::<Provider>("provider", self.provider, state))
    }

    fn delete(&self, state: &mut State, _: &TvipBehavior) -> Result<(), String> {
        let this = Term::id("tarif", self.id);
        let accounts = state.account_subscriptions.has(&this);
        let devices = state.device_subscriptions.has(&this);
        let free = state
            .providers
            .iter()
            .any(|p| p.free_tarif == Some(self.id));
        if accounts || devices || free {
            return Err("the tarif is in use".to_owned());
        }
        state.tarifs.remove(self.id);
        Ok(())
    }
}
