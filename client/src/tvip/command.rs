//! The commands for devices.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::ChannelId;
use super::timestamp::{self, EpochUnit};
use crate::error::Refusal;

/// A command, with the times between which it is sent on.
///
/// ```
/// use std::time::Duration;
/// use jsonsql_client::tvip::Command;
///
/// let greeting = Command::notify("Happy Holidays!", Some(Duration::from_secs(30)));
/// let restart = Command::restart().not_before("2025-12-31T12:00:00Z".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    action: Action,
    post_time: Option<Timestamp>,
    ttl: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    Message {
        kind: MessageKind,
        text: String,
        use_as_push: Option<bool>,
    },
    RefreshChannelList,
    Reinit,
    Restart,
    SwitchToChannel(ChannelId),
    Update,
}

/// The ways of showing a message, each with what only it has.
#[derive(Debug, Clone, PartialEq, Eq)]
enum MessageKind {
    Notify { delay: Option<Duration> },
    Confirm { title: Option<String> },
    Ticker,
}

impl Command {
    fn of(action: Action) -> Command {
        Command {
            action,
            post_time: None,
            ttl: None,
        }
    }

    fn message(kind: MessageKind, text: impl Into<String>) -> Command {
        Command::of(Action::Message {
            kind,
            text: text.into(),
            use_as_push: None,
        })
    }

    /// A text that is shown for a while, the device's own if none is given;
    /// parts of a second count as one. It has no title: servers ignore it.
    pub fn notify(text: impl Into<String>, delay: Option<Duration>) -> Command {
        Command::message(MessageKind::Notify { delay }, text)
    }

    /// A text that stays until the viewer confirms it.
    pub fn confirm(title: Option<String>, text: impl Into<String>) -> Command {
        Command::message(MessageKind::Confirm { title }, text)
    }

    /// A text that runs over the picture. In no document, but sent by one
    /// client in production.
    pub fn ticker(text: impl Into<String>) -> Command {
        Command::message(MessageKind::Ticker, text)
    }

    /// Fetches the channels again.
    pub fn refresh_channel_list() -> Command {
        Command::of(Action::RefreshChannelList)
    }

    /// Signs in again and loads everything anew.
    pub fn reinit() -> Command {
        Command::of(Action::Reinit)
    }

    /// Restarts TVIP's own boxes; other devices ignore it.
    pub fn restart() -> Command {
        Command::of(Action::Restart)
    }

    /// Shows a channel, which the subscriber has to have.
    pub fn switch_to_channel(channel: ChannelId) -> Command {
        Command::of(Action::SwitchToChannel(channel))
    }

    /// Updates the firmware. In no document, but sent by one operator.
    pub fn update_undocumented() -> Command {
        Command::of(Action::Update)
    }

    /// Not before this time; at once if none is given.
    #[must_use]
    pub fn not_before(mut self, time: Timestamp) -> Command {
        self.post_time = Some(time);
        self
    }

    /// Not after this time: `ttl`, which is a point in time here.
    #[must_use]
    pub fn not_after(mut self, time: Timestamp) -> Command {
        self.ttl = Some(time);
        self
    }

    /// Shows a message as a push notification if `push` is `true`; nothing else is one.
    #[must_use]
    pub fn use_as_push(mut self, push: bool) -> Command {
        if let Action::Message { use_as_push, .. } = &mut self.action {
            *use_as_push = Some(push);
        }
        self
    }

    /// The channel it switches to.
    pub(crate) fn channel(&self) -> Option<ChannelId> {
        match self.action {
            Action::SwitchToChannel(channel) => Some(channel),
            _ => None,
        }
    }

    /// As it is sent, if it makes sense.
    pub(super) fn wire(&self, unit: EpochUnit) -> Result<Wire<'_>, Refusal> {
        let refused = |reason| Err(Refusal::new("POST commands/send", reason));
        if let Action::Message { text, .. } = &self.action
            && text.trim().is_empty()
        {
            return refused("text: empty");
        }
        if let (Some(from), Some(until)) = (self.post_time, self.ttl)
            && until < from
        {
            return refused("ttl: before post_time, so it would never be sent on");
        }
        let mut wire = Wire {
            post_time: self.post_time.map(timestamp::gmt),
            ttl: self.ttl.map(|ttl| unit.count(ttl)),
            ..Wire::default()
        };
        wire.command = match &self.action {
            Action::Message {
                kind,
                text,
                use_as_push,
            } => {
                wire.text = Some(text);
                wire.use_as_push = *use_as_push;
                wire.kind = Some(match kind {
                    MessageKind::Notify { delay } => {
                        wire.delay = delay.map(whole_seconds);
                        "notify"
                    }
                    MessageKind::Confirm { title } => {
                        wire.title = title.as_deref();
                        "confirm"
                    }
                    MessageKind::Ticker => "ticker",
                });
                "user_message"
            }
            Action::RefreshChannelList => "refresh_channel_list",
            Action::Reinit => "reinit",
            Action::Restart => "restart",
            Action::SwitchToChannel(channel) => {
                wire.channel = Some(*channel);
                "switch_to_channel"
            }
            Action::Update => "update",
        };
        Ok(wire)
    }
}

fn whole_seconds(time: Duration) -> u64 {
    let begun = u64::from(time.subsec_nanos() > 0);
    time.as_secs().saturating_add(begun)
}

/// A command with the fields any has.
#[derive(Default, Serialize)]
pub(super) struct Wire<'a> {
    command: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_as_push: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
}
