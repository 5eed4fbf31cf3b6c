//! The counters of the client, for the recorder that the program has installed.
//!
//! Without the feature `metrics` nothing is counted.

#[cfg(feature = "metrics")]
use metrics::counter;

#[cfg(not(feature = "metrics"))]
macro_rules! counter {
    ($name:literal) => {
        Nothing
    };
}

#[cfg(not(feature = "metrics"))]
struct Nothing;

#[cfg(not(feature = "metrics"))]
impl Nothing {
    fn increment(self, _: u64) {}
}

/// A request of this many bytes is about to leave.
pub(crate) fn attempt(bytes: usize) {
    counter!("jsonsql_client_attempts_total").increment(1);
    counter!("jsonsql_client_sent_bytes_total").increment(bytes as u64);
}

/// An answer of this many bytes has come.
pub(crate) fn received(bytes: usize) {
    counter!("jsonsql_client_received_bytes_total").increment(bytes as u64);
}

/// A request will be sent again.
pub(crate) fn retry() {
    counter!("jsonsql_client_retries_total").increment(1);
}

/// A login has begun.
pub(crate) fn login() {
    counter!("jsonsql_client_logins_total").increment(1);
}

/// A write ended without anybody knowing whether it was executed.
pub(crate) fn indeterminate() {
    counter!("jsonsql_client_indeterminate_total").increment(1);
}

/// Rows were read.
pub(crate) fn rows(rows: usize) {
    counter!("jsonsql_client_rows_total").increment(rows as u64);
}
