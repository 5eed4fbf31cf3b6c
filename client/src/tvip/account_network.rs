//! `/account_network`: networks from which devices sign in without a password.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, has};
use super::{AccountId, AccountNetworkId, fields};
use crate::model::Patch;

/// A network of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccountNetwork {
    /// The server's key.
    pub id: AccountNetworkId,
    /// The owner.
    pub account: AccountId,
    /// The network. Whether as an address or with a prefix is not documented.
    #[serde(default)]
    pub network: Option<String>,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
}

/// A network to be created.
#[derive(Debug, Clone, Serialize)]
pub struct NewAccountNetwork {
    /// The future owner.
    pub account: AccountId,
    /// The network.
    pub network: String,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A change of a network; what it does not name stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AccountNetworkChange {
    /// The network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Free text.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub description: Patch<String>,
}

/// The networks to list.
#[derive(Debug, Clone, Default)]
pub struct AccountNetworkFilter {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for AccountNetwork {
    type Id = AccountNetworkId;
    type Filter = AccountNetworkFilter;
    paths!("account_network");

    fn id(&self) -> AccountNetworkId {
        self.id
    }
}

impl Writable for AccountNetwork {
    type New = NewAccountNetwork;
    type Change = AccountNetworkChange;
}

impl Filter<AccountNetwork> for AccountNetworkFilter {
    fn ask(&self, query: &mut Query) {
        query.id("account", self.account);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, network: &AccountNetwork) -> bool {
        has(&self.account, Some(&network.account))
    }
}
