//! Limits on what one caller may ask of the sandbox.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// The most that callers may send, hold and get. Each has an option of the
/// program, which the error of whoever goes beyond it names.
///
/// ```
/// use std::time::Duration;
///
/// use jsonsql_sandbox::{Limits, Sandbox};
///
/// let mut limits = Limits::default();
/// limits.statement_time = Duration::from_secs(5);
/// limits.result_rows = 10_000;
/// let builder = Sandbox::builder().limits(limits);
/// # let _ = builder;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Limits {
    /// Connections at a time (`--max-connections`). One more closes the one
    /// that has been waiting longest for its caller; it is refused with HTTP
    /// 503 where all are busy.
    pub connections: usize,
    /// Bytes of a request's address and headers (`--max-header`).
    pub header: usize,
    /// The time within which the address and the headers have to arrive
    /// (`--header-timeout`), a TLS handshake included.
    #[serde(serialize_with = "seconds")]
    pub header_time: Duration,
    /// Bytes of a request's body (`--max-body`). Ministra and TVIP have smaller
    /// ones of their own: 8 MiB, which is PHP's, and 1 MiB.
    pub body: usize,
    /// Bytes of the body of a request without a valid session or credentials
    /// (`--max-body-before-login`).
    pub body_before_login: usize,
    /// The time within which a body has to arrive (`--body-timeout`).
    #[serde(serialize_with = "seconds")]
    pub body_time: Duration,
    /// The time within which a caller has to fetch an answer
    /// (`--answer-timeout`).
    #[serde(serialize_with = "seconds")]
    pub answer_time: Duration,
    /// The time for which a connection is kept without a request
    /// (`--idle-timeout`); five seconds, as Apache's `KeepAliveTimeout`.
    #[serde(serialize_with = "seconds")]
    pub idle_time: Duration,
    /// Calls in a JSON-RPC batch (`--max-batch`).
    pub batch: usize,
    /// The time limit of a statement, the wait for others included
    /// (`--statement-timeout`).
    #[serde(serialize_with = "seconds")]
    pub statement_time: Duration,
    /// The time for which the statements of a request go on after its caller has
    /// closed the connection (`--abandoned-timeout`). It is long enough for a
    /// short write whose caller does not wait for the answer.
    #[serde(serialize_with = "seconds")]
    pub abandoned_time: Duration,
    /// Rows of one statement's result (`--max-result-rows`).
    pub result_rows: usize,
    /// Bytes of all results of a request (`--max-result-bytes`): those of its
    /// texts, and 32 for each value, which is what it takes in memory.
    pub result_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 512,
            header: 32 << 10,
            header_time: Duration::from_secs(10),
            // A bulk insert of 50,000 rows takes about 5 MB.
            body: 64 << 20,
            body_before_login: 64 << 10,
            body_time: Duration::from_secs(30),
            answer_time: Duration::from_secs(60),
            idle_time: Duration::from_secs(5),
            batch: 1000,
            statement_time: Duration::from_secs(30),
            abandoned_time: Duration::from_secs(1),
            result_rows: 1_000_000,
            result_bytes: 256 << 20,
        }
    }
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

/// A time as an error names it: `30 s`, `0.3 s`.
pub(crate) fn spelled(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
