//! Sending one write, and taking its answer for the row that it is about.

use secrecy::SecretString;

use super::Tvip;
use super::rows::{AccountRow, DeviceRow, SubscriptionRow, TvipRows};
use crate::error::{Error, Refusal, Rejection, RejectionKind, Result};
use crate::model::{Patch, Timestamp};
use crate::provisioning::rows::Slot;
use crate::tvip::{
    AccountChange, AccountId, AccountNetworkId, AccountSubscriptionId, Device, DeviceChange,
    DeviceId, DeviceSubscriptionId, NewAccount, NewAccountSubscription, NewDevice,
    NewDeviceSubscription, OffsetDateTime, ProviderId, SubscriptionChange, TarifId,
};

/// A write of TVIP.
#[derive(Clone)]
pub struct TvipWrite(pub(super) Write);

#[derive(Clone)]
pub(super) enum Write {
    CreateAccount(Box<AccountRow>, Option<SecretString>),
    ChangeAccount(Box<AccountChange>),
    DeleteAccount,
    CreateDevice(Slot, DeviceRow),
    /// Gives a device that is nobody's to the account.
    BindDevice(Slot, DeviceRow),
    /// Takes a device from the account; it stays as nobody's.
    FreeDevice(Slot),
    DeleteDevice(Slot),
    AddSubscription(Slot, SubscriptionRow),
    SetStop(Slot, Option<Timestamp>),
    DeleteSubscription(Slot),
    /// Deletes a subscription of a device that is nobody's.
    DeleteLeftover(i64),
    DeleteNetwork(Slot),
}

impl Tvip {
    /// Returns the rows as they are then, with what the server has answered.
    pub(super) async fn send_write(
        &self,
        write: &Write,
        present: Option<&TvipRows>,
    ) -> Result<Option<TvipRows>> {
        let before = present.cloned().unwrap_or_default();
        let mut rows = before.clone();
        if !rows.apply(write) {
            let id = before.account_id().ok_or_else(gone)?;
            self.raw.accounts().delete(AccountId(id)).await?;
            return Ok(None);
        }
        match write {
            Write::CreateAccount(row, password) => {
                let new = self.new_account(row, password.clone());
                let made = self.raw.accounts().create(&new).await;
                rows.account = Some(AccountRow::from(made.map_err(taken("POST accounts"))?));
            }
            Write::ChangeAccount(change) => {
                let id = AccountId(before.account_id().ok_or_else(gone)?);
                let made = self.raw.accounts().update(id, change).await;
                rows.account = Some(AccountRow::from(made.map_err(taken("POST accounts"))?));
            }
            Write::DeleteAccount => {}
            Write::CreateDevice(slot, row) => {
                let owner = before.account_id().ok_or_else(gone)?;
                let new = NewDevice {
                    account: Some(AccountId(owner)),
                    provider: row.provider.map(ProviderId),
                    ws_connected: self.raw.options().says_unconnected.then_some(false),
                    ..NewDevice::of_unique_id(row.unique_id.clone())
                };
                let made = self.raw.devices().create(&new).await;
                let made = made.map_err(taken("POST devices"))?;
                take_device(&mut rows, *slot, made, owner);
            }
            Write::BindDevice(slot, row) => {
                let owner = before.account_id().ok_or_else(gone)?;
                let account = before.account.as_ref();
                let other = (account.and_then(|account| account.provider))
                    .filter(|provider| Some(*provider) != row.provider);
                let change = DeviceChange {
                    account: Patch::Set(AccountId(owner)),
                    provider: other.map(ProviderId),
                    ..DeviceChange::default()
                };
                let id = DeviceId(row.id.ok_or_else(gone)?);
                let made = self.raw.devices().update(id, &change).await;
                let made = made.map_err(taken("POST devices"))?;
                take_device(&mut rows, *slot, made, owner);
                self.name_models(&mut rows).await?;
            }
            Write::FreeDevice(slot) => {
                let device = before.devices.get(*slot).ok_or_else(gone)?;
                let id = DeviceId(device.id.ok_or_else(gone)?);
                let change = DeviceChange {
                    account: Patch::Clear,
                    ..DeviceChange::default()
                };
                let made = self.raw.devices().update(id, &change).await?;
                if made.account.map(|account| account.0) == before.account_id() {
                    // It has its account still.
                    rows.devices = before.devices;
                }
            }
            Write::DeleteDevice(slot) => {
                let device = before.devices.get(*slot).ok_or_else(gone)?;
                let id = DeviceId(device.id.ok_or_else(gone)?);
                self.raw.devices().delete(id).await?;
            }
            Write::AddSubscription(slot, row) => {
                let made = self.add_subscription(row, &before).await?;
                if let Some(own) = rows.subscriptions.get_mut(*slot) {
                    *own = made;
                }
            }
            Write::SetStop(slot, stop) => {
                let row = before.subscriptions.get(*slot).ok_or_else(gone)?;
                let made = self.set_stop(row, *stop).await?;
                if let Some(own) = rows.subscriptions.get_mut(*slot) {
                    *own = made;
                }
            }
            Write::DeleteSubscription(slot) => {
                let row = before.subscriptions.get(*slot).ok_or_else(gone)?;
                let id = row.id.ok_or_else(gone)?;
                match row.device {
                    None => {
                        let calls = self.raw.account_subscriptions();
                        calls.delete(AccountSubscriptionId(id)).await?;
                    }
                    Some(_) => self.delete_of_device(id).await?,
                }
            }
            Write::DeleteLeftover(id) => self.delete_of_device(*id).await?,
            Write::DeleteNetwork(slot) => {
                let id = *before.networks.get(*slot).ok_or_else(gone)?;
                let calls = self.raw.account_network();
                calls.delete(AccountNetworkId(id)).await?;
            }
        }
        Ok(Some(rows))
    }

