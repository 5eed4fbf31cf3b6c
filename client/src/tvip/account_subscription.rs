//! `/account_subscriptions`: what accounts are subscribed to.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, has};
use super::{
    Account, AccountId, AccountSubscriptionId, OffsetDateTime, SubscriptionChange, Tarif, TarifId,
    fields,
};

/// A tariff of an account, for a time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AccountSubscription {
    /// The server's key, which is not the tariff's.
    pub id: AccountSubscriptionId,
    /// The holder.
    pub account: AccountId,
    /// The tariff that the holder has.
    pub tarif: TarifId,
    /// Since when.
    #[serde(default)]
    pub start: Option<OffsetDateTime>,
    /// Until when; none is until it is ended.
    #[serde(default)]
    pub stop: Option<OffsetDateTime>,
    /// Since 2023.
    #[serde(default)]
    pub time_shift_depth: Option<i64>,
    /// The tariff, if the server expands it.
    #[serde(default, deserialize_with = "fields::expanded")]
    pub tarif_dto: Option<Box<Tarif>>,
    /// The account, if the server expands it.
    #[serde(default, deserialize_with = "fields::expanded")]
    pub account_dto: Option<Box<Account>>,
}

/// A subscription to be created.
#[derive(Debug, Clone, Serialize)]
pub struct NewAccountSubscription {
    /// The future holder.
    pub account: AccountId,
    /// From when; later than now is allowed.
    pub start: OffsetDateTime,
    /// The tariff to have. That they do not have it already is the caller's
    /// business: no server is known to look.
    pub tarif: TarifId,
    /// Until when; none is until it is ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<OffsetDateTime>,
    /// Only for servers since 2023.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_shift_depth: Option<i64>,
}

impl NewAccountSubscription {
    /// A subscription that lasts until it is ended.
    pub fn new(
        account: AccountId,
        tarif: TarifId,
        start: OffsetDateTime,
    ) -> NewAccountSubscription {
        NewAccountSubscription {
            account,
            start,
            tarif,
            stop: None,
            time_shift_depth: None,
        }
    }
}

/// The subscriptions to list.
#[derive(Debug, Clone, Default)]
pub struct AccountSubscriptionFilter {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those to this tariff.
    pub tarif: Option<TarifId>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for AccountSubscription {
    type Id = AccountSubscriptionId;
    type Filter = AccountSubscriptionFilter;
    paths!("account_subscriptions");

    fn id(&self) -> AccountSubscriptionId {
        self.id
    }
}

impl Writable for AccountSubscription {
    type New = NewAccountSubscription;
    type Change = SubscriptionChange;
}

impl Filter<AccountSubscription> for AccountSubscriptionFilter {
    fn ask(&self, query: &mut Query) {
        query.id("account", self.account);
        query.id("tarif", self.tarif);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, subscription: &AccountSubscription) -> bool {
        has(&self.account, Some(&subscription.account))
            && has(&self.tarif, Some(&subscription.tarif))
    }
}
