//! The decision to try again, and the pause before it.

mod budget;
mod verdict;

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

pub(crate) use budget::Budget;
pub(crate) use verdict::{FailedCall, Verdict};

use crate::http::deadline;
use crate::http::metrics;

/// The number of attempts, and the pauses in between.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) attempts: u32,
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Policy {
    /// Full jitter: anything up to a limit that doubles with each pause, so
    /// that clients that failed together do not come back together.
    pub(crate) fn pause(&self, before: u32) -> Duration {
        let doubled = self.base.saturating_mul(1 << before.min(20));
        doubled.min(self.cap).mul_f64(random_fraction())
    }
}

/// The repetitions of one call.
pub(crate) struct Retries<'a> {
    policy: &'a Policy,
    budget: &'a Budget,
    deadline: Instant,
    done: u32,
    /// `true` if the server may have executed one of the attempts.
    may_be_executed: bool,
}

impl<'a> Retries<'a> {
    pub(crate) fn new(policy: &'a Policy, budget: &'a Budget, deadline: Instant) -> Self {
        Retries {
            policy,
            budget,
            deadline,
            done: 0,
            may_be_executed: false,
        }
    }

    /// Waits until it is time for another attempt; false if there is none.
    ///
    /// What the server asks for in `Retry-After` is the least it waits. If
    /// that is later than the deadline, there is no point in waiting.
    pub(crate) async fn again(&mut self, retry_after: Option<Duration>) -> bool {
        if self.done + 1 >= self.policy.attempts {
            return false;
        }
        let pause = self.policy.pause(self.done);
        let wake = deadline::after(pause.saturating_add(retry_after.unwrap_or_default()));
        if wake >= self.deadline || !self.budget.take() {
            return false;
        }
        self.done += 1;
        tokio::time::sleep_until(wake).await;
        metrics::retry();
        true
    }

    /// The server may have executed an attempt.
    pub(crate) fn may_be_executed(&mut self) {
        self.may_be_executed = true;
    }
}

/// At least 0, below 1. The standard library seeds its hashers at random,
/// which is random enough to spread retries.
fn random_fraction() -> f64 {
    let random = RandomState::new().hash_one(0) >> 11;
    random as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_ends_at_the_deadline_is_not_waited_for() {
        let policy = Policy {
            attempts: 2,
            base: Duration::ZERO,
            cap: Duration::ZERO,
        };
        let budget = Budget::new(1);
        let limit = Duration::from_secs(5);
        let begun = Instant::now();
        let mut retries = Retries::new(&policy, &budget, begun + limit);
        assert!(!retries.again(Some(limit)).await);
        assert_eq!(begun.elapsed(), Duration::ZERO);
        // It has cost nothing either: this one is within the limits.
        let shorter = limit - Duration::from_millis(1);
        assert!(retries.again(Some(shorter)).await);
        assert_eq!(begun.elapsed(), shorter);
    }

    #[test]
    fn fractions_spread() {
        let fractions: Vec<f64> = (0..1000).map(|_| random_fraction()).collect();
        assert!(fractions.iter().all(|f| (0.0..1.0).contains(f)));
        let mean = fractions.iter().sum::<f64>() / 1000.0;
        assert!((0.4..0.6).contains(&mean), "{mean}");
    }
}
