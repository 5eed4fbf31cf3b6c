//! The server's words: every error has HTTP status 200, and only its text says
//! what it is.

use crate::error::{Rejection, RejectionKind};
use crate::sanitize::Secrets;

const OK: u16 = 200;

/// Returns the kind of an error by its exact text; what is not known is
/// something else. `values` are those of the request: an unknown text may
/// repeat them.
pub(super) fn rejection(operation: &'static str, text: &str, values: &[String]) -> Rejection {
    let rejected = |kind, message: &str| Rejection::new(operation, kind, OK, message);
    if let Some(kind) = known(text) {
        return rejected(kind, text);
    }
    // What follows is the address of the database or the statement with its
    // values.
    if text.starts_with("Connect Error") {
        return rejected(RejectionKind::ServerFault, "Connect Error");
    }
    if text.starts_with("Query failed") {
        return rejected(RejectionKind::ServerFault, "Query failed");
    }
    rejected(RejectionKind::Other, &hide(text, values))
}

/// A text of the server's, without the values of the request.
pub(super) fn hide(text: &str, values: &[String]) -> String {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    Secrets {
        keys: &[],
        values: &values,
        statements: &[],
    }
    .hide(text)
}

/// Returns `true` if the database could not be reached, so that nothing was executed.
pub(super) fn is_unreachable(text: &str) -> bool {
    text.starts_with("Connect Error")
}

fn known(text: &str) -> Option<RejectionKind> {
    Some(match text {
        "Account not found"
        | "STB not found"
        | "Empty stb list"
        // Each identifier is sent once, so one of them is not there.
        | "One or more identifiers are incorrect" => RejectionKind::NotFound,
        "Login already in use"
        | "MAC address already in use"
        | "Stb already exists"
        | "Reseller with this name already exists" => RejectionKind::Conflict,
        "HTTP POST data is empty"
        | "HTTP PUT data is empty"
        | "Data is empty"
        | "Insert data is empty"
        | "Update data is empty"
        | "Nothing to update"
        | "Empty resource"
        | "Empty msg"
        | "Empty channel id"
        | "Identifier required"
        | "Login required"
        | "Login and password required"
        | "Reseller name required"
        | "Not valid mac address"
        | "Only one identifier allowed"
        | "Identifier is wrong, for this action use reseller's id"
        | "Reseller does not exist" => RejectionKind::Invalid,
        "Finded reseller's users, cannot delete reseller, operation canceled"
        | "Resource denied by admin"
        | "Not supported method" => RejectionKind::Other,
        _ => return None,
    })
}
