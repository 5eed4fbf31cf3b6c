//! Commands to devices, and the channels that one of them names.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::rows::TvipRows;
use super::{Tvip, number};
use crate::error::{Error, Partial, Refusal, Result};
use crate::model::{self, Channel, FieldLoss, Message};
use crate::provisioning::platform::Audience;
use crate::tvip::{AccountId, ChannelFilter, ChannelId, Command, DeviceId, Listed};

const SEND: &str = "send";

/// The maximum number of recipients that one request names. The size of the largest
/// request that a server accepts is not documented.
const CHUNK: usize = 500;

impl Tvip {
    pub(super) async fn tell(
        &self,
        to: &Audience<'_, TvipRows>,
        command: &model::Command,
    ) -> Result<()> {
        let command = wire(command, self.raw.now())?;
        if let Some(channel) = command.channel()
            && self.raw.channels().get(channel).await?.is_none()
        {
            return Err(Error::Missing {
                record: "channel",
                place: None,
            });
        }
        let commands = [command];
        let mut done = Vec::new();
        match to.terminals {
            None => {
                let with_devices = to.subscribers.iter().filter(|one| !one.devices.is_empty());
                let ids: Vec<AccountId> = with_devices
                    .filter_map(|one| one.account_id().map(AccountId))
                    .collect();
                for chunk in ids.chunks(CHUNK) {
                    let sent = self.raw.commands().to_accounts(chunk, &commands).await;
                    partly(sent, &mut done)?;
                }
            }
            Some(keys) => {
                let identity = &self.identity;
                let devices = to.subscribers.iter().flat_map(|one| one.devices.iter());
                let named = devices.filter(|device| {
                    let id = device.id.map(|id| identity.terminal(&id.into()));
                    keys.contains(&device.key(identity)) || id.is_some_and(|id| keys.contains(&id))
                });
                let ids: Vec<DeviceId> = named.filter_map(|one| one.id.map(DeviceId)).collect();
                for chunk in ids.chunks(CHUNK) {
                    let sent = self.raw.commands().to_devices(chunk, &commands).await;
                    partly(sent, &mut done)?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn channel_list(&self) -> Result<Vec<Channel>> {
        let rows = self.raw.channels().rows(ChannelFilter::default()).await?;
        let channel = |row| match row {
            Listed::Read(channel) => Some(named(channel)),
            Listed::Odd(_) => None,
        };
        Ok(rows.into_iter().filter_map(channel).collect())
    }
}

fn named(channel: crate::tvip::Channel) -> Channel {
    let text = |field: Option<String>| field.filter(|text| !text.is_empty());
    Channel {
        id: channel.id.0.into(),
        name: text(channel.text_name).unwrap_or(channel.name),
        number: text(channel.display_number),
        enabled: channel.enabled,
    }
}

fn partly(sent: Result<()>, done: &mut Vec<&'static str>) -> Result<()> {
    match sent {
        Ok(()) => {
            done.push("send to some recipients");
            Ok(())
        }
        Err(error) if done.is_empty() => Err(error),
        Err(error) => {
            let step = "send to further recipients";
            Err(Partial::of(SEND, std::mem::take(done), step, error))
        }
    }
}

/// The command as TVIP has it.
fn wire(command: &model::Command, now: Timestamp) -> Result<Command, Refusal> {
    Ok(match command {
        model::Command::Message(message) => return text(message, now),
        model::Command::Restart => Command::restart(),
        model::Command::ReloadPortal => Command::reinit(),
        model::Command::RefreshChannels => Command::refresh_channel_list(),
        model::Command::SwitchToChannel(channel) => {
            let refused =
                || Refusal::new(SEND, "the id of a channel is a whole number above 0 here");
            Command::switch_to_channel(ChannelId(number(channel.as_str()).ok_or_else(refused)?))
        }
        model::Command::UpdateFirmware => Command::update_undocumented(),
    })
}

/// Returns the parts of a message that TVIP has, and not for this one.
pub(super) fn losses(command: &model::Command) -> Vec<FieldLoss> {
    let model::Command::Message(message) = command else {
        return Vec::new();
    };
    let parts = [
        (
            message.confirm && message.shown_for.is_some(),
            FieldLoss::new("shown_for", "a message to be confirmed stays until it is"),
        ),
        (
            !message.confirm && message.title.is_some(),
            FieldLoss::new("title", "only a message to be confirmed has a title"),
        ),
    ];
    let lost = parts.into_iter().filter(|(is_lost, _)| *is_lost);
    lost.map(|(_, loss)| loss).collect()
}

fn text(message: &Message, now: Timestamp) -> Result<Command, Refusal> {
    if message.text.trim().is_empty() {
        return Err(Refusal::new(SEND, "the text is empty"));
    }
    let mut command = match message.confirm {
        true => Command::confirm(message.title.clone(), &message.text),
        false => Command::notify(&message.text, message.shown_for),
    };
    if let Some(time) = message.not_before {
        command = command.not_before(time);
    }
    if let Some(lasting) = message.expires_in {
        let from = message.not_before.map_or(now, |time| time.max(now));
        command = command.not_after(later(from, lasting)?);
    }
    Ok(command)
}

fn later(from: Timestamp, by: Duration) -> Result<Timestamp, Refusal> {
    let by = SignedDuration::try_from(by).ok();
    by.and_then(|by| from.checked_add(by).ok())
        .ok_or_else(|| Refusal::new(SEND, "it expires too late to be written"))
}
