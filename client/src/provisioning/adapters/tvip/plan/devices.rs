//! Devices: whose each is.

use super::{Planning, refused};
use crate::provisioning::adapters::tvip::rows::{DeviceRow, TvipRows};
use crate::provisioning::adapters::tvip::write::Write;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{Members, TerminalKey};
use crate::provisioning::identity::Key;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;
use crate::tvip::{Unbind, unique_id};

impl Planning<'_> {
    fn is(&self, device: &DeviceRow, wanted: &TerminalKey) -> bool {
        let identity = &self.tvip.identity;
        let key = wanted.key(identity);
        let number = device.id.map(|id| identity.terminal(&id.into()));
        device.key(identity) == key || number == Some(key)
    }

    /// Takes away what is not to be there. A managed set is of devices with a
    /// hardware address: telephones and television sets sign in by themselves,
    /// and no billing knows what they go by. Those stay unless they are named.
    pub(super) fn unwanted_devices(&mut self) {
        let members = &self.wanted.terminals;
        let mut kept: Vec<Key> = Vec::new();
        let devices: Vec<(Slot, DeviceRow)> = (self.rows.devices.slots())
            .map(|(slot, row)| (slot, row.clone()))
            .collect();
        for (slot, device) in devices {
            let named = |all: &[TerminalKey]| all.iter().any(|key| self.is(&device, key));
            let key = device.key(&self.tvip.identity);
            let stays = match members {
                Members::Keep => true,
                Members::Change { add, remove } => named(add) || !named(remove),
                Members::Exactly(_) if device.mac().is_none() => true,
                Members::Exactly(all) => named(all) && !kept.contains(&key),
            };
            match stays {
                true => kept.push(key),
                false => self.release(slot),
            }
        }
    }

    /// Takes a device away, with its subscriptions: whoever had it next would
    /// have these instead of their own.
    fn release(&mut self, slot: Slot) {
        self.forget_subscriptions(slot);
        if self.tvip.raw.options().unbind == Unbind::Delete {
            return self.delete_device(slot);
        }
        let differs = self.gone(slot);
        self.push(
            "free the device",
            Write::FreeDevice(slot),
            [differs],
            |step| step,
        );
    }

    pub(super) fn delete_device(&mut self, slot: Slot) {
        let differs = self.gone(slot);
        self.push(
            "delete the device",
            Write::DeleteDevice(slot),
            [differs],
            Step::removes,
        );
    }

    fn gone(&self, slot: Slot) -> FieldDiff {
        let device = self.rows.devices.get(slot);
        let found = device.map(|device| device.unique_id.clone());
        FieldDiff::new("terminals", found, None::<String>)
    }

    fn forget_subscriptions(&mut self, slot: Slot) {
        let Some(device) = self.rows.devices.get(slot) else {
            return;
        };
        let own = Some(device.unique_id.as_str());
        let rows = self.rows.subscriptions.slots();
        let slots: Vec<_> = rows
            .filter(|(_, row)| row.device.as_deref() == own)
            .map(|(slot, _)| slot)
            .collect();
        for slot in slots {
            self.delete_subscription(slot);
        }
    }

    pub(super) fn wanted_devices(&mut self) -> Result<(), Unplanned> {
        let mut new: Vec<&TerminalKey> = Vec::new();
        for key in self.wanted.terminals.wanted() {
            let is_there = self.rows.devices.iter().any(|device| self.is(device, key));
            if !is_there && !new.contains(&key) {
                new.push(key);
            }
        }
        let key = |wanted: &&TerminalKey| wanted.key(&self.tvip.identity);
        self.context.ask(new.iter().map(key))?;
        for wanted in new {
            self.have_device(wanted)?;
        }
        Ok(())
    }

    fn have_device(&mut self, wanted: &TerminalKey) -> Result<(), Unplanned> {
        let key = wanted.key(&self.tvip.identity);
        let holders = self.context.holders(&key)?;
        let own = self.rows.account_id();
        let is_own = |one: &&TvipRows| own.is_some() && one.account_id() == own;
        if holders.iter().any(is_own) {
            return Ok(());
        }
        self.check_limit()?;
        let find = |one: &TvipRows| {
            let mut devices = one.devices.iter();
            devices.find(|device| self.is(device, wanted)).cloned()
        };
        let owner = holders.iter().find(|one| one.account.is_some());
        let loose = holders.iter().find(|one| one.account.is_none());
        let slot = self.rows.devices.next_slot();
        let shown = |device: &DeviceRow| {
            let to = Some(device.unique_id.clone());
            FieldDiff::new("terminals", None::<String>, to)
        };
        let bind = |planning: &mut Self, device: DeviceRow| {
            let differs = shown(&device);
            let write = Write::BindDevice(slot, device);
            planning.push("bind the device", write, [differs], |step| step);
        };
        match (owner, loose) {
            // One of another provider is somebody's, even if it is no account's.
            (None, Some(one)) if one.is_foreign => return Err(Conflict::Taken { key }.into()),
            (None, Some(one)) => {
                let Some(device) = find(one) else {
                    return Err(Self::missing("terminal"));
                };
                for row in one.subscriptions.iter() {
                    if let Some(id) = row.id {
                        let name = "delete a package left on the device";
                        let package = Some(row.tarif.to_string());
                        let differs = FieldDiff::new("subscriptions", package, None::<String>);
                        let write = Write::DeleteLeftover(id);
                        self.push(name, write, [differs], Step::removes);
                    }
                }
                bind(self, device);
            }
            // Its owner gives it up before, or this is not done.
            (Some(one), _) => {
                let Some(device) = find(one) else {
                    return Err(Self::missing("terminal"));
                };
                match self.tvip.raw.options().unbind {
                    Unbind::Free => bind(self, device),
                    Unbind::Delete => self.create_device(slot, device.unique_id),
                }
            }
            (None, None) => match wanted {
                TerminalKey::Mac(mac) => self.create_device(slot, unique_id(*mac)),
                TerminalKey::Id(_) => return Err(Self::missing("terminal")),
            },
        }
        Ok(())
    }

    /// The address is unique, so that a creation that is sent again makes no
    /// second device.
    fn create_device(&mut self, slot: Slot, unique_id: String) {
        let provider = self
            .rows
            .account
            .as_ref()
            .and_then(|account| account.provider);
        let differs = FieldDiff::new("terminals", None::<String>, Some(unique_id.clone()));
        let write = Write::CreateDevice(slot, DeviceRow::new(unique_id, provider));
        self.push("create the device", write, [differs], |step| step);
    }

    fn check_limit(&self) -> Result<(), Unplanned> {
        let limit = self.rows.account.as_ref().and_then(|account| account.limit);
        let has = i64::try_from(self.rows.devices.len()).unwrap_or(i64::MAX);
        match limit.is_some_and(|limit| has >= limit) {
            true => Err(refused("the subscriber has as many terminals as it may").into()),
            false => Ok(()),
        }
    }
}
