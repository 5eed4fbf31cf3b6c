//! `/accounts`: subscribers. Of what is personal, `Debug` shows only whether it
//! is there.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, has, may_have};
use super::{AccountId, PinMd5, Provider, ProviderId, Region, RegionId, fields, secret};
use crate::model::Patch;

/// A subscriber. Fields that a server of another version does not have are
/// none.
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The server's key.
    pub id: AccountId,
    /// The name devices sign in with, unique within the provider.
    pub login: String,
    /// The place for the billing's own key.
    #[serde(default)]
    pub remote_custom_field: Option<String>,
    /// The name a device shows after signing in.
    #[serde(default)]
    pub fullname: Option<String>,
    /// The password's MD5. Some servers answer with it, some with null.
    #[serde(default)]
    pub pin_md5: Option<PinMd5>,
    /// Free text.
    #[serde(default)]
    pub contract_info: Option<String>,
    /// Free text.
    #[serde(default)]
    pub main_address: Option<String>,
    /// Free text.
    #[serde(default)]
    pub account_desc: Option<String>,
    /// The provider of the subscriber.
    #[serde(default)]
    pub provider: Option<ProviderId>,
    /// The provider, if the server expands it.
    #[serde(default, deserialize_with = "fields::expanded")]
    pub provider_dto: Option<Box<Provider>>,
    /// The region, which changes the channels; none is the provider's.
    #[serde(default)]
    pub region_tag: Option<RegionId>,
    /// The region, if the server expands it.
    #[serde(default, deserialize_with = "fields::expanded")]
    pub region_dto: Option<Box<Region>>,
    /// `true` if there are services. Devices of a disabled account sign in all
    /// the same, and the provider's free tariff still plays on them.
    pub enabled: bool,
    /// The greatest number of devices; none is the provider's limit.
    #[serde(default)]
    pub devices_per_account_limit: Option<i64>,
    /// Since 2023; in seconds or milliseconds, which is not documented.
    #[serde(default)]
    pub last_online: Option<i64>,
    /// As `last_online`.
    #[serde(default)]
    pub created: Option<i64>,
    /// As `last_online`.
    #[serde(default)]
    pub updated: Option<i64>,
}

/// An account to be created.
#[derive(Clone, Serialize)]
pub struct NewAccount {
    /// `true` if there are services.
    pub enabled: bool,
    /// The name to sign in with.
    pub login: String,
    /// Sent as MD5.
    #[serde(
        rename = "pin_md5",
        serialize_with = "secret::as_md5",
        skip_serializing_if = "Option::is_none"
    )]
    pub password: Option<SecretString>,
    /// The name a device shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fullname: Option<String>,
    /// The provider. The documents require it; without it servers take the
    /// administrator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// The billing's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_custom_field: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_info: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_address: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_desc: Option<String>,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_tag: Option<RegionId>,
    /// The greatest number of devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub devices_per_account_limit: Option<u32>,
}

impl NewAccount {
    /// An enabled account with this login and nothing else.
    pub fn new(login: impl Into<String>) -> NewAccount {
        NewAccount {
            enabled: true,
            login: login.into(),
            password: None,
            fullname: None,
            provider: None,
            remote_custom_field: None,
            contract_info: None,
            main_address: None,
            account_desc: None,
            region_tag: None,
            devices_per_account_limit: None,
        }
    }
}

/// A change of an account; what it does not name stays as it is.
#[derive(Clone, Default, Serialize)]
pub struct AccountChange {
    /// `true` if there are services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Another login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Another password, sent as MD5.
    #[serde(
        rename = "pin_md5",
        serialize_with = "secret::as_md5",
        skip_serializing_if = "Option::is_none"
    )]
    pub password: Option<SecretString>,
    /// The name a device shows.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub fullname: Patch<String>,
    /// Another provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// The billing's key.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub remote_custom_field: Patch<String>,
    /// Free text.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub contract_info: Patch<String>,
    /// Free text.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub main_address: Patch<String>,
    /// Free text.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub account_desc: Patch<String>,
    /// The region; cleared, it is the provider's.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub region_tag: Patch<RegionId>,
    /// The greatest number of devices; cleared, it is the provider's limit.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub devices_per_account_limit: Patch<u32>,
}

/// The accounts to list.
#[derive(Clone, Default)]
pub struct AccountFilter {
    /// This provider's.
    pub provider: Option<ProviderId>,
    /// Those in this region.
    pub region_tag: Option<RegionId>,
    /// Those that are enabled, or are not.
    pub enabled: Option<bool>,
    /// The one with this login; several providers may have one each.
    pub login: Option<String>,
    /// Those with this key of the billing's.
    pub remote_custom_field: Option<String>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for Account {
    type Id = AccountId;
    type Filter = AccountFilter;
    paths!("accounts");

    fn id(&self) -> AccountId {
        self.id
    }
}

impl Writable for Account {
    type New = NewAccount;
    type Change = AccountChange;
}

impl Filter<Account> for AccountFilter {
    fn ask(&self, query: &mut Query) {
        query.id("provider", self.provider);
        query.id("region_tag", self.region_tag);
        query.flag("enabled", self.enabled);
        query.text("login", self.login.as_ref());
        query.text("remote_custom_field", self.remote_custom_field.as_ref());
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, account: &Account) -> bool {
        let external = account.remote_custom_field.as_ref();
        may_have(&self.provider, account.provider.as_ref())
            && has(&self.region_tag, account.region_tag.as_ref())
            && has(&self.enabled, Some(&account.enabled))
            && has(&self.login, Some(&account.login))
            && has(&self.remote_custom_field, external)
    }
}
