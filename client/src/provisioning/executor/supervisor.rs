//! Somebody who looks on while jobs run, and may end the run.

use crate::error::Error;

/// Looks on while jobs run, and may end the run: a progress bar, a report file,
/// the handler of a signal.
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// use jsonsql_client::Error;
/// use jsonsql_client::provisioning::Supervisor;
///
/// struct UntilSignal(AtomicBool);
///
/// impl Supervisor for UntilSignal {
///     fn step(&self, job: usize, step: &'static str, failed: Option<&Error>) {
///         eprintln!("{job}: {step}: {}", if failed.is_none() { "done" } else { "failed" });
///     }
///
///     fn is_stopped(&self) -> bool {
///         self.0.load(Ordering::Relaxed)
///     }
/// }
/// ```
pub trait Supervisor: Send + Sync {
    /// Takes note of how many steps of how many have been come to.
    fn progress(&self, come_to: usize, of: usize) {
        let _ = (come_to, of);
    }

    /// Takes note of a step of the job at this place that was answered, before the
    /// next one is made.
    fn step(&self, job: usize, step: &'static str, failed: Option<&Error>) {
        let _ = (job, step, failed);
    }

    /// Returns `true` if no further step is to be made. It is asked before each
    /// step; the one in flight is finished. What was not come to is left as it is.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Nobody looks on.
impl Supervisor for () {}
