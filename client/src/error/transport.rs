//! Requests without an answer.

use crate::sanitize::Printable;

/// A request without an answer, and whether the server may have got it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", kind.text(), if detail.is_empty() { String::new() } else { format!(": {detail}") })]
pub struct TransportError {
    kind: TransportErrorKind,
    sent: bool,
    detail: String,
}

/// The end of a request without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection to the server: name not found, refused, no answer.
    Connect,
    /// No connection to the proxy, or the proxy did not make one to the server.
    Proxy,
    /// A connection, but no TLS over it: the certificate is not trusted, or what
    /// answers speaks plain HTTP.
    Tls,
    /// The connection broke before the answer was complete.
    Broken,
    /// The time for it ran out.
    Timeout,
    /// The answer was longer than the limit; the rest was not read.
    TooLarge,
    /// It failed inside this program: a [`Transport`](crate::Transport) or the
    /// task of a login panicked, or its runtime was shut down.
    Internal,
}

impl TransportErrorKind {
    fn text(self) -> &'static str {
        match self {
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Proxy => "no connection through the proxy",
            TransportErrorKind::Tls => "no TLS connection",
            TransportErrorKind::Broken => "the connection broke before the answer was complete",
            TransportErrorKind::Timeout => "no answer in time",
            TransportErrorKind::TooLarge => "the answer is larger than `max_response_bytes`",
            TransportErrorKind::Internal => "the request failed inside this program",
        }
    }
}

impl TransportError {
    /// The request never left: it is safe to send it again.
    ///
    /// `detail` goes into messages and must not hold anything of the request.
    pub fn not_sent(kind: TransportErrorKind, detail: impl Into<String>) -> TransportError {
        TransportError {
            kind,
            sent: false,
            detail: Printable(detail.into()).to_string(),
        }
    }

    /// The request left, at least in part: the server may have acted on it.
    ///
    /// `detail` goes into messages and must not hold anything of the request.
    pub fn maybe_sent(kind: TransportErrorKind, detail: impl Into<String>) -> TransportError {
        TransportError {
            kind,
            sent: true,
            detail: Printable(detail.into()).to_string(),
        }
    }

    /// Returns the kind of failure.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns `true` if the server may have got the request.
    pub fn may_be_sent(&self) -> bool {
        self.sent
    }

    pub(crate) fn is_retryable(&self) -> bool {
        match self.kind {
            TransportErrorKind::TooLarge => false,
            // What panicked once panics again.
            TransportErrorKind::Internal => !self.sent,
            _ => true,
        }
    }
}
