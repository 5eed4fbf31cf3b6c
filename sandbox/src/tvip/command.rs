//! The commands to devices.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::behavior::{NotKnownName, TvipBehavior};
use super::date;
use super::lenient;
use super::refusal::Refusal;

/// A command, as a device gets it (seed 000, "Sending commands to devices").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The action to perform.
    pub action: Action,
    /// Not before this time; at once if none. On the wire a GMT time without
    /// offset.
    pub post_time: Option<SystemTime>,
    /// Not after this time. On the wire a Unix time, not a duration.
    pub ttl: Option<SystemTime>,
}

impl Command {
    /// Returns the time at which a device gets it, if it is accepted at this
    /// time.
    pub(super) fn due(&self, accepted: SystemTime) -> SystemTime {
        self.post_time.map_or(accepted, |time| time.max(accepted))
    }

    /// Returns `true` if a device that is connected at this time gets it then.
    pub fn is_due(&self, at: SystemTime) -> bool {
        self.post_time.is_none_or(|time| time <= at) && self.ttl.is_none_or(|ttl| at <= ttl)
    }
}

/// The action that a device is told to perform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Action {
    /// `user_message`.
    Message(Message),
    /// `refresh_channel_list`: fetch the channels again.
    RefreshChannelList,
    /// `reinit`: sign in again and fetch everything.
    Reinit,
    /// `restart`: TVIP's own boxes do it, others ignore it.
    Restart,
    /// `switch_to_channel`. The device has to have the channel; the server does
    /// not look.
    SwitchToChannel(i64),
    /// `update`: the firmware. In no document, but used in production.
    Update,
    /// A command no document has; only with [`NotKnownName::Ignored`].
    Other(String),
}

/// A message on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The way in which it is shown.
    pub kind: MessageKind,
    /// The text of the message.
    pub text: String,
    /// Its title; a notification has none, whatever was sent.
    pub title: Option<String>,
    /// The number of seconds for which it is shown; only for messages that need
    /// no confirmation.
    pub delay: Option<i64>,
    /// `true` if it is shown as a push notification.
    pub use_as_push: bool,
}

/// The way in which a message is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MessageKind {
    /// `notify`: for a while.
    Notify,
    /// `confirm`: until the viewer confirms it.
    Confirm,
    /// `ticker`: in no document, but used in production.
    Ticker,
}

/// A command with the fields any has.
#[derive(Deserialize)]
struct Wire {
    command: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    delay: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    channel: Option<i64>,
    #[serde(default, deserialize_with = "lenient::flag")]
    use_as_push: bool,
    post_time: Option<String>,
    /// A number: the text of a date, which the other two formats have, is refused.
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    ttl: Option<i64>,
}

const FIELDS: [&str; 9] = [
    "command",
    "type",
    "text",
    "title",
    "delay",
    "channel",
    "use_as_push",
    "post_time",
    "ttl",
];

/// The numbers, flags and times among them: an empty text is as if absent, as in
/// those of entities.
const NO_TEXTS: [&str; 5] = ["delay", "channel", "use_as_push", "post_time", "ttl"];

impl Command {
    /// Reads one of `commands`, or says what is wrong with it.
    pub(super) fn read(mut value: Value, behavior: &TvipBehavior) -> Result<Command, Refusal> {
        let strict = behavior.not_known_name == NotKnownName::Refused;
        if strict
            && let Value::Object(fields) = &value
            && let Some(name) = fields.keys().find(|name| !FIELDS.contains(&name.as_str()))
        {
            return Err(Refusal::bad(format!("a command has no field {name:?}")));
        }
        if let Value::Object(fields) = &mut value {
            fields.retain(|name, value| *value != "" || !NO_TEXTS.contains(&name.as_str()));
        }
        let wire: Wire = serde_path_to_error::deserialize(value)
            .map_err(|error| Refusal::bad(format!("{}: {}", error.path(), error.inner())))?;
        let field =
            |name: &'static str| move |what: String| Refusal::bad(format!("{name}: {what}"));
        let post_time = wire.post_time.as_deref().map(date::gmt).transpose();
        let ttl = wire
            .ttl
            .map(|ttl| date::epoch(ttl, behavior.ttl_unit))
            .transpose();
        Ok(Command {
            post_time: post_time.map_err(field("post_time"))?.map(SystemTime::from),
            ttl: ttl.map_err(field("ttl"))?.map(SystemTime::from),
            action: wire.action(strict)?,
        })
    }
}

impl Wire {
    fn action(self, strict: bool) -> Result<Action, Refusal> {
        Ok(match self.command.as_str() {
            "user_message" => Action::Message(self.message()?),
            "refresh_channel_list" => Action::RefreshChannelList,
            "reinit" => Action::Reinit,
            "restart" => Action::Restart,
            "update" => Action::Update,
            "switch_to_channel" => {
                let missing = || Refusal::bad("channel: switch_to_channel needs one");
                Action::SwitchToChannel(self.channel.ok_or_else(missing)?)
            }
            name if strict => return Err(Refusal::bad(format!("command: {name:?} is none"))),
            _ => Action::Other(self.command),
        })
    }

    fn message(self) -> Result<Message, Refusal> {
        let kind = match self.kind.as_deref() {
            Some("notify") => MessageKind::Notify,
            Some("confirm") => MessageKind::Confirm,
            Some("ticker") => MessageKind::Ticker,
            _ => return Err(Refusal::bad("type: a user_message is notify or confirm")),
        };
        let missing = || Refusal::bad("text: a user_message needs one");
        Ok(Message {
            kind,
            text: self.text.ok_or_else(missing)?,
            title: self.title.filter(|_| kind != MessageKind::Notify),
            delay: self.delay.filter(|_| kind != MessageKind::Confirm),
            use_as_push: self.use_as_push,
        })
    }
}
