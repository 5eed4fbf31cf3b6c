//! `/accounts`: subscribers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::{self, Json};
use super::behavior::{AccountDelete, TvipBehavior};
use super::lenient;
use super::provider::Provider;
use super::region::Region;
use super::resource::{Class, Compared, Kind, Resource, Term, dangling};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    pub(super) login: String,
    pub(super) remote_custom_field: Option<String>,
    pub(super) fullname: Option<String>,
    pub(super) pin_md5: Option<String>,
    pub(super) contract_info: Option<String>,
    pub(super) main_address: Option<String>,
    pub(super) account_desc: Option<String>,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) provider: i64,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) region_tag: Option<i64>,
    #[serde(default = "yes", deserialize_with = "lenient::flag")]
    pub(super) enabled: bool,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) devices_per_account_limit: Option<i64>,
    pub(super) last_online: Option<i64>,
    pub(super) created: Option<i64>,
    pub(super) updated: Option<i64>,
}

/// The documents' minimal set has `enabled`; what its absence means is a guess.
pub(super) fn yes() -> bool {
    true
}

impl Resource for Account {
    const PATH: &'static str = "accounts";
    const KIND: &'static str = "account";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("login", Class::Given),
        ("remote_custom_field", Class::Given),
        ("fullname", Class::Given),
        ("pin_md5", Class::Secret),
        ("contract_info", Class::Given),
        ("main_address", Class::Given),
        ("account_desc", Class::Given),
        ("provider", Class::Given),
        ("provider_dto", Class::Dto),
        ("region_tag", Class::Given),
        ("region_dto", Class::Dto),
        ("enabled", Class::Given),
        ("devices_per_account_limit", Class::Given),
        ("last_online", Class::NewerStamp),
        ("created", Class::NewerStamp),
        ("updated", Class::NewerStamp),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[
        ("provider", Kind::Id),
        ("region_tag", Kind::Id),
        ("enabled", Kind::Flag),
        ("login", Kind::Text),
        ("remote_custom_field", Kind::Text),
    ];

    const INDEXED: &'static [&'static str] = &["login", "remote_custom_field"];

    const NULLABLE: &'static [&'static str] = &["region_tag", "devices_per_account_limit"];
    const REQUIRED: &'static [&'static str] = &["provider", "enabled"];

    fn table(state: &State) -> &Table<Account> {
        &state.accounts
    }

    fn table_mut(state: &mut State) -> &mut Table<Account> {
        &mut state.accounts
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<Term> {
        let mut terms = vec![Term::text("login", &self.login)];
        let custom = self.remote_custom_field.as_deref();
        terms.extend(custom.map(|text| Term::text("remote_custom_field", text)));
        terms
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "provider" => Compared::Id(Some(self.provider)),
            "region_tag" => Compared::Id(self.region_tag),
            "enabled" => Compared::Flag(self.enabled),
            "login" => Compared::Text(Some(&self.login)),
            "remote_custom_field" => Compared::Text(self.remote_custom_field.as_deref()),
            _ => Compared::Nothing,
        }
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        let optional = [
            &self.remote_custom_field,
            &self.fullname,
            &self.contract_info,
            &self.main_address,
            &self.account_desc,
        ];
        let optional = optional.into_iter().filter_map(Option::as_deref);
        optional.chain([self.login.as_str()]).collect()
    }

    /// The SDK's example creates without a provider: the administrator's, then.
    fn complete(fields: &mut Map<String, Value>, state: &State) {
        state.administrator.provide(fields);
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Provider>("provider", self.provider, state)
            .or_else(|| dangling::<Region>("region_tag", self.region_tag, state))
    }

    /// The login is unique within the provider (seed 000, "Creating an account").
    fn key(&self) -> Option<(i64, &str)> {
        Some((self.provider, &self.login))
    }

    fn key_term(&self) -> Option<Term> {
        Some(Term::text("login", &self.login))
    }

    fn written(&mut self, at: Timestamp, _: &TvipBehavior) {
        let seconds = at.as_second();
        self.created.get_or_insert(seconds);
        self.updated = Some(seconds);
    }

    fn referred(&self, field: &str, state: &State, behavior: &TvipBehavior) -> Json {
        match field {
            "provider_dto" => answer::referred::<Provider>(Some(self.provider), state, behavior),
            "region_dto" => answer::referred::<Region>(self.region_tag, state, behavior),
            _ => Value::Null.into(),
        }
    }

    fn delete(&self, state: &mut State, behavior: &TvipBehavior) -> Result<(), String> {
        let mine = Term::id("account", self.id);
        let devices: Vec<i64> = state.devices.by(&mine).map(Resource::id).collect();
        let used = !devices.is_empty() || state.account_subscriptions.has(&mine);
        if used && behavior.account_delete == AccountDelete::Refused {
            return Err("the account has devices or subscriptions".to_owned());
        }
        for device in devices {
            state.devices.remove(device);
            let of_device = Term::id("device", device);
            state.device_subscriptions.remove_by(&of_device);
        }
        state.account_subscriptions.remove_by(&mine);
        state.account_network.remove_by(&mine);
        state.accounts.remove(self.id);
        Ok(())
    }
}
