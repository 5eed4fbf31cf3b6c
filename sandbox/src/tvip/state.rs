//! Everything there is.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::Account;
use super::account_network::AccountNetwork;
use super::channel::Channel;
use super::device::Device;
use super::device_type::DeviceType;
use super::favorite_group::FavoriteGroup;
use super::inbox::Accepted;
use super::provider::Provider;
use super::region::Region;
use super::resource::{Resource, dangling};
use super::subscription::{AccountSubscription, DeviceSubscription};
use super::tarif::Tarif;
use super::tarif_tag::TarifTag;
use crate::clock::Clock;
use crate::records::{self, Kept, Table};

/// The tables, named as their paths are.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct State {
    pub(super) administrator: Home,
    pub(super) accounts: Table<Account>,
    pub(super) account_subscriptions: Table<AccountSubscription>,
    pub(super) devices: Table<Device>,
    pub(super) device_subscriptions: Table<DeviceSubscription>,
    pub(super) tarifs: Table<Tarif>,
    pub(super) tarif_tags: Table<TarifTag>,
    pub(super) channels: Table<Channel>,
    pub(super) providers: Table<Provider>,
    pub(super) regions: Table<Region>,
    pub(super) account_network: Table<AccountNetwork>,
    pub(super) device_types: Table<DeviceType>,
    pub(super) favorite_group: Table<FavoriteGroup>,
    /// The commands that were sent; not given out with the rest.
    #[serde(skip_serializing)]
    pub(super) commands: Table<Accepted>,
    /// The sandbox's, and no part of what is stored.
    #[serde(skip)]
    pub(super) clock: Clock,
}

/// The provider that the administrator belongs to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Home {
    provider: Option<i64>,
}

impl Home {
    /// Gives a new entity without a provider the administrator's.
    pub(super) fn provide(&self, fields: &mut Map<String, Value>) {
        if let Some(provider) = self.provider {
            fields.entry("provider").or_insert(provider.into());
        }
    }
}

impl State {
    /// Reads a state, or says what is wrong with it and where.
    pub(super) fn read(json: Value) -> Result<State, String> {
        // serde would take a list of tables too.
        if !json.is_object() {
            return Err("it is not an object".to_owned());
        }
        let state: State = serde_path_to_error::deserialize(json)
            .map_err(|error| format!("{}: {}", error.path(), error.inner()))?;
        let home = state.administrator.provider;
        let lost = dangling::<Provider>("provider", home, &state);
        let wrong = lost
            .map(|what| format!("administrator.{what}"))
            .or_else(|| wrong::<Account>(&state))
            .or_else(|| wrong::<AccountSubscription>(&state))
            .or_else(|| wrong::<Device>(&state))
            .or_else(|| wrong::<DeviceSubscription>(&state))
            .or_else(|| wrong::<Tarif>(&state))
            .or_else(|| wrong::<TarifTag>(&state))
            .or_else(|| wrong::<Channel>(&state))
            .or_else(|| wrong::<Provider>(&state))
            .or_else(|| wrong::<AccountNetwork>(&state));
        wrong.map_or(Ok(state), Err)
    }
}

impl records::State for State {
    const SURFACE: &'static str = "tvip";

    fn tables(&mut self) -> Vec<&mut dyn Kept> {
        vec![
            &mut self.accounts,
            &mut self.account_subscriptions,
            &mut self.devices,
            &mut self.device_subscriptions,
            &mut self.tarifs,
            &mut self.tarif_tags,
            &mut self.channels,
            &mut self.providers,
            &mut self.regions,
            &mut self.account_network,
            &mut self.device_types,
            &mut self.favorite_group,
            &mut self.commands,
        ]
    }

    fn read(json: &str) -> Result<State, String> {
        State::read(serde_json::from_str(json).map_err(|error| error.to_string())?)
    }
}

/// Returns the error in the rows of a table, if there is one: a reference to
/// nothing, a key that is there twice.
fn wrong<R: Resource>(state: &State) -> Option<String> {
    let mut keys = HashSet::new();
    R::table(state).iter().find_map(|row| {
        let twice = || {
            let key = row.key()?;
            (!keys.insert(key)).then(|| format!("{:?} is there twice", key.1))
        };
        let what = row.dangling(state).or_else(twice)?;
        Some(format!("{}, id {}: {what}", R::PATH, row.id()))
    })
}
