//! Commands to terminals.

use std::collections::HashSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::{AccountFilter, AccountId, ChannelId, Command, DeviceFilter, DeviceId, Tvip};
use super::find::number;
use crate::backend::{Applied, Change};
use crate::error::{Error, Refusal, Result};
use crate::model::{self, Lossy, Message, Recipients, SubscriberId, TerminalId};

const SEND: &str = "send";

/// How many recipients are looked up one by one; for more, the list is read.
const FEW: usize = 10;

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
            return Err(Error::Missing {
                record: "channel",
                place: None,
            });
        }
        let commands = [command];
        match to {
            Recipients::Subscribers(ids) => {
                let accounts = self.known_accounts(ids).await?;
                self.commands().to_accounts(&accounts, &commands).await?;
            }
            Recipients::Terminals(ids) => {
                let devices = self.known_devices(ids).await?;
                self.commands().to_devices(&devices, &commands).await?;
            }
        }
        Ok(Applied::new((), Change::Made, losses))
    }

    async fn known_accounts(&self, ids: &[SubscriberId]) -> Result<Vec<AccountId>> {
        let mut accounts = Vec::with_capacity(ids.len());
        for id in ids {
            accounts.push(AccountId(number(SEND, "subscriber", id.as_str())?));
        }
        let missing = Error::Missing {
            record: "subscriber",
            place: None,
        };
        if accounts.len() > FEW {
            let mut known = HashSet::new();
            let mut all = self.accounts().list(AccountFilter {
                provider: self.options().provider,
                ..AccountFilter::default()
            });
            while let Some(account) = all.next().await {
                known.insert(account?.id);
            }
            return match accounts.iter().all(|id| known.contains(id)) {
                true => Ok(accounts),
                false => Err(missing),
            };
        }
        for id in &accounts {
            if self.account(*id).await?.is_none() {
                return Err(missing);
            }
        }
        Ok(accounts)
    }

    async fn known_devices(&self, ids: &[TerminalId]) -> Result<Vec<DeviceId>> {
        let mut devices = Vec::with_capacity(ids.len());
        for id in ids {
            devices.push(DeviceId(number(SEND, "terminal", id.as_str())?));
        }
        let missing = Error::Missing {
            record: "terminal",
            place: None,
        };
        if devices.len() > FEW {
            let mut known = HashSet::new();
            let mut all = self.devices().list(DeviceFilter {
                provider: self.options().provider,
                ..DeviceFilter::default()
            });
            while let Some(device) = all.next().await {
                known.insert(device?.id);
            }
            return match devices.iter().all(|id| known.contains(id)) {
                true => Ok(devices),
                false => Err(missing),
            };
        }
        for id in &devices {
            if self.device(*id).await?.is_none() {
                return Err(missing);
            }
        }
        Ok(devices)
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
            Command::switch_to_channel(ChannelId(number(SEND, "channel", channel.as_str())?))
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
