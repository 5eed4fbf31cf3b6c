//! The phases of a connection: what it is waiting for, and until when.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use crate::limits::Limits;

/// The phase of one connection, shared by what reads it, what writes it and
/// what answers on it.
#[derive(Debug)]
pub(crate) struct Phase {
    state: Mutex<State>,
    /// A part of a body was left unread.
    is_unread: AtomicBool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The head of a request is arriving; before the first byte of a
    /// connection `spoke` is false.
    Head { since: Instant, spoke: bool },
    /// A body is arriving. What reads it has its deadline.
    Body { since: Instant },
    /// The sandbox is at work, or streams.
    Busy,
    /// The whole answer is there and the caller has not fetched it.
    Answering { since: Instant },
    /// Answered; the next request may come.
    Idle { since: Instant },
}

/// The cause of a timeout: what a connection has been waiting for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Late {
    /// The rest of a request's head.
    Head,
    /// Anything at all: it is closed without a word.
    Anything,
}

impl Phase {
    pub(crate) fn new() -> Phase {
        Phase {
            state: Mutex::new(State::Head {
                since: Instant::now(),
                spoke: false,
            }),
            is_unread: AtomicBool::new(false),
        }
    }

    /// Bytes came in.
    pub(super) fn bytes_arrived(&self) {
        self.change(|state| match state {
            State::Head {
                since,
                spoke: false,
            } => State::Head { since, spoke: true },
            State::Idle { .. } => State::Head {
                since: Instant::now(),
                spoke: true,
            },
            other => other,
        });
    }

    /// A body is awaited.
    pub(crate) fn body(&self) {
        let since = Instant::now();
        self.change(|_| State::Body { since });
    }

    /// The rest of a body is not read.
    pub(crate) fn left_unread(&self) {
        self.is_unread.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if the caller may still be sending a body.
    pub(super) fn is_unread(&self) -> bool {
        self.is_unread.load(Ordering::Relaxed)
    }

    /// A request is there, or its body is.
    pub(crate) fn busy(&self) {
        self.change(|_| State::Busy);
    }

    /// The last of the answer was handed over.
    pub(super) fn answering(&self) {
        let since = Instant::now();
        self.change(|_| State::Answering { since });
    }

    /// Everything handed over has left.
    pub(super) fn flushed(&self) {
        self.change(|state| match state {
            State::Answering { .. } => State::Idle {
                since: Instant::now(),
            },
            other => other,
        });
    }

    /// Returns the time at which the wait becomes too long.
    pub(super) fn deadline(&self, limits: &Limits) -> Option<Instant> {
        let (since, time) = match self.state() {
            State::Head { since, .. } => (since, limits.header_time),
            State::Answering { since } => (since, limits.answer_time),
            State::Idle { since } => (since, limits.idle_time),
            State::Body { .. } | State::Busy => return None,
        };
        since.checked_add(time)
    }

    pub(super) fn late(&self) -> Late {
        match self.state() {
            State::Head { spoke: true, .. } => Late::Head,
            _ => Late::Anything,
        }
    }

    /// Returns `true` if a part of a request is there, so that somebody waits
    /// for an answer.
    pub(super) fn is_in_request(&self) -> bool {
        matches!(
            self.state(),
            State::Head { spoke: true, .. } | State::Body { .. } | State::Busy
        )
    }

    /// Since when it has been waiting for its caller to send something.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        match self.state() {
            State::Head { since, .. } | State::Body { since } | State::Idle { since } => {
                Some(since)
            }
            State::Busy | State::Answering { .. } => None,
        }
    }

    fn change(&self, change: impl FnOnce(State) -> State) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = change(*state);
    }

    fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
