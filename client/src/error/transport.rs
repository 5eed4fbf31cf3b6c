//! Requests without an answer.

/// A request without an answer, and whether the server may have got it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", kind.text(), if detail.is_empty() { String::new() } else { format!(": {detail}") })]
pub struct TransportError {
    kind: TransportErrorKind,
    sent: bool,
    detail: String,
}

/// What became of a request without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: name not found, refused, no TLS.
    Connect,
    /// The connection broke before the answer was complete.
    Broken,
    /// The time for it ran out.
    Timeout,
    /// The answer was longer than the limit; the rest was not read.
    TooLarge,
}

impl TransportErrorKind {
    fn text(self) -> &'static str {
        match self {
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Broken => "the connection broke before the answer was complete",
            TransportErrorKind::Timeout => "no answer in time",
            TransportErrorKind::TooLarge => "the answer is larger than `max_response_bytes`",
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
            detail: detail.into(),
        }
    }

    /// The request left, at least in part: the server may have acted on it.
    ///
    /// `detail` goes into messages and must not hold anything of the request.
    pub fn maybe_sent(kind: TransportErrorKind, detail: impl Into<String>) -> TransportError {
        TransportError {
            kind,
            sent: true,
            detail: detail.into(),
        }
    }

    /// What happened.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server may have got the request.
    pub fn may_be_sent(&self) -> bool {
        self.sent
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.kind != TransportErrorKind::TooLarge
    }
}
