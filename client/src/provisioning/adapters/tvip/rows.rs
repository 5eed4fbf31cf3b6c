//! Rows of one subscriber, and what a write makes of them.

use std::hash::{Hash, Hasher};

use jiff::Timestamp;

use super::write::Write;
use crate::model::{Extra, MacAddr, Patch};
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::rows::Rows;
use crate::tvip::{
    Account, AccountSubscription, Device, DeviceSubscription, OffsetDateTime, PinMd5,
};

/// The rows of one subscriber of TVIP: an account, its devices, the
/// subscriptions of all of them. Without an account, a device that is nobody's.
#[derive(Clone, PartialEq, Hash, Default)]
pub struct TvipRows {
    pub(super) account: Option<AccountRow>,
    pub(super) devices: Rows<DeviceRow>,
    pub(super) subscriptions: Rows<SubscriptionRow>,
    /// Networks to sign in from, by their keys.
    pub(super) networks: Rows<i64>,
    /// Rows that cannot be read.
    pub(super) odd: Vec<OddPart>,
    /// Not all devices were read, or not all of their subscriptions.
    pub(super) devices_unread: bool,
    /// Another provider's: it is seen so that nothing of it is taken.
    pub(super) is_foreign: bool,
}

/// A row of the subscriber that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct OddPart {
    /// `account_subscriptions 17`
    pub(super) name: String,
    /// The field and what was expected of it.
    pub(super) reason: String,
    pub(super) is_device: bool,
}

/// An account.
#[derive(Clone, PartialEq)]
pub(super) struct AccountRow {
    /// None while it is not made.
    pub(super) id: Option<i64>,
    pub(super) login: String,
    pub(super) reference: Option<String>,
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) note: Option<String>,
    pub(super) provider: Option<i64>,
    pub(super) enabled: bool,
    pub(super) limit: Option<i64>,
    /// The password's hash, of servers that show it.
    pub(super) pin: Option<PinMd5>,
    /// The rest, which no write depends on.
    pub(super) extra: Extra,
}

/// A device.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DeviceRow {
    /// None while it is not made.
    pub(super) id: Option<i64>,
    /// The hardware address as the server spells it, or an application's text.
    pub(super) unique_id: String,
    pub(super) provider: Option<i64>,
    pub(super) state: DeviceState,
}

/// The state that a device reports; no write depends on it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct DeviceState {
    pub(super) ip: Option<String>,
    pub(super) model: Option<i64>,
    pub(super) model_name: Option<String>,
    pub(super) firmware: Option<String>,
    pub(super) connected: Option<bool>,
    pub(super) was_seen: bool,
    pub(super) seen: Option<Timestamp>,
    pub(super) extra: Extra,
}

/// A tariff of the account, or of one device.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SubscriptionRow {
    /// None while it is not made.
    pub(super) id: Option<i64>,
    /// The device that it is of, by its `unique_id`.
    pub(super) device: Option<String>,
    pub(super) tarif: i64,
    /// None: always has been.
    pub(super) start: Option<Timestamp>,
    /// None: until it is ended.
    pub(super) stop: Option<Timestamp>,
}

impl TvipRows {
    /// Creates the rows of a subscriber from the server's records: those of the
    /// devices, of the account, of single devices. Without an account they are
    /// devices that are nobody's.
    pub fn of_records(
        account: Option<Account>,
        devices: Vec<Device>,
        subscriptions: Vec<AccountSubscription>,
        of_devices: Vec<DeviceSubscription>,
    ) -> TvipRows {
        let of_device = |row: DeviceSubscription| {
            let device = devices.iter().find(|device| device.id == row.device)?;
            Some(SubscriptionRow::of_device(&row, &device.unique_id))
        };
        let of_devices: Vec<_> = of_devices.into_iter().filter_map(of_device).collect();
        let of_account = subscriptions.iter().map(SubscriptionRow::of_account);
        TvipRows {
            account: account.map(AccountRow::from),
            subscriptions: of_account.chain(of_devices).collect(),
            devices: devices.into_iter().map(DeviceRow::from).collect(),
            ..TvipRows::default()
        }
    }

    pub(super) fn account_id(&self) -> Option<i64> {
        self.account.as_ref()?.id
    }

    /// Returns the subscriptions of one device, or of the account.
    pub(super) fn held_by<'a>(
        &'a self,
        device: Option<&'a str>,
    ) -> impl Iterator<Item = &'a SubscriptionRow> {
        let rows = self.subscriptions.iter();
        rows.filter(move |row| row.device.as_deref() == device)
    }

    /// Makes a write on the rows; returns `false` if nothing is left of them.
    pub(super) fn apply(&mut self, write: &Write) -> bool {
        match write {
            Write::CreateAccount(row, _) => self.account = Some((**row).clone()),
            Write::ChangeAccount(change) => {
                if let Some(account) = &mut self.account {
                    account.apply(change);
                }
            }
            Write::DeleteAccount => return false,
            Write::CreateDevice(_, row) | Write::BindDevice(_, row) => {
                self.devices.add(row.clone());
            }
            Write::FreeDevice(slot) | Write::DeleteDevice(slot) => {
                if let Some(device) = self.devices.remove(*slot) {
                    let is_its = |row: &SubscriptionRow| {
                        row.device.as_deref() == Some(device.unique_id.as_str())
                    };
                    let its: Vec<_> = (self.subscriptions.slots())
                        .filter(|(_, row)| is_its(row))
                        .map(|(slot, _)| slot)
                        .collect();
                    for slot in its {
                        self.subscriptions.remove(slot);
                    }
                }
            }
            Write::AddSubscription(_, row) => {
                self.subscriptions.add(row.clone());
            }
            Write::SetStop(slot, stop) => {
                if let Some(row) = self.subscriptions.get_mut(*slot) {
                    row.stop = *stop;
                }
            }
            Write::DeleteSubscription(slot) => drop(self.subscriptions.remove(*slot)),
            Write::DeleteLeftover(_) => {}
            Write::DeleteNetwork(slot) => drop(self.networks.remove(*slot)),
        }
        true
    }
}

