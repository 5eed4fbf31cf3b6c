//! Moments in the future that no clock runs out of.

use std::time::Duration;

use tokio::time::Instant;

/// Stands for "never": longer than any program runs, short enough for every
/// clock and timer to hold.
const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The moment `limit` from now. A limit that the clock cannot hold, such as
/// [`Duration::MAX`], is a moment that does not come.
pub(crate) fn after(limit: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(limit.min(NEVER)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_a_moment() {
        for limit in [Duration::MAX, Duration::from_secs(u64::MAX), NEVER * 2] {
            assert!(after(limit) > Instant::now() + NEVER / 2);
        }
        assert!(after(Duration::ZERO) <= Instant::now());
    }
}