    async fn delete_of_device(&self, id: i64) -> Result<()> {
        let calls = self.raw.device_subscriptions();
        calls.delete(DeviceSubscriptionId(id)).await
    }

    fn new_account(&self, row: &AccountRow, password: Option<SecretString>) -> NewAccount {
        NewAccount {
            enabled: row.enabled,
            password,
            fullname: row.name.clone(),
            provider: row.provider.map(ProviderId),
            remote_custom_field: row.reference.clone(),
            main_address: row.address.clone(),
            account_desc: row.note.clone(),
            devices_per_account_limit: row.limit.and_then(|limit| u32::try_from(limit).ok()),
            ..NewAccount::new(&row.login)
        }
    }

    fn moment(&self, at: Timestamp) -> OffsetDateTime {
        OffsetDateTime::new(at, self.raw.options().offset)
    }

    async fn add_subscription(
        &self,
        row: &SubscriptionRow,
        of: &TvipRows,
    ) -> Result<SubscriptionRow> {
        let start = self.moment(row.start.unwrap_or_else(|| self.raw.now()));
        let stop = row.stop.map(|stop| self.moment(stop));
        let tarif = TarifId(row.tarif);
        let Some(unique_id) = &row.device else {
            let account = AccountId(of.account_id().ok_or_else(gone)?);
            let new = NewAccountSubscription {
                stop,
                ..NewAccountSubscription::new(account, tarif, start)
            };
            let made = self.raw.account_subscriptions().create(&new).await?;
            return Ok(SubscriptionRow::of_account(&made));
        };
        let device = of.devices.iter().find(|one| one.unique_id == *unique_id);
        let id = device.and_then(|device| device.id).ok_or_else(gone)?;
        let new = NewDeviceSubscription {
            stop,
            ..NewDeviceSubscription::new(DeviceId(id), tarif, start)
        };
        let made = self.raw.device_subscriptions().create(&new).await?;
        Ok(SubscriptionRow::of_device(&made, unique_id))
    }

    async fn set_stop(
        &self,
        row: &SubscriptionRow,
        stop: Option<Timestamp>,
    ) -> Result<SubscriptionRow> {
        let id = row.id.ok_or_else(gone)?;
        let change = SubscriptionChange {
            stop: stop.map(|stop| self.moment(stop)).into(),
            ..SubscriptionChange::default()
        };
        Ok(match &row.device {
            None => {
                let calls = self.raw.account_subscriptions();
                let made = calls.update(AccountSubscriptionId(id), &change).await?;
                SubscriptionRow::of_account(&made)
            }
            Some(unique_id) => {
                let calls = self.raw.device_subscriptions();
                let made = calls.update(DeviceSubscriptionId(id), &change).await?;
                SubscriptionRow::of_device(&made, unique_id)
            }
        })
    }
}

/// A device that was not given to the account is none of its rows.
fn take_device(rows: &mut TvipRows, slot: Slot, made: Device, owner: i64) {
    if made.account != Some(AccountId(owner)) {
        rows.devices.remove(slot);
    } else if let Some(own) = rows.devices.get_mut(slot) {
        *own = DeviceRow::from(made);
    }
}

/// A row that the plan has and the server has not told the number of.
fn gone() -> Error {
    Refusal::new("write", "the row has no number yet").into()
}

/// Servers say with HTTP 400, in words that nobody has written down, that a
/// login or an address is another's (a client in production looks it up then).
fn taken(operation: &'static str) -> impl Fn(Error) -> Error {
    move |error| match error {
        Error::Rejected(rejection) if rejection.kind() == RejectionKind::Invalid => {
            let kind = RejectionKind::Conflict;
            Rejection::new(operation, kind, rejection.status(), rejection.message()).into()
        }
        other => other,
    }
}
