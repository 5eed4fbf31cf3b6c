//! What was sent to the boxes, for tests that look.

use serde::{Deserialize, Serialize};

use super::state::User;
use crate::records::{Record, Table};

/// How many events are remembered; a sandbox may run for weeks unasked.
const LONGEST: usize = 1_000_000;

/// How long a message waits for its box, in seconds, unless it says.
const A_WEEK: u64 = 7 * 24 * 60 * 60;

/// How long another event waits: twice the server's `watchdog_timeout`.
const TWO_WATCHDOGS: u64 = 240;

/// One event as it waits for one box.
///
/// The names are the server's (`send_msg`, `reboot`, `cut_off`, …), which are
/// those of `send_event` except that `update_channels` waits as
/// `update_subscription`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BoxEvent {
    /// The MAC address of the box; empty when the account has none.
    pub mac: String,
    /// The login of the account.
    pub login: String,
    /// The event's name.
    pub event: String,
    /// The text of a message, or the number of a channel.
    pub msg: String,
    /// The address of the video of a message that has one.
    pub video: String,
    /// How many seconds it waits for the box.
    pub ttl: u64,
    /// Whether the subscriber has to confirm it.
    pub need_confirm: bool,
    /// Whether the box reboots after the confirmation.
    pub reboot_after_ok: bool,
    /// After how many seconds a message goes away by itself.
    pub auto_hide_timeout: Option<u64>,
}

impl BoxEvent {
    /// Whether it makes the box reboot: a `reboot`, or a message that asks for
    /// one, as every change of a package does.
    pub fn reboots(&self) -> bool {
        self.event == "reboot" || self.reboot_after_ok
    }
}

/// An event that has no box yet.
#[derive(Debug, Clone)]
pub(super) struct Event {
    name: &'static str,
    msg: String,
    video: String,
    ttl: Option<u64>,
    need_confirm: bool,
    reboot_after_ok: bool,
    auto_hide_timeout: Option<u64>,
}

impl Event {
    pub(super) fn new(name: &'static str) -> Event {
        Event {
            name,
            msg: String::new(),
            video: String::new(),
            ttl: None,
            need_confirm: false,
            reboot_after_ok: false,
            auto_hide_timeout: None,
        }
    }

    pub(super) fn message(msg: &str) -> Event {
        let event = Event {
            need_confirm: true,
            ..Event::new("send_msg")
        };
        event.saying(msg)
    }

    /// A message that plays a video.
    pub(super) fn message_with_video(msg: &str, video: &str) -> Event {
        Event {
            need_confirm: true,
            video: video.to_owned(),
            ..Event::new("send_msg_with_video")
        }
        .saying(msg)
    }

    /// What a box is sent when its packages change.
    pub(super) fn packages_changed() -> Event {
        Event::message("Your packages have changed. The box will reboot.").then_reboot()
    }

    /// Switched on or off.
    pub(super) fn switched(on: bool) -> Event {
        Event::new(if on { "cut_on" } else { "cut_off" })
    }

    pub(super) fn saying(mut self, msg: &str) -> Event {
        msg.clone_into(&mut self.msg);
        self
    }

    pub(super) fn then_reboot(mut self) -> Event {
        self.reboot_after_ok = true;
        self
    }

    /// A lifetime that is not a positive number is the default one.
    pub(super) fn living(mut self, ttl: i64) -> Event {
        self.ttl = u64::try_from(ttl).ok().filter(|ttl| *ttl > 0);
        self
    }

    pub(super) fn hiding_after(mut self, seconds: i64) -> Event {
        self.auto_hide_timeout = u64::try_from(seconds).ok().filter(|s| *s > 0);
        self
    }
}

/// An event in the table of those that wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiting {
    id: i64,
    event: BoxEvent,
}

impl Record for Waiting {
    const KIND: &'static str = "events";
    type Term = ();

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<()> {
        Vec::new()
    }
}

/// Puts an event among those that wait, for the box of a user.
pub(super) fn put(events: &mut Table<Waiting>, user: &User, event: &Event) {
    if events.len() == LONGEST
        && let Some(first) = events.first_id()
    {
        events.remove(first);
    }
    let usual = match event.name {
        "send_msg" | "send_msg_with_video" => A_WEEK,
        _ => TWO_WATCHDOGS,
    };
    events.put(Waiting {
        id: events.next_id(),
        event: BoxEvent {
            mac: user.mac.clone(),
            login: user.login.clone(),
            event: event.name.to_owned(),
            msg: event.msg.clone(),
            video: event.video.clone(),
            ttl: event.ttl.unwrap_or(usual),
            need_confirm: event.need_confirm,
            reboot_after_ok: event.reboot_after_ok,
            auto_hide_timeout: event.auto_hide_timeout,
        },
    });
}

pub(super) fn all(events: &Table<Waiting>) -> Vec<BoxEvent> {
    events.iter().map(|waiting| waiting.event.clone()).collect()
}

pub(super) fn of(events: &Table<Waiting>, mac_or_login: &str) -> Vec<BoxEvent> {
    let all = events.iter().map(|waiting| &waiting.event);
    let to = |event: &&BoxEvent| event.mac == mac_or_login || event.login == mac_or_login;
    all.filter(to).cloned().collect()
}

pub(super) fn take(events: &mut Table<Waiting>) -> Vec<BoxEvent> {
    let ids: Vec<i64> = events.ids().collect();
    let taken = ids.into_iter().filter_map(|id| events.remove(id));
    taken.map(|waiting| waiting.event).collect()
}
