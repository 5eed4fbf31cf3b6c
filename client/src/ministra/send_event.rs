//! `send_event`: events.

use std::time::Duration;

use super::call::Call;
use super::form::Form;
use super::identifier::Guess;
use super::outcome::Outcome;
use super::stb_msg::{seconds, text};
use super::{AccountKeys, Ministra};
use crate::error::{Refusal, Result};

/// Something a box is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Shows a text.
    SendMsg {
        /// The text.
        msg: String,
        /// `true` if the box restarts when the viewer has read it.
        need_reboot: bool,
    },
    /// Shows a text and a video.
    SendMsgWithVideo {
        /// The text.
        msg: String,
        /// The address of the video; not documented.
        video: String,
    },
    /// Starts again.
    Reboot,
    /// Loads the portal again.
    ReloadPortal,
    /// Fetches the channels again.
    UpdateChannels,
    /// Shows the channel with this number on the remote control. Whether there
    /// is one is not looked at.
    PlayChannel(u32),
    /// Plays the radio with this number. Whether there is one is not looked at.
    PlayRadioChannel(u32),
    /// Looks for newer firmware.
    UpdateImage,
    /// Shows the menu.
    ShowMenu,
    /// Stops showing anything. The account stays switched on: switch it off
    /// through the account.
    CutOff,
}

/// An event and how long it waits for its box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The event for the box.
    pub event: Event,
    /// The time of attempts to deliver it; if not given, a week for texts and four
    /// minutes for the rest.
    pub ttl: Option<Duration>,
}

impl From<Event> for NewEvent {
    fn from(event: Event) -> NewEvent {
        NewEvent { event, ttl: None }
    }
}

impl NewEvent {
    fn form(&self, operation: &'static str) -> Result<Form, Refusal> {
        let mut form = Form::default();
        form.add("event", self.event.name());
        match &self.event {
            Event::SendMsg { msg, need_reboot } => {
                text(operation, msg)?;
                form.add("msg", msg);
                // Only whether it is there is looked at.
                if *need_reboot {
                    form.add("need_reboot", "1");
                }
            }
            Event::SendMsgWithVideo { msg, video } => {
                text(operation, msg)?;
                form.add("msg", msg);
                form.add("video", video);
            }
            Event::PlayChannel(number) | Event::PlayRadioChannel(number) => {
                form.add("channel", number.to_string());
            }
            _ => {}
        }
        seconds(&mut form, "ttl", self.ttl);
        Ok(form)
    }
}

impl Event {
    /// The name it is sent by.
    pub fn name(&self) -> &'static str {
        match self {
            Event::SendMsg { .. } => "send_msg",
            Event::SendMsgWithVideo { .. } => "send_msg_with_video",
            Event::Reboot => "reboot",
            Event::ReloadPortal => "reload_portal",
            Event::UpdateChannels => "update_channels",
            Event::PlayChannel(_) => "play_channel",
            Event::PlayRadioChannel(_) => "play_radio_channel",
            Event::UpdateImage => "update_image",
            Event::ShowMenu => "show_menu",
            Event::CutOff => "cut_off",
        }
    }
}

/// Events for boxes.
#[derive(Debug, Clone, Copy)]
pub struct SendEvent<'a>(pub(super) &'a Ministra);

const POST: &str = "POST send_event";

impl SendEvent<'_> {
    /// Sends an event to these boxes.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::{AccountNumber, Event};
    ///
    /// ministra.send_event().send(&AccountNumber::new("1553")?, Event::UpdateChannels).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found) if there is none of them; if
    /// there are some, the others are left out.
    pub async fn send(&self, to: impl Into<AccountKeys>, event: impl Into<NewEvent>) -> Result<()> {
        let identifiers = to.into().identifiers(POST, Guess::ByLength)?;
        let form = event.into().form(POST)?;
        self.post(Call::new(POST).of(identifiers).form(form)).await
    }

    /// Sends an event to every box there is.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn broadcast(&self, event: impl Into<NewEvent>) -> Result<()> {
        self.post(Call::new(POST).form(event.into().form(POST)?))
            .await
    }

    async fn post(&self, call: Call) -> Result<()> {
        let outcome: Outcome = self.0.call(call, "true").await?;
        outcome.or_not_applied(self.0, POST)
    }
}
