//! What an operation would do beside what it says.

use super::super::{AccountId, DeviceSubscriptionFilter, Ending, Tvip, Unbind};
use super::find::number;
use super::subscribers::{checked_login, losses, losses_of};
use super::subscriptions::times;
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
                checked_login(name, &new.login)?;
                preview.losses = losses(new.email.is_some(), new.phone.is_some());
            }
            Operation::ChangeSubscriber(id, patch) => {
                number(name, id.as_str())?;
                if let Some(login) = &patch.login {
                    checked_login(name, login)?;
                }
                preview.losses = losses_of(patch);
            }
            Operation::EnableSubscriber(id)
            | Operation::DisableSubscriber(id)
            | Operation::BindTerminal(id, _) => {
                number(name, id.as_str())?;
            }
            Operation::DeleteSubscriber(id) => {
                let id = AccountId(number(name, id.as_str())?);
                if self.account(id).await?.is_some() {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::MoveTerminal(id, to) => {
                number(name, to.as_str())?;
                if self.has_subscriptions(name, id).await? {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::UnbindTerminal(id) => {
                let deleted = self.options().unbind == Unbind::Delete;
                if self.has_subscriptions(name, id).await? || deleted {
                    preview.effects.push(Effect::Irreversible);
                }
            }
            Operation::AddSubscription(new) => {
                number(name, new.subscriber.as_str())?;
                number(name, new.package.as_str())?;
                preview.losses = times(new, self.now())?.2;
            }
            Operation::EndSubscription(_, end) => {
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
        number(name, id.as_str())?;
        let Ok(device) = self.present_device(name, id).await else {
            return Ok(false);
        };
        let mut rows = self.device_subscriptions().list(DeviceSubscriptionFilter {
            device: Some(device.id),
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
                for id in checked(ids)? {
                    let account = AccountId(number("send", id.as_str())?);
                    if restarts && self.account(account).await?.is_some() {
                        let devices = self.devices_of(account).await?;
                        boxes += devices.iter().filter(|d| d.mac_addr().is_some()).count();
                    }
                }
            }
            Recipients::Terminals(ids) => {
                for id in checked(ids)? {
                    number("send", id.as_str())?;
                    if restarts {
                        let device = self.present_device("send", id).await?;
                        boxes += usize::from(device.mac_addr().is_some());
                    }
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
