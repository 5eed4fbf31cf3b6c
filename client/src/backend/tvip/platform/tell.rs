//! Commands to terminals.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::{AccountId, ChannelId, Command, DeviceId, Tvip};
use super::find::number;
use crate::backend::{Applied, Change};
use crate::error::{Error, Refusal, Result};
use crate::model::{self, Lossy, Message, Recipients};

const SEND: &str = "send";

impl Tvip {
    /// Servers say nothing of ids that nobody has, so they are looked up first.
    pub(super) async fn tell(
        &self,
        to: &Recipients,
        command: &model::Command,
    ) -> Result<Applied<()>> {
        let (command, losses) = wire(command, self.now())?;
        match to {
            Recipients::Subscribers(ids) => checked(ids.len())?,
            Recipients::Terminals(ids) => checked(ids.len())?,
        }
        if let Some(channel) = command.channel()
            && self.channels().get(channel).await?.is_none()
        {
            return Err(Error::Missing { record: "channel" });
        }
        let commands = [command];
        match to {
            Recipients::Subscribers(ids) => {
                let mut accounts: Vec<AccountId> = Vec::with_capacity(ids.len());
                for id in ids {
                    accounts.push(self.present_account(SEND, id).await?.id);
                }
                self.commands().to_accounts(&accounts, &commands).await?;
            }
            Recipients::Terminals(ids) => {
                let mut devices: Vec<DeviceId> = Vec::with_capacity(ids.len());
                for id in ids {
                    devices.push(self.present_device(SEND, id).await?.id);
                }
                self.commands().to_devices(&devices, &commands).await?;
            }
        }
        Ok(Applied::new((), Change::Made, losses))
    }
}

/// Nobody may mean everybody.
pub(super) fn checked(recipients: usize) -> Result<(), Refusal> {
    match recipients {
        0 => Err(Refusal::new(SEND, "recipients: none")),
        _ => Ok(()),
    }
}

/// The command as TVIP has it, and what of it is lost.
pub(super) fn wire(
    command: &model::Command,
    now: Timestamp,
) -> Result<(Command, Vec<Lossy>), Refusal> {
    let command = match command {
        model::Command::Message(message) => return told(message, now),
        model::Command::Restart => Command::restart(),
        model::Command::ReloadPortal => Command::reinit(),
        model::Command::RefreshChannels => Command::refresh_channel_list(),
        model::Command::SwitchToChannel(channel) => {
            Command::switch_to_channel(ChannelId(number(SEND, channel.as_str())?))
        }
        model::Command::UpdateFirmware => Command::update_undocumented(),
    };
    Ok((command, Vec::new()))
}

fn told(message: &Message, now: Timestamp) -> Result<(Command, Vec<Lossy>), Refusal> {
    if message.text.trim().is_empty() {
        return Err(Refusal::new(SEND, "text: empty"));
    }
    let mut losses = Vec::new();
    let mut command = if message.confirm {
        if message.shown_for.is_some() {
            let reason = "a message to be confirmed stays until it is";
            losses.push(Lossy::new("shown_for", reason));
        }
        Command::confirm(message.title.clone(), &message.text)
    } else {
        if message.title.is_some() {
            let reason = "only a message to be confirmed has a title";
            losses.push(Lossy::new("title", reason));
        }
        Command::notify(&message.text, message.shown_for)
    };
    if let Some(time) = message.not_before {
        command = command.not_before(time);
    }
    if let Some(lasting) = message.expires_in {
        let from = message.not_before.map_or(now, |time| time.max(now));
        command = command.not_after(later(from, lasting)?);
    }
    Ok((command, losses))
}

fn later(from: Timestamp, by: Duration) -> Result<Timestamp, Refusal> {
    let by = SignedDuration::try_from(by).ok();
    by.and_then(|by| from.checked_add(by).ok())
        .ok_or_else(|| Refusal::new(SEND, "expires_in: too long"))
}
