//! The time of the sandbox, which tests may stop and set.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};

/// A clock that several share: the machine's, unless it is set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<Setting>>);

#[derive(Debug, Clone, Copy, Default)]
enum Setting {
    /// The machine's time.
    #[default]
    Real,
    /// So much later than the machine's.
    Shifted(SignedDuration),
    /// Always this.
    Frozen(Timestamp),
}

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        match self.setting() {
            Setting::Real => Timestamp::now(),
            Setting::Shifted(by) => later(Timestamp::now(), by),
            Setting::Frozen(at) => at,
        }
    }

    pub(crate) fn system_time(&self) -> SystemTime {
        self.now().into()
    }

    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self.setting(), Setting::Frozen(_))
    }

    /// Stops at this time.
    pub(crate) fn freeze(&self, at: Timestamp) {
        self.set(Setting::Frozen(at));
    }

    /// Goes on so much later; one that is stopped stays so.
    pub(crate) fn advance(&self, by: SignedDuration) {
        let setting = match self.setting() {
            Setting::Real => Setting::Shifted(by),
            Setting::Shifted(before) => Setting::Shifted(before.saturating_add(by)),
            Setting::Frozen(at) => Setting::Frozen(later(at, by)),
        };
        self.set(setting);
    }

    /// Is the machine's again.
    pub(crate) fn release(&self) {
        self.set(Setting::Real);
    }

    fn setting(&self) -> Setting {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, setting: Setting) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = setting;
    }
}

/// The end of jiff's time is far enough away to stop there.
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    let edge = if by.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    at.checked_add(by).unwrap_or(edge)
}
