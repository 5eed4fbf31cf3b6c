//! The events that were sent to the boxes, for tests that look at them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column;
use super::state::{State, Term, User};
use crate::clock::Clock;
use crate::records::{Record, Table};

/// The number of events that are kept; a sandbox may run for weeks without a
/// reader.
const LONGEST: usize = 1_000_000;

/// The number of seconds for which a message waits for its box, unless it says
/// otherwise.
const A_WEEK: u64 = 7 * 24 * 60 * 60;

/// The number of seconds for which another event waits: twice the server's
/// `watchdog_timeout`.
const TWO_WATCHDOGS: u64 = 240;

/// One event as it waits for one box.
///
/// It belongs to the account's row, and so follows a change of the MAC address or
/// the login, and goes with the row. The names are the server's (`send_msg`, `reboot`, `cut_off`, …), which are
/// those of `send_event` except that `update_channels` waits as
/// `update_subscription`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BoxEvent {
    /// The MAC address that the box has now; empty when the account has none.
    pub mac: String,
    /// The login that the account has now.
    pub login: String,
    /// The event's name.
    pub event: String,
    /// The text of a message, or the number of a channel.
    pub msg: String,
    /// The address of the video of a message that has one.
    pub video: String,
    /// The number of seconds for which it waits for the box.
    pub ttl: u64,
    /// `true` if the subscriber has to confirm it.
    pub need_confirm: bool,
    /// `true` if the box reboots after the confirmation.
    pub reboot_after_ok: bool,
    /// After how many seconds a message goes away by itself.
    pub auto_hide_timeout: Option<u64>,
}

impl BoxEvent {
    /// Returns `true` if it makes the box reboot: a `reboot`, or a message that
    /// asks for one, as every change of a package does.
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

    /// Returns the event that a box is sent when its packages change (recorded).
    pub(super) fn packages_changed() -> Event {
        Event {
            ttl: Some(TWO_WATCHDOGS),
            ..Event::message(
                "Services are updated according to the subscription. The STB will be rebooted.",
            )
        }
        .then_reboot()
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
#[serde(deny_unknown_fields)]
pub(super) struct Waiting {
    id: i64,
    /// The row of the account it is for.
    user: i64,
    event: String,
    msg: String,
    video: String,
    ttl: u64,
    need_confirm: bool,
    reboot_after_ok: bool,
    auto_hide_timeout: Option<u64>,
}

impl Record for Waiting {
    const KIND: &'static str = "events";
    /// The account.
    type Term = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn terms(&self) -> Vec<i64> {
        vec![self.user]
    }
}

impl Waiting {
    fn seen(&self, user: &User) -> BoxEvent {
        BoxEvent {
            mac: user.mac.clone(),
            login: user.login.clone(),
            event: self.event.clone(),
            msg: self.msg.clone(),
            video: self.video.clone(),
            ttl: self.ttl,
            need_confirm: self.need_confirm,
            reboot_after_ok: self.reboot_after_ok,
            auto_hide_timeout: self.auto_hide_timeout,
        }
    }

    /// Returns `true` for a message that makes the box reboot.
    fn reboots_after_message(&self) -> bool {
        self.event == "send_msg" && self.reboot_after_ok
    }
}

/// Puts an event among those that wait, for these accounts.
///
/// A message with a reboot takes the place of the one that an account has
/// waiting, so that any number of package changes is one reboot; other events
/// add up (recorded).
pub(super) fn put(events: &mut Table<Waiting>, users: &[i64], event: &Event, clock: &Clock) {
    let usual = match event.name {
        "send_msg" | "send_msg_with_video" => A_WEEK,
        _ => TWO_WATCHDOGS,
    };
    for user in users {
        let waiting = Waiting {
            id: events.next_id(),
            user: *user,
            event: event.name.to_owned(),
            msg: column::text(&event.msg, clock),
            video: column::stored(&event.video, clock).into_owned(),
            ttl: event.ttl.unwrap_or(usual),
            need_confirm: event.need_confirm,
            reboot_after_ok: event.reboot_after_ok,
            auto_hide_timeout: event.auto_hide_timeout,
        };
        if waiting.reboots_after_message() {
            let others = events
                .by(user)
                .filter(|other| other.reboots_after_message());
            for other in others.map(|other| other.id).collect::<Vec<_>>() {
                events.remove(other);
            }
        }
        if events.len() == LONGEST
            && let Some(first) = events.first_id()
        {
            events.remove(first);
        }
        events.put(waiting);
    }
}

/// The events of the rows that have this MAC address or login now, the oldest
/// first.
pub(super) fn of_device(state: &State, mac_or_login: &str) -> Vec<BoxEvent> {
    let terms = [Term::mac(mac_or_login), Term::login(mac_or_login)];
    let users = terms.iter().flat_map(|term| state.users.by(term));
    let events = users.flat_map(|user| state.events.by(&user.id).map(move |w| (w.id, user, w)));
    // A row may have the same text as its MAC address and its login.
    let events: BTreeMap<i64, BoxEvent> = events.map(|(id, user, w)| (id, w.seen(user))).collect();
    events.into_values().collect()
}

/// The events of one row, the oldest first.
pub(super) fn of_account(state: &State, id: i64) -> Vec<BoxEvent> {
    let user = state.users.get(id);
    let events = user.map(|user| state.events.by(&id).map(|waiting| waiting.seen(user)));
    events.into_iter().flatten().collect()
}

/// Takes all events out of the state.
pub(super) fn take(state: &mut State) -> Vec<BoxEvent> {
    let ids: Vec<i64> = state.events.ids().collect();
    let taken = ids.into_iter().filter_map(|id| state.events.remove(id));
    let taken: Vec<Waiting> = taken.collect();
    let seen = taken.iter().filter_map(|waiting| {
        let user = state.users.get(waiting.user)?;
        Some(waiting.seen(user))
    });
    seen.collect()
}

/// All events, the oldest first.
pub(super) fn all(state: &State) -> Vec<BoxEvent> {
    let seen = state.events.iter().filter_map(|waiting| {
        let user = state.users.get(waiting.user)?;
        Some(waiting.seen(user))
    });
    seen.collect()
}
