//! Writing devices.

use super::super::device::unique_id;
use super::super::{
    Account, AccountId, Device, DeviceChange, DeviceFilter, DeviceId, DeviceSubscriptionFilter,
    NewDevice, Tvip, Unbind,
};
use super::convert::terminal;
use super::find::number;
use super::lost;
use super::steps::Steps;
use crate::backend::{Applied, Change};
use crate::error::{Error, Place, RejectionKind, Result};
use crate::model::{MacAddr, Patch, SubscriberId, Terminal, TerminalId};

const BIND: &str = "bind terminal";
const MOVE: &str = "move terminal";
const UNBIND: &str = "unbind terminal";

impl Tvip {
    pub(super) async fn terminals_of(&self, of: &SubscriberId) -> Result<Vec<Terminal>> {
        let account = AccountId(number("list terminals", "subscriber", of.as_str())?);
        if self.account(account).await?.is_none() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let devices = self.devices_of(account).await?;
        Ok(devices
            .into_iter()
            .map(|device| terminal(device, now))
            .collect())
    }

    pub(super) async fn devices_of(&self, account: AccountId) -> Result<Vec<Device>> {
        let filter = DeviceFilter {
            account: Some(account),
            ..DeviceFilter::default()
        };
        self.devices().list(filter).collect().await
    }

    pub(super) async fn bind(
        &self,
        subscriber: &SubscriberId,
        mac: MacAddr,
    ) -> Result<Applied<Terminal>> {
        let account = self.present_account(BIND, subscriber).await?;
        if let Some(found) = self.find_device(mac).await? {
            return self.take(found, &account).await;
        }
        let new = NewDevice {
            account: Some(account.id),
            provider: account.provider.or(self.options().provider),
            ws_connected: self.options().says_unconnected.then_some(false),
            ..NewDevice::of(mac)
        };
        let created = match self.devices().create(&new).await {
            // Somebody else was faster, perhaps.
            Err(Error::Rejected(rejection))
                if matches!(
                    rejection.kind(),
                    RejectionKind::Invalid | RejectionKind::Conflict
                ) =>
            {
                return match self.find_device(mac).await? {
                    Some(found) => self.take(found, &account).await,
                    None => Err(Error::Rejected(rejection)),
                };
            }
            Err(lost) if lost.is_indeterminate() => match self.find_device(mac).await {
                Ok(Some(found)) if found.account == Some(account.id) => found,
                _ => return Err(lost),
            },
            created => created?,
        };
        self.bound(BIND, created, account.id, Change::Made)
    }

    /// A device that is nobody's. One of another provider is somebody's, even
    /// if it is no account's.
    async fn take(&self, found: Device, account: &Account) -> Result<Applied<Terminal>> {
        match found.account {
            Some(owner) if owner == account.id => self.bound(BIND, found, owner, Change::Nothing),
            None if self.sees(found.provider) => {
                let device = self.give(&found, account).await?;
                self.bound(BIND, device, account.id, Change::Made)
            }
            _ => Err(Error::Taken {
                record: "terminal",
                key: "hardware address",
                place: None,
            }),
        }
    }

    /// By letter as servers have it, then by the server's own search: whether
    /// it looks at letter case is not known, and a second device with the same
    /// address would be worse than one more question.
    async fn find_device(&self, mac: MacAddr) -> Result<Option<Device>> {
        let text = unique_id(mac);
        let exact = DeviceFilter {
            unique_id: Some(text.clone()),
            ..DeviceFilter::default()
        };
        let search = DeviceFilter {
            quick_search: Some(text),
            ..DeviceFilter::default()
        };
        for filter in [exact, search] {
            let mut found = self.devices().list(filter).collect().await?;
            found.retain(|device| device.mac_addr() == Some(mac));
            match found.len() {
                0 => {}
                1 => return Ok(found.pop()),
                found => {
                    return Err(Error::ManyRows {
                        found,
                        place: Some(Place::of_operation("devices with one address")),
                    });
                }
            }
        }
        Ok(None)
    }

