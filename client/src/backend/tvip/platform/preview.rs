//! What an operation would do beside what it says.

use super::super::{AccountId, DeviceId, DeviceSubscriptionFilter, Ending, Tvip, Unbind};
use super::find::number;
use super::subscribers::{checked_new, checked_patch, losses, losses_of};
use super::subscriptions::{checked_id, times};
use super::tell::{checked, wire};
use crate::backend::{Effect, Operation, Preview};
use crate::error::Result;
use crate::model::{Command, End, Recipients, TerminalId};

impl Tvip {
    pub(super) async fn foresee(&self, operation: &Operation) -> Result<Preview> {
        let name = operation.name();
        let mut preview = Preview::default();
        match operation {
            Operation::CreateSubscriber(new) => {
                checked_new(name, new)?;
                preview.losses = losses(new.email.is_some(), new.phone.is_some());
            }
            Operation::ChangeSubscriber(id, patch) => {
                checked_patch(name, patch)?;
                self.present_account(name, id).await?;
                preview.losses = losses_of(patch);
            }
            Operation::EnableSubscriber(id)
            | Operation::DisableSubscriber(id)
            | Operation::BindTerminal(id, _) => {
                self.present_account(name, id).await?;
            }
            Operation::DeleteSubscriber(id) => {
                let id = AccountId(number(name, "subscriber", id.as_str())?);
                if self.account(id).await?.is_some() {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::MoveTerminal(id, to) => {
                self.present_device(name, id).await?;
                self.present_account(name, to).await?;
                if self.has_subscriptions(name, id).await? {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::UnbindTerminal(id) => {
                let device = self
                    .device(DeviceId(number(name, "terminal", id.as_str())?))
                    .await?;
                let deleted = device.is_some() && self.options().unbind == Unbind::Delete;
                if deleted || self.has_subscriptions(name, id).await? {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::AddSubscription(new) => {
                preview.losses = times(new, self.now())?.2;
                self.check_addition(new).await?;
            }
            Operation::EndSubscription(id, end) => {
                checked_id(id)?;
                if self.options().ending == Ending::Delete && *end == End::Now {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::Send(to, command) => {
                preview.losses = wire(command, self.now())?.1;
                preview.effects = self.heard(to, command).await?;
            }
        }
        Ok(preview)
    }

    /// A device's own subscriptions do not go with it to its next account.
    async fn has_subscriptions(&self, name: &'static str, id: &TerminalId) -> Result<bool> {
        let id = DeviceId(number(name, "terminal", id.as_str())?);
        if self.device(id).await?.is_none() {
            return Ok(false);
        }
        let mut rows = self.device_subscriptions().list(DeviceSubscriptionFilter {
            device: Some(id),
            ..DeviceSubscriptionFilter::default()
        });
        Ok(rows.next().await.transpose()?.is_some())
    }

    /// Only TVIP's boxes restart, which go by a hardware address; what an
    /// application goes by is another text.
    async fn heard(&self, to: &Recipients, command: &Command) -> Result<Vec<Effect>> {
        let mut boxes = 0;
        let restarts = matches!(command, Command::Restart | Command::UpdateFirmware);
        match to {
            Recipients::Subscribers(ids) => {
                checked(ids.len())?;
                for id in ids {
                    let account = self.present_account("send", id).await?;
                    if restarts {
                        let devices = self.devices_of(account.id).await?;
                        boxes += devices.iter().filter(|d| d.mac_addr().is_some()).count();
                    }
                }
            }
            Recipients::Terminals(ids) => {
                checked(ids.len())?;
                for id in ids {
                    let device = self.present_device("send", id).await?;
                    boxes += usize::from(restarts && device.mac_addr().is_some());
                }
            }
        }
        let boxes = u32::try_from(boxes).unwrap_or(u32::MAX);
        Ok(match boxes {
            0 => Vec::new(),
            boxes => vec![Effect::Reboot { boxes }],
        })
    }
}
