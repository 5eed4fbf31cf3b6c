//! `/devices`: set-top boxes, phones, television sets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::Account;
use super::behavior::{DeviceOverLimit, TvipBehavior, UniqueIdCase};
use super::date::OffsetDateTime;
use super::device_type::DeviceType;
use super::lenient;
use super::provider::Provider;
use super::resource::{Class, Compared, Kind, Resource, Term, dangling};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Device {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    /// A set-top box's MAC in lower case with colons, or a long opaque text.
    pub(super) unique_id: String,
    pub(super) mac: Option<String>,
    /// None: known, and nobody's.
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) account: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) provider: i64,
    pub(super) ipaddr: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) remote_custom_field: Option<String>,
    pub(super) last_fw_ver: Option<String>,
    pub(super) operation_system: Option<String>,
    pub(super) udpxy_addr: Option<String>,
    #[serde(default, deserialize_with = "lenient::flag")]
    pub(super) use_nat: bool,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    pub(super) device_type: Option<i64>,
    pub(super) first_online: Option<OffsetDateTime>,
    pub(super) last_online: Option<OffsetDateTime>,
    /// `true` if its web socket, over which commands go, is open.
    #[serde(default)]
    pub(super) ws_connected: bool,
}

impl Device {
    /// Opens its web socket, or closes it.
    pub(super) fn connect(&mut self, connected: bool, at: Timestamp) {
        let now = Some(OffsetDateTime::utc(at));
        self.ws_connected = connected;
        self.first_online = self.first_online.or(now);
        self.last_online = now;
    }
}

impl Resource for Device {
    const PATH: &'static str = "devices";
    const KIND: &'static str = "device";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("unique_id", Class::Given),
        ("mac", Class::Given),
        ("account", Class::Given),
        ("provider", Class::Given),
        ("ipaddr", Class::Given),
        ("comment", Class::Given),
        ("remote_custom_field", Class::Given),
        ("last_fw_ver", Class::Given),
        ("operation_system", Class::Given),
        ("udpxy_addr", Class::Given),
        ("use_nat", Class::Given),
        ("device_type", Class::Given),
        ("first_online", Class::Kept),
        ("last_online", Class::Kept),
        ("ws_connected", Class::NewerKept),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[
        ("account", Kind::Id),
        ("device_type", Kind::Id),
        ("provider", Kind::Id),
        ("unique_id", Kind::UniqueId),
        ("remote_custom_field", Kind::Text),
    ];

    const INDEXED: &'static [&'static str] = &["account", "unique_id", "remote_custom_field"];

    const NULLABLE: &'static [&'static str] = &["account", "device_type"];
    const REQUIRED: &'static [&'static str] = &["provider", "use_nat"];

    fn table(state: &State) -> &Table<Device> {
        &state.devices
    }

    fn table_mut(state: &mut State) -> &mut Table<Device> {
        &mut state.devices
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<Term> {
        let mut terms = vec![Term::text("unique_id", &self.unique_id)];
        terms.extend(self.account.map(|account| Term::id("account", account)));
        let custom = self.remote_custom_field.as_deref();
        terms.extend(custom.map(|text| Term::text("remote_custom_field", text)));
        terms
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "account" => Compared::Id(self.account),
            "device_type" => Compared::Id(self.device_type),
            "provider" => Compared::Id(Some(self.provider)),
            "unique_id" => Compared::Text(Some(&self.unique_id)),
            "remote_custom_field" => Compared::Text(self.remote_custom_field.as_deref()),
            _ => Compared::Nothing,
        }
    }

    /// Clients search with a MAC.
    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        let optional = [&self.mac, &self.comment, &self.remote_custom_field];
        let optional = optional.into_iter().filter_map(Option::as_deref);
        optional.chain([self.unique_id.as_str()]).collect()
    }

    fn complete(fields: &mut Map<String, Value>, state: &State) {
        state.administrator.provide(fields);
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Account>("account", self.account, state)
            .or_else(|| dangling::<Provider>("provider", self.provider, state))
            .or_else(|| dangling::<DeviceType>("device_type", self.device_type, state))
    }

    fn key(&self) -> Option<(i64, &str)> {
        Some((0, &self.unique_id))
    }

    fn key_term(&self) -> Option<Term> {
        Some(Term::text("unique_id", &self.unique_id))
    }

    fn forbidden(&self, state: &State, behavior: &TvipBehavior) -> Option<String> {
        let account = state.accounts.get(self.account?)?;
        let bound_before = state.devices.get(self.id).and_then(|device| device.account);
        if behavior.device_over_limit == DeviceOverLimit::Accepted || bound_before == self.account {
            return None;
        }
        let provider = state.providers.get(account.provider);
        let limit = account
            .devices_per_account_limit
            .or_else(|| provider.and_then(|provider| provider.devices_per_account_limit))?;
        let bound = state.devices.by(&Term::id("account", account.id));
        let full = i64::try_from(bound.count()).is_ok_and(|bound| bound >= limit);
        full.then(|| format!("the account has {limit} devices, which is its limit"))
    }

    fn written(&mut self, _: Timestamp, behavior: &TvipBehavior) {
        if behavior.unique_id_case == UniqueIdCase::Lowered {
            self.unique_id = self.unique_id.to_lowercase();
        }
    }

    fn delete(&self, state: &mut State, _: &TvipBehavior) -> Result<(), String> {
        let mine = Term::id("device", self.id);
        state.device_subscriptions.remove_by(&mine);
        state.devices.remove(self.id);
        Ok(())
    }
}
