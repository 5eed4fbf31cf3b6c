//! The data of the server: accounts, plans, packages, channels, resellers.
//!
//! A seed file is JSON with the members of [`State`].

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

mod catalogue;
mod user;

pub(super) use catalogue::{Channel, Package, Reseller, Service, Tariff};
pub(super) use user::User;

use super::collation::collated;
use super::column;
use super::inbox::Waiting;
use super::value::{Array, Value};
use crate::records::{self, Kept, Record, Table};
use catalogue::Inclusion;

/// The data of one installation.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct State {
    pub(super) tariffs: Vec<Tariff>,
    pub(super) packages: Vec<Package>,
    package_in_tariff: Vec<Inclusion>,
    pub(super) channels: Vec<Channel>,
    pub(super) radio: Vec<Service>,
    pub(super) videos: Vec<Service>,
    /// Every account is one row, and so is every box.
    pub(super) users: Table<User>,
    /// Records outlive their users, as on the real server.
    #[serde(deserialize_with = "numbered")]
    pub(super) channel_subscriptions: Table<ChannelSubscription>,
    pub(super) resellers: Table<Reseller>,
    /// The events that wait for the boxes; no part of a seed.
    #[serde(skip_serializing)]
    pub(super) events: Table<Waiting>,
    /// A seed may say what it is, and with which options; neither is data.
    #[serde(rename = "_", skip_serializing)]
    _comment: IgnoredAny,
    #[serde(rename = "auth", skip_serializing)]
    _auth: IgnoredAny,
    #[serde(rename = "options", skip_serializing)]
    _options: IgnoredAny,
}

/// The single channels an account has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelSubscription {
    /// In the order they were first written to. A seed need not say it.
    #[serde(default)]
    id: i64,
    pub(super) user: i64,
    /// None for a record that nothing was ever written to.
    pub(super) channels: Option<Value>,
}

impl State {
    pub(super) fn from_json(json: &str) -> serde_json::Result<State> {
        let mut state: State = serde_json::from_str(json)?;
        let said: Vec<(i64, Value)> = state
            .users
            .iter()
            .filter_map(|user| Some((user.id, user.channel_subscription.clone()?)))
            .collect();
        for (id, channels) in said {
            if let Some(mut user) = state.users.edit(id) {
                user.channel_subscription = None;
            }
            state.channel_subscriptions.put(ChannelSubscription {
                id: state.channel_subscriptions.next_id(),
                user: id,
                channels: Some(channels),
            });
        }
        Ok(state)
    }

    /// A new account with nothing but an id.
    pub(super) fn new_user(&self) -> User {
        User::new(self.users.next_id())
    }

    /// The plan with this external id; of several, the first.
    pub(super) fn tariff_by_external_id(&self, external_id: &str) -> Option<&Tariff> {
        let wanted = collated(external_id);
        let same = |tariff: &&Tariff| collated(&tariff.external_id) == wanted;
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

    /// The optional packages of the account's plan that it is subscribed to, in
    /// the order of their external ids (recorded).
    pub(super) fn subscribed(&self, user: &User) -> Vec<&Package> {
        let mut packages: Vec<&Package> = self
            .packages_of(self.plan_of(user))
            .filter(|(package, optional)| *optional && user.optional_packages.contains(&package.id))
            .map(|(package, _)| package)
            .collect();
        packages.sort_by_cached_key(|package| (collated(&package.external_id), package.id));
        packages
    }

    /// Deletes the row of an account, with the events waiting for it. Packages
    /// and channels stay behind (recorded).
    pub(super) fn remove_user(&mut self, id: i64) {
        self.users.remove(id);
        self.events.remove_by(&id);
    }

    /// Makes sure the account has a record of channels, and writes to it.
    pub(super) fn set_channels(&mut self, user: i64, channels: Option<Array>) {
        let records = &mut self.channel_subscriptions;
        let found = records.by(&user).next().map(|record| record.id);
        let channels = channels.map(|channels| {
            // A list that the column cut cannot be read again.
            (!column::cuts(channels.stored_bytes())).then_some(Value::Array(channels))
        });
        match found {
            None => records.put(ChannelSubscription {
                id: records.next_id(),
                user,
                channels: channels.flatten(),
            }),
            Some(id) => {
                if let (Some(mut record), Some(channels)) = (records.edit(id), channels) {
                    record.channels = channels;
                }
            }
        }
    }
}

impl records::State for State {
    const SURFACE: &'static str = "ministra";

    fn tables(&mut self) -> Vec<&mut dyn Kept> {
        vec![
            &mut self.users,
            &mut self.channel_subscriptions,
            &mut self.resellers,
            &mut self.events,
        ]
    }

    fn read(json: &str) -> Result<State, String> {
        State::from_json(json).map_err(|error| error.to_string())
    }
}

impl Record for User {
    const KIND: &'static str = "users";
    type Term = Term;

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<Term> {
        let mut terms = vec![
            Term::number(&self.ls),
            Term::login(&self.login),
            Term::mac(&self.mac),
        ];
        terms.extend(self.reseller.map(Term::Reseller));
        terms
    }
}

impl Record for ChannelSubscription {
    const KIND: &'static str = "channel_subscriptions";
    /// The user.
    type Term = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<i64> {
        vec![self.user]
    }
}

impl Record for Reseller {
    const KIND: &'static str = "resellers";
    /// The name, as MySQL compares it.
    type Term = String;

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<String> {
        vec![collated(&self.name)]
    }
}

/// The term by which a user is found, as MySQL compares it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Term {
    Number(String),
    Login(String),
    Mac(String),
    Reseller(i64),
}

impl Term {
    pub(super) fn number(text: &str) -> Term {
        Term::Number(collated(text))
    }

    pub(super) fn login(text: &str) -> Term {
        Term::Login(collated(text))
    }

    pub(super) fn mac(text: &str) -> Term {
        Term::Mac(collated(text))
    }
}

/// Gives the records of a seed their numbers.
fn numbered<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Table<ChannelSubscription>, D::Error> {
    let mut table = Table::default();
    for mut record in Vec::<ChannelSubscription>::deserialize(deserializer)? {
        if record.id == 0 {
            record.id = table.next_id();
        }
        table.put(record);
    }
    table.settle();
    Ok(table)
}
