//! What the server knows: accounts, plans, packages, channels, resellers.
//!
//! In memory, and JSON from outside: what a seed file has, [`State`] has.

use std::collections::BTreeMap;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod catalogue;
mod user;

pub(super) use catalogue::{Channel, Package, Reseller, Service, Tariff};
pub(super) use user::User;

use super::value::{Array, Value};
use catalogue::Inclusion;

/// The data of one installation.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct State {
    pub(super) tariffs: Vec<Tariff>,
    pub(super) packages: Vec<Package>,
    package_in_tariff: Vec<Inclusion>,
    pub(super) channels: Vec<Channel>,
    pub(super) radio: Vec<Service>,
    pub(super) videos: Vec<Service>,
    /// Every account is one row, and so is every box.
    #[serde(serialize_with = "as_list", deserialize_with = "by_id")]
    pub(super) users: BTreeMap<u64, User>,
    /// Records outlive their users, as on the real server.
    pub(super) channel_subscriptions: Vec<ChannelSubscription>,
    pub(super) resellers: Vec<Reseller>,
    /// A deleted user's id is not used again.
    #[serde(skip)]
    last_user: u64,
    /// A seed may say what it is, and with which options; neither is data.
    #[serde(rename = "_", skip_serializing)]
    _comment: IgnoredAny,
    #[serde(rename = "auth", skip_serializing)]
    _auth: IgnoredAny,
    #[serde(rename = "options", skip_serializing)]
    _options: IgnoredAny,
}

/// The single channels an account has.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelSubscription {
    pub(super) user: u64,
    /// None for a record that nothing was ever written to.
    pub(super) channels: Option<Value>,
}

impl State {
    pub(super) fn from_json(json: &str) -> serde_json::Result<State> {
        let mut state: State = serde_json::from_str(json)?;
        state.last_user = state.users.keys().next_back().copied().unwrap_or(0);
        for user in state.users.values_mut() {
            if let Some(channels) = user.channel_subscription.take() {
                state.channel_subscriptions.push(ChannelSubscription {
                    user: user.id,
                    channels: Some(channels),
                });
            }
        }
        Ok(state)
    }

    /// Adds an account with nothing but an id.
    pub(super) fn add_user(&mut self) -> &mut User {
        self.last_user += 1;
        let id = self.last_user;
        self.users.entry(id).or_insert(User::new(id))
    }

    /// The plan with this external id; of several, the first.
    pub(super) fn tariff_by_external_id(&self, external_id: &str) -> Option<&Tariff> {
        let wanted = super::column::collated(external_id);
        let same = |tariff: &&Tariff| super::column::collated(&tariff.external_id) == wanted;
        self.tariffs.iter().find(same)
    }

    pub(super) fn default_tariff(&self) -> Option<&Tariff> {
        self.tariffs.iter().find(|tariff| tariff.user_default)
    }

    /// The packages of a plan, each with whether it is optional.
    pub(super) fn packages_of(&self, tariff: u64) -> impl Iterator<Item = (&Package, bool)> {
        let included = self.package_in_tariff.iter();
        included.filter_map(move |inclusion| {
            let here = inclusion.tariff == tariff;
            let package = || self.packages.iter().find(|p| p.id == inclusion.package);
            here.then(package)
                .flatten()
                .map(|p| (p, inclusion.optional))
        })
    }

    /// The plan an account is on: its own, or the default one when it has none.
    pub(super) fn plan_of(&self, user: &User) -> u64 {
        match (user.tariff, self.default_tariff()) {
            (0, Some(default)) => default.id,
            (tariff, _) => tariff,
        }
    }

    /// The optional packages of the account's plan that it is subscribed to.
    pub(super) fn subscribed(&self, user: &User) -> Vec<&Package> {
        let mut packages: Vec<&Package> = self
            .packages_of(self.plan_of(user))
            .filter(|(package, optional)| *optional && user.optional_packages.contains(&package.id))
            .map(|(package, _)| package)
            .collect();
        packages.sort_by_key(|package| package.id);
        packages
    }

    /// Replaces the channels of an account.
    pub(super) fn set_channels(&mut self, user: u64, channels: Array) {
        self.channels_of(user).channels = Some(Value::Array(channels));
    }

    /// The account's record, made if there was none.
    pub(super) fn channels_of(&mut self, user: u64) -> &mut ChannelSubscription {
        let records = &mut self.channel_subscriptions;
        let at = records.iter().position(|record| record.user == user);
        let at = at.unwrap_or_else(|| {
            records.push(ChannelSubscription {
                user,
                channels: None,
            });
            records.len() - 1
        });
        &mut records[at]
    }
}

fn as_list<S: Serializer>(users: &BTreeMap<u64, User>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(users.values())
}

fn by_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<u64, User>, D::Error> {
    let mut users = BTreeMap::new();
    for user in Vec::<User>::deserialize(deserializer)? {
        let id = user.id;
        if users.insert(id, user).is_some() {
            return Err(D::Error::custom(format!("two users have the id {id}")));
        }
    }
    Ok(users)
}
