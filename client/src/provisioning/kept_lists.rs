//! A platform's lists, kept between operations.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The lists that one operation has read, for those after it.
pub(super) struct KeptLists<C> {
    lifetime: Duration,
    kept: Mutex<Option<(Instant, Arc<C>)>>,
}

impl<C> KeptLists<C> {
    /// Keeps lists for so long; no time keeps none.
    pub(super) fn new(lifetime: Duration) -> KeptLists<C> {
        KeptLists {
            lifetime,
            kept: Mutex::new(None),
        }
    }

    /// Returns the lists, unless they were read too long ago.
    pub(super) fn recent(&self) -> Option<Arc<C>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, lists) = kept.as_ref()?;
        (since.elapsed() < self.lifetime).then(|| Arc::clone(lists))
    }

    /// Keeps lists that were read now.
    pub(super) fn keep(&self, lists: &Arc<C>) {
        if self.lifetime > Duration::ZERO {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = Some((Instant::now(), Arc::clone(lists)));
        }
    }
}
