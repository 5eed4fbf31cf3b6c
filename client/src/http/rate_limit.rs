//! The rate limit of requests.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Gives out moments to send at, evenly apart.
///
/// No bursts: a server that counts requests in a window of its own, wherever
/// that begins, never counts more than were asked for.
pub(crate) struct RateLimit {
    interval: Duration,
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    pub(crate) fn new(per_second: u32) -> RateLimit {
        RateLimit {
            interval: Duration::from_secs(1) / per_second.max(1),
            next: Mutex::new(None),
        }
    }

    /// The next free moment, if it comes before the deadline. It is taken
    /// then, whether something is sent or not.
    pub(crate) fn turn(&self, deadline: Instant) -> Option<Instant> {
        // Nothing panics while it is held.
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let turn = next.map_or(now, |next| next.max(now));
        if turn >= deadline {
            return None;
        }
        *next = Some(turn.checked_add(self.interval).unwrap_or(turn));
        Some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_that_nobody_took_are_not_saved_up() {
        let pace = RateLimit::new(10);
        let far = Instant::now() + Duration::from_secs(60);
        pace.turn(far).unwrap();
        tokio::time::advance(Duration::from_secs(5)).await;
        let now = Instant::now();
        let turns: Vec<_> = (0..3).map(|_| pace.turn(far).unwrap() - now).collect();
        let tenth = Duration::from_millis(100);
        assert_eq!(turns, [Duration::ZERO, tenth, 2 * tenth]);
    }

    #[test]
    fn turns_are_evenly_apart_and_none_is_taken_in_vain() {
        let pace = RateLimit::new(10);
        let begun = Instant::now();
        let deadline = begun + Duration::from_millis(250);
        let turns: Vec<_> = std::iter::from_fn(|| pace.turn(deadline)).collect();
        assert_eq!(turns.len(), 3);
        let tenth = Duration::from_millis(100);
        assert!(turns.windows(2).all(|two| two[1] - two[0] == tenth));
        // The one after the deadline is still there.
        let later = pace.turn(deadline + tenth).unwrap();
        assert_eq!(later - turns[0], 3 * tenth);
    }
}