    /// In place: deleting and creating would lose its history.
    async fn give(&self, device: &Device, to: &Account) -> Result<Device> {
        let change = DeviceChange {
            account: Patch::Set(to.id),
            provider: to
                .provider
                .filter(|provider| device.provider != Some(*provider)),
            ..DeviceChange::default()
        };
        let written = self.devices().update(device.id, &change).await;
        let given = |device: &Device| device.account == Some(to.id);
        lost::settle(self.devices(), device.id, written, given).await
    }

    fn bound(
        &self,
        operation: &'static str,
        device: Device,
        to: AccountId,
        change: Change,
    ) -> Result<Applied<Terminal>> {
        if device.account != Some(to) {
            return Err(Error::NotApplied {
                operation,
                found: "the device is not the subscriber's".into(),
                place: None,
            });
        }
        Ok(Applied::new(
            terminal(device, self.now()),
            change,
            Vec::new(),
        ))
    }

    pub(super) async fn move_to(
        &self,
        id: &TerminalId,
        to: &SubscriberId,
    ) -> Result<Applied<Terminal>> {
        let device = self.present_device(MOVE, id).await?;
        let account = self.present_account(MOVE, to).await?;
        if device.account == Some(account.id) {
            return self.bound(MOVE, device, account.id, Change::Nothing);
        }
        let mut steps = Steps::of(MOVE);
        self.forget_subscriptions(&device, &mut steps).await?;
        let moved = async {
            let moved = self.give(&device, &account).await?;
            self.bound(MOVE, moved, account.id, Change::Made)
        };
        steps.step("change device", moved).await
    }

    pub(super) async fn unbind(&self, id: &TerminalId) -> Result<Applied<()>> {
        let id = DeviceId(number(UNBIND, "terminal", id.as_str())?);
        let mut steps = Steps::of(UNBIND);
        if let Some(device) = self.device(id).await? {
            let stays = self.options().unbind == Unbind::Free;
            if device.account.is_some() || !stays {
                let unbind = self.options().unbind;
                self.release(&device, unbind, &mut steps).await?;
            }
        }
        let change = match steps.nothing_done() {
            true => Change::Nothing,
            false => Change::Made,
        };
        Ok(Applied::new((), change, Vec::new()))
    }

    /// Takes a device from its account, with its subscriptions.
    pub(super) async fn release(
        &self,
        device: &Device,
        unbind: Unbind,
        steps: &mut Steps,
    ) -> Result<()> {
        self.forget_subscriptions(device, steps).await?;
        if unbind == Unbind::Delete {
            return steps
                .step("delete device", self.devices().delete(device.id))
                .await;
        }
        let change = DeviceChange {
            account: Patch::Clear,
            ..DeviceChange::default()
        };
        let devices = self.devices();
        let freed = async {
            let written = devices.update(device.id, &change).await;
            let free = |device: &Device| device.account.is_none();
            let freed = lost::settle(devices, device.id, written, free).await?;
            match free(&freed) {
                true => Ok(()),
                false => Err(Error::NotApplied {
                    operation: UNBIND,
                    found: "the device has its account still; see `Unbind::Delete`".into(),
                    place: None,
                }),
            }
        };
        steps.step("free device", freed).await
    }

    /// Subscriptions of a device outlive its account's: whoever had it next
    /// would have these instead of their own. Even ended ones may count.
    async fn forget_subscriptions(&self, device: &Device, steps: &mut Steps) -> Result<()> {
        let filter = DeviceSubscriptionFilter {
            device: Some(device.id),
            ..DeviceSubscriptionFilter::default()
        };
        let calls = self.device_subscriptions();
        let listed = calls.list(filter).collect();
        for row in steps.read("list device's subscriptions", listed).await? {
            steps
                .step("delete device's subscription", calls.delete(row.id))
                .await?;
        }
        Ok(())
    }
}
