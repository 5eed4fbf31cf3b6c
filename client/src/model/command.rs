//! The commands to terminals.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Capabilities, Capability};

use super::{ChannelId, SubscriberId, TerminalId};

/// The recipients of a command. No value means all subscribers of a platform: a
/// broadcast is a call of the platform's own client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// All terminals of these subscribers.
    Subscribers(Vec<SubscriberId>),
    /// These terminals.
    Terminals(Vec<TerminalId>),
}

/// A command to a terminal. If the platform accepted it, a terminal has not
/// necessarily received it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Shows a text.
    Message(Message),
    /// Starts again.
    Restart,
    /// Signs in again and loads everything anew.
    ReloadPortal,
    /// Fetches the channels again.
    RefreshChannels,
    /// Shows this channel.
    SwitchToChannel(ChannelId),
    /// Looks for newer firmware.
    UpdateFirmware,
}

impl Command {
    /// Returns the capability that a platform needs to send the command.
    ///
    /// ```
    /// use jsonsql_client::model::{Capability, Command, Message};
    ///
    /// assert_eq!(Command::Message(Message::new("Hello")).capability(), Capability::Messages);
    /// ```
    pub fn capability(&self) -> Capability {
        match self {
            Command::Message(_) => Capability::Messages,
            Command::Restart => Capability::Restart,
            Command::ReloadPortal => Capability::ReloadPortal,
            Command::RefreshChannels => Capability::RefreshChannels,
            Command::SwitchToChannel(_) => Capability::SwitchToChannel,
            Command::UpdateFirmware => Capability::UpdateFirmware,
        }
    }

    /// Returns what a platform would have to be capable of, and is not, to tell
    /// all of it: a message without one of its parts would be another message.
    pub(crate) fn lacking(&self, platform: &Capabilities) -> Option<Capability> {
        let parts = match self {
            Command::Message(message) => message.parts(),
            _ => Vec::new(),
        };
        let needs = std::iter::once(self.capability()).chain(parts);
        needs.into_iter().find(|one| !platform.has(*one))
    }
}

/// A text to be shown.
///
/// ```
/// use std::time::Duration;
///
/// use jsonsql_client::model::{Command, Message, Recipients, SubscriberId};
///
/// let debt = Message {
///     title: Some("Balance".to_owned()),
///     expires_in: Some(Duration::from_secs(3600)),
///     ..Message::new("Your account is overdrawn")
/// };
/// let to = Recipients::Subscribers(vec![SubscriberId::from(7)]);
/// let command = Command::Message(debt);
/// # let _ = (to, command);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The text.
    pub text: String,
    /// Over the text, where the platform shows one.
    pub title: Option<String>,
    /// `true` if the viewer has to close the message.
    pub confirm: bool,
    /// The time for which the message is on the screen.
    pub shown_for: Option<Duration>,
    /// The time for which delivery is attempted; the platform's own time if not given.
    pub expires_in: Option<Duration>,
    /// Not before this time.
    pub not_before: Option<Timestamp>,
}

impl Message {
    /// A text that is shown at once and goes by itself.
    pub fn new(text: impl Into<String>) -> Message {
        Message {
            text: text.into(),
            title: None,
            confirm: false,
            shown_for: None,
            expires_in: None,
            not_before: None,
        }
    }

    /// Returns what shows its parts beside the text.
    fn parts(&self) -> Vec<Capability> {
        let parts = [
            (self.title.is_some(), Capability::MessageTitles),
            (self.confirm, Capability::Confirmation),
            (self.shown_for.is_some(), Capability::MessageDuration),
            (self.expires_in.is_some(), Capability::MessageExpiry),
            (self.not_before.is_some(), Capability::ScheduledMessages),
        ];
        let given = parts.into_iter().filter(|(given, _)| *given);
        given.map(|(_, capability)| capability).collect()
    }
}
