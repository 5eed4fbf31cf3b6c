//! Callers who hang up, and what still goes on for them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// A caller who waits for an answer, as what works for it sees it.
#[derive(Clone)]
pub(crate) struct Caller {
    present: watch::Receiver<()>,
    left: Arc<OnceLock<Instant>>,
    grace: Duration,
}

/// Held while the caller is connected.
pub(crate) struct Presence {
    _present: watch::Sender<()>,
    left: Arc<OnceLock<Instant>>,
}

impl Drop for Presence {
    fn drop(&mut self) {
        // Set before the sender goes, which is what wakes the others.
        self.left.get_or_init(Instant::now);
    }
}

impl Caller {
    /// A caller whose work goes on for this long after it has left.
    pub(crate) fn new(grace: Duration) -> (Presence, Caller) {
        let (sender, present) = watch::channel(());
        let left = Arc::new(OnceLock::new());
        let presence = Presence {
            _present: sender,
            left: Arc::clone(&left),
        };
        let caller = Caller {
            present,
            left,
            grace,
        };
        (presence, caller)
    }

    /// Returns once the caller has left and its time after that is over.
    pub(crate) async fn gone(&self) {
        let mut present = self.present.clone();
        while present.changed().await.is_ok() {}
        let left = *self.left.get_or_init(Instant::now);
        match left.checked_add(self.grace) {
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
    }

    /// Returns `true` if nothing more is to be begun for it.
    pub(crate) fn is_gone(&self) -> bool {
        let left = self.left.get();
        left.is_some_and(|left| left.elapsed() >= self.grace)
    }

    /// The error of a statement that was ended for it, which only the journal
    /// and the log see.
    pub(crate) fn message(&self) -> String {
        format!(
            "canceling statement: its caller left {} ago (--abandoned-timeout)",
            crate::limits::spelled(self.grace)
        )
    }
}
