//! `/account_network`, in the singular: networks an account signs in from
//! without a password.

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::lenient;
use super::resource::{Class, Compared, Kind, Resource, Term, dangling};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountNetwork {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) account: i64,
    /// An address or a network: which spellings are right is not known, so none
    /// is wrong.
    pub(super) network: String,
    pub(super) description: Option<String>,
}

impl Resource for AccountNetwork {
    const PATH: &'static str = "account_network";
    const KIND: &'static str = "account network";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("account", Class::Given),
        ("network", Class::Given),
        ("description", Class::Given),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[("account", Kind::Id)];

    const INDEXED: &'static [&'static str] = &["account"];

    const REQUIRED: &'static [&'static str] = &["account"];

    fn table(state: &State) -> &Table<AccountNetwork> {
        &state.account_network
    }

    fn table_mut(state: &mut State) -> &mut Table<AccountNetwork> {
        &mut state.account_network
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<Term> {
        vec![Term::id("account", self.account)]
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "account" => Compared::Id(Some(self.account)),
            _ => Compared::Nothing,
        }
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        let description = self.description.as_deref();
        description
            .into_iter()
            .chain([self.network.as_str()])
            .collect()
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Account>("account", self.account, state)
    }
}
