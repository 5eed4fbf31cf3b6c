//! Boxes are told something.

use super::super::{ChannelId, Event, Ministra, StbMessage};
use super::group::address;
use super::plan::{Plan, Write};
use crate::backend::Capability;
use crate::error::{Error, Refusal, Result};
use crate::model;
use crate::model::{Command, MacAddr, Message, Recipients};

const SEND: &str = "send";

/// How many boxes are told in one request: their addresses are in its own.
const TOGETHER: usize = 100;

enum Told {
    Message(StbMessage),
    Event(Event),
}

impl Ministra {
    pub(super) async fn plan_sending(&self, to: &Recipients, command: &Command) -> Result<Plan> {
        let refused = match to {
            Recipients::Subscribers(of) => of.is_empty(),
            Recipients::Terminals(of) => of.is_empty(),
        };
        if refused {
            return Err(Refusal::new(SEND, "there are no recipients").into());
        }
        let told = match command {
            Command::Message(message) => Told::Message(text(message)?),
            Command::Restart => Told::Event(Event::Reboot),
            Command::ReloadPortal => Told::Event(Event::ReloadPortal),
            Command::RefreshChannels => Told::Event(Event::UpdateChannels),
            Command::SwitchToChannel(id) => Told::Event(Event::PlayChannel(self.number(id).await?)),
            Command::UpdateFirmware => Told::Event(Event::UpdateImage),
        };
        let boxes = self.boxes(to).await?;
        let mut plan = Plan::default();
        if let Told::Event(Event::Reboot) = told {
            plan.reboots(boxes.len());
        }
        for macs in boxes.chunks(TOGETHER) {
            let write = match &told {
                Told::Message(message) => Write::Message(macs.to_vec(), message.clone()),
                Told::Event(event) => Write::event(macs.to_vec(), event.clone()),
            };
            plan.push("tell the boxes", write)?;
        }
        Ok(plan)
    }

    /// The number on the remote control, by which alone a box is told.
    async fn number(&self, id: &model::ChannelId) -> Result<u32> {
        let missing = Error::Missing {
            record: "channel",
            place: None,
        };
        let Ok(id) = id.as_str().parse::<ChannelId>() else {
            return Err(missing);
        };
        let channels = self.itv().get(&[id]).await?;
        let channel = channels.into_iter().find(|channel| channel.id == id);
        let number = channel.ok_or(missing)?.number;
        number
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| {
                Refusal::new(SEND, "the channel has no number on the remote control").into()
            })
    }

    /// Each once. All are looked up first: the server leaves out those it does
    /// not know.
    async fn boxes(&self, to: &Recipients) -> Result<Vec<MacAddr>> {
        let mut boxes = Vec::new();
        match to {
            Recipients::Subscribers(subscribers) => {
                for id in subscribers {
                    boxes.extend(self.required(SEND, id).await?.macs());
                }
            }
            Recipients::Terminals(terminals) => {
                for id in terminals {
                    let mac = address(id.as_str());
                    let holders = match mac {
                        Some(mac) => self.holders(mac).await?,
                        None => Vec::new(),
                    };
                    match mac {
                        Some(mac) if !holders.is_empty() => boxes.push(mac),
                        _ => {
                            return Err(Error::Missing {
                                record: "terminal",
                                place: None,
                            });
                        }
                    }
                }
            }
        }
        boxes.sort_unstable();
        boxes.dedup();
        Ok(boxes)
    }
}

fn text(message: &Message) -> Result<StbMessage, Refusal> {
    for (given, capability) in [
        (message.title.is_some(), Capability::MessageTitles),
        (message.confirm, Capability::Confirmation),
        (message.not_before.is_some(), Capability::ScheduledMessages),
    ] {
        if given {
            return Err(Refusal::lacking(SEND, capability));
        }
    }
    super::super::stb_msg::text(SEND, &message.text)?;
    Ok(StbMessage {
        msg: message.text.clone(),
        ttl: message.expires_in,
        auto_hide_timeout: message.shown_for,
    })
}
