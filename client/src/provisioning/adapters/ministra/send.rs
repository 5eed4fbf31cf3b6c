//! Boxes are told something.

use crate::error::{Error, Refusal, Result};
use crate::ministra::{self, ChannelId, Event, StbMessage};
use crate::model::{self, Command, MacAddr, Message};
use crate::provisioning::identity::Identity;
use crate::provisioning::platform::Audience;

use super::rows::{MinistraRows, Row};
use super::values;

const SEND: &str = "send";

/// The maximum number of set-top boxes that one request names: their MAC addresses
/// are part of its URL.
const TOGETHER: usize = 100;

enum Told {
    Message(StbMessage),
    Event(Event),
}

pub(super) async fn send(
    client: &ministra::Ministra,
    identity: &Identity,
    to: &Audience<'_, MinistraRows>,
    command: &Command,
) -> Result<()> {
    let boxes = boxes(identity, to)?;
    let told = match command {
        Command::Message(message) => Told::Message(text(message)?),
        Command::Restart => Told::Event(Event::Reboot),
        Command::ReloadPortal => Told::Event(Event::ReloadPortal),
        Command::RefreshChannels => Told::Event(Event::UpdateChannels),
        Command::SwitchToChannel(id) => Told::Event(Event::PlayChannel(number(client, id).await?)),
        Command::UpdateFirmware => Told::Event(Event::UpdateImage),
    };
    for macs in boxes.chunks(TOGETHER) {
        match &told {
            Told::Message(message) => client.stb_msg().send(macs.to_vec(), message).await?,
            Told::Event(event) => {
                client
                    .send_event()
                    .send(macs.to_vec(), event.clone())
                    .await?;
            }
        }
    }
    Ok(())
}

/// Returns the boxes, each once.
fn boxes(identity: &Identity, to: &Audience<'_, MinistraRows>) -> Result<Vec<MacAddr>> {
    let is_told = |row: &&Row| match (to.terminals, &row.0.stb_mac) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(keys), Some(written)) => {
            let id = identity.terminal(&written.as_str().into());
            let mac = row.mac().map(|mac| identity.mac(mac));
            keys.iter()
                .any(|key| *key == id || Some(key) == mac.as_ref())
        }
    };
    let rows = to.subscribers.iter().flat_map(|rows| rows.0.iter());
    let mut boxes = Vec::new();
    for row in rows.filter(is_told) {
        let reason = "the address of a box is not written as the server finds it, with colons \
                      and capital letters";
        boxes.push(row.found_mac().ok_or_else(|| Refusal::new(SEND, reason))?);
    }
    boxes.sort_unstable();
    boxes.dedup();
    Ok(boxes)
}

/// Returns the number on the remote control, by which alone a box is told.
async fn number(client: &ministra::Ministra, id: &model::ChannelId) -> Result<u32> {
    let missing = Error::Missing {
        record: "channel",
        place: None,
    };
    let Ok(id) = id.as_str().parse::<ChannelId>() else {
        return Err(missing);
    };
    let channels = client.itv().get(&[id]).await?;
    let channel = channels.into_iter().find(|channel| channel.id == id);
    let number = channel.ok_or(missing)?.number;
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Refusal::new(SEND, "the channel has no number on the remote control").into())
}

fn text(message: &Message) -> Result<StbMessage, Refusal> {
    values::message(&message.text).map_err(|refusal| refusal.of_operation(SEND))?;
    Ok(StbMessage {
        msg: message.text.clone(),
        ttl: message.expires_in,
        auto_hide_timeout: message.shown_for,
    })
}
