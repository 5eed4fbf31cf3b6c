//! Statuses of HTTP and what they say about the next attempt.

/// Returns `true` if the status is temporary by its definition: the same request
/// may succeed later (RFC 9110, 15.5.9 and 15.6; RFC 6585, 4; RFC 8470, 5.2).
pub(crate) fn is_temporary(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}
