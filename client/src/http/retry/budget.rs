//! The budget of repetitions that all calls of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens, one for each repetition. Ten calls that succeed put one
/// back: with the server down, a busy client does not multiply its load.
#[derive(Debug)]
pub(crate) struct Budget {
    /// In tenths of a token.
    tenths: AtomicU32,
    full: u32,
}

const TOKEN: u32 = 10;

impl Budget {
    pub(crate) fn new(tokens: u32) -> Budget {
        let full = tokens.saturating_mul(TOKEN);
        Budget {
            tenths: AtomicU32::new(full),
            full,
        }
    }

    /// Takes a token; false if there is none.
    pub(crate) fn take(&self) -> bool {
        self.change(|tenths| tenths.checked_sub(TOKEN))
    }

    /// A call succeeded.
    pub(crate) fn refill(&self) {
        self.change(|tenths| Some(tenths.saturating_add(1).min(self.full)));
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.tenths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn the_largest_budget_is_as_good_as_none() {
        let budget = Budget::new(u32::MAX);
        budget.refill();
        assert!(budget.take());
        budget.refill();
    }

    #[test]
    fn ten_successes_pay_for_one_repetition() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take() && !budget.take());
        (0..9).for_each(|_| budget.refill());
        assert!(!budget.take());
        budget.refill();
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn successes_fill_it_and_no_more_whatever_its_size() {
        let budget = Budget::new(2);
        (0..100).for_each(|_| budget.refill());
        assert!(budget.take() && budget.take() && !budget.take());
        let budget = Budget::new(u32::MAX);
        budget.refill();
        assert!(budget.take());
        assert!(!Budget::new(0).take());
    }
}
