//! `/account_subscriptions`: what accounts are subscribed to.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::account::Account;
use super::answer;
use super::date::{self, Moment};
use super::lenient;
use super::resource::{Class, Compared, Kind, Resource, dangling};
use super::state::State;
use super::table::Table;
use super::tarif::Tarif;
use super::unknowns::{SameTarifTwice, TvipUnknowns};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountSubscription {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) account: i64,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) tarif: i64,
    pub(super) start: Moment,
    /// None: open-ended.
    pub(super) stop: Option<Moment>,
    #[serde(default, deserialize_with = "lenient::integer")]
    pub(super) time_shift_depth: i64,
}

impl Resource for AccountSubscription {
    const PATH: &'static str = "account_subscriptions";
    const KIND: &'static str = "account subscription";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("start", Class::Given),
        ("stop", Class::Given),
        ("tarif", Class::Given),
        ("account", Class::Given),
        ("tarif_dto", Class::Dto),
        ("account_dto", Class::Dto),
        ("time_shift_depth", Class::Newer),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[("account", Kind::Id), ("tarif", Kind::Id)];

    fn table(state: &State) -> &Table<AccountSubscription> {
        &state.account_subscriptions
    }

    fn table_mut(state: &mut State) -> &mut Table<AccountSubscription> {
        &mut state.account_subscriptions
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "account" => Compared::Id(Some(self.account)),
            "tarif" => Compared::Id(Some(self.tarif)),
            _ => Compared::Nothing,
        }
    }

    /// Production clients search with a login.
    fn searched<'a>(&'a self, state: &'a State) -> Vec<&'a str> {
        let account = state
            .accounts
            .get(self.account)
            .map(|account| account.login.as_str());
        let tarif = state
            .tarifs
            .get(self.tarif)
            .map(|tarif| tarif.tarif_name.as_str());
        account.into_iter().chain(tarif).collect()
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Account>("account", self.account, state)
            .or_else(|| dangling::<Tarif>("tarif", self.tarif, state))
    }

    fn forbidden(&self, state: &State, unknowns: &TvipUnknowns) -> Option<String> {
        if unknowns.same_tarif_twice == SameTarifTwice::Accepted {
            return None;
        }
        let now = date::now();
        let twice = state.account_subscriptions.iter().any(|other| {
            let same = other.account == self.account && other.tarif == self.tarif;
            same && other.id != self.id && other.stop.is_none_or(|stop| stop.at > now)
        });
        twice.then(|| format!("the account is subscribed to the tarif {}", self.tarif))
    }

    fn referred(&self, field: &str, state: &State, unknowns: &TvipUnknowns) -> Value {
        match field {
            "tarif_dto" => answer::referred::<Tarif>(Some(self.tarif), state, unknowns),
            "account_dto" => answer::referred::<Account>(Some(self.account), state, unknowns),
            _ => Value::Null,
        }
    }
}
