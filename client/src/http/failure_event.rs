//! Failed calls, for whoever collects traces.

use crate::error::{Error, Place};
use crate::sanitize::Printable;

/// A call of this method on this table or resource ended with this error.
///
/// A write of unknown outcome is an event at ERROR, for somebody has to look; a
/// failed call one at WARN; and one whose answer is that there is nothing, or
/// something else than one row, one at DEBUG.
pub(crate) fn record(error: &Error, method: &'static str, table: &str) {
    let outcome = outcome(error);
    let table = Printable(table);
    let address = error.place().map_or("", Place::address);
    let operation = error.place().map_or("", Place::operation);
    let operation = Printable(operation);
    macro_rules! event {
        ($level:ident, $message:literal) => {
            tracing::$level!(%operation, method, %table, outcome, url.full = address, %error, $message)
        };
    }
    if error.is_indeterminate() {
        event!(error, "a write whose outcome is unknown");
    } else if error.is_not_found() || matches!(error, Error::ManyRows { .. }) {
        event!(debug, "a call that found something else");
    } else {
        event!(warn, "a call that failed");
    }
}

/// Returns the effect of the call on the server.
fn outcome(error: &Error) -> &'static str {
    match error {
        Error::Indeterminate(_) => "unknown",
        Error::Partial(partial) => outcome(partial.cause()),
        Error::Decode(_) | Error::NoRow { .. } | Error::ManyRows { .. } => "executed",
        Error::NotApplied { .. } => "not applied",
        Error::Config(_)
        | Error::Statement(_)
        | Error::Unwritable(_)
        | Error::Paging { .. }
        | Error::TooManyRows { .. }
        | Error::Refused(_) => "not sent",
        _ => "not executed",
    }
}