impl AccountRow {
    fn apply(&mut self, change: &crate::tvip::AccountChange) {
        fn set(field: &mut Option<String>, patch: &Patch<String>) {
            if let Some(value) = patch.as_change() {
                *field = value.cloned();
            }
        }
        set(&mut self.reference, &change.remote_custom_field);
        set(&mut self.name, &change.fullname);
        set(&mut self.address, &change.main_address);
        set(&mut self.note, &change.account_desc);
        if let Some(limit) = change.devices_per_account_limit.as_change() {
            self.limit = limit.copied().map(i64::from);
        }
        if let Some(login) = &change.login {
            self.login.clone_from(login);
        }
        if let Some(enabled) = change.enabled {
            self.enabled = enabled;
        }
        if change.password.is_some() {
            self.pin = None;
        }
    }
}

/// Some clients write an empty text where there is none.
fn text(field: Option<String>) -> Option<String> {
    field.filter(|text| !text.is_empty())
}

fn shown(field: Option<impl ToString>) -> Option<String> {
    field.map(|field| field.to_string())
}

impl From<Account> for AccountRow {
    fn from(account: Account) -> AccountRow {
        AccountRow {
            id: Some(account.id.0),
            login: account.login,
            reference: text(account.remote_custom_field),
            name: text(account.fullname),
            address: text(account.main_address),
            note: text(account.account_desc),
            provider: account.provider.map(|provider| provider.0),
            enabled: account.enabled,
            limit: account.devices_per_account_limit,
            pin: account.pin_md5,
            extra: Extra::new([
                ("contract_info", text(account.contract_info)),
                (
                    "region_tag",
                    account.region_tag.map(|region| region.0.to_string()),
                ),
                ("last_online", shown(account.last_online)),
                ("created", shown(account.created)),
                ("updated", shown(account.updated)),
            ]),
        }
    }
}

impl Hash for AccountRow {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.id, &self.login, &self.reference, &self.name).hash(state);
        (&self.address, &self.note, self.provider, self.enabled).hash(state);
        self.limit.hash(state);
    }
}

impl From<Device> for DeviceRow {
    fn from(device: Device) -> DeviceRow {
        DeviceRow {
            id: Some(device.id.0),
            provider: device.provider.map(|provider| provider.0),
            state: DeviceState {
                seen: device.last_seen().map(OffsetDateTime::at),
                was_seen: device.last_online.is_some(),
                ip: text(device.ipaddr),
                model: device.device_type.map(|model| model.0),
                model_name: None,
                firmware: text(device.last_fw_ver),
                connected: device.ws_connected,
                extra: Extra::new([
                    ("comment", text(device.comment)),
                    ("remote_custom_field", text(device.remote_custom_field)),
                    ("operation_system", text(device.operation_system)),
                    ("udpxy_addr", text(device.udpxy_addr)),
                    ("use_nat", shown(device.use_nat)),
                    ("first_online", text(device.first_online)),
                    ("last_online", text(device.last_online)),
                ]),
            },
            unique_id: device.unique_id,
        }
    }
}

impl DeviceRow {
    /// A device that is not made yet.
    pub(super) fn new(unique_id: String, provider: Option<i64>) -> DeviceRow {
        DeviceRow {
            id: None,
            unique_id,
            provider,
            state: DeviceState::default(),
        }
    }

    /// The hardware address, if it goes by one.
    pub(super) fn mac(&self) -> Option<MacAddr> {
        self.unique_id.parse().ok()
    }

    pub(super) fn key(&self, identity: &Identity) -> Key {
        match self.mac() {
            Some(mac) => identity.mac(mac),
            None => identity.player(&self.unique_id),
        }
    }
}

/// Of what no write depends on, nothing: a plan is not stale because a box has
/// been switched on.
impl Hash for DeviceRow {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.id, &self.unique_id, self.provider).hash(state);
    }
}

impl SubscriptionRow {
    pub(super) fn of_account(row: &AccountSubscription) -> SubscriptionRow {
        SubscriptionRow {
            id: Some(row.id.0),
            device: None,
            tarif: row.tarif.0,
            start: row.start.map(OffsetDateTime::at),
            stop: row.stop.map(OffsetDateTime::at),
        }
    }

    pub(super) fn of_device(row: &DeviceSubscription, unique_id: &str) -> SubscriptionRow {
        SubscriptionRow {
            id: Some(row.id.0),
            device: Some(unique_id.to_owned()),
            tarif: row.tarif.0,
            start: row.start.map(OffsetDateTime::at),
            stop: row.stop.map(OffsetDateTime::at),
        }
    }

    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        self.stop.is_some_and(|stop| stop <= now)
    }

    pub(super) fn is_running(&self, now: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= now) && !self.has_ended(now)
    }
}
