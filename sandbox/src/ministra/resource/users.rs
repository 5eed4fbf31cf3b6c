//! `users`: accounts by their login, one at a time.

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results};
use crate::ministra::identifiers::By;
use crate::ministra::request::Request;

pub(super) const BY: By = By::Login;

/// The first account of those `accounts` would list; an empty list of none.
pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let rows = super::accounts::rows(request, server, BY)?;
    Ok(match rows.first() {
        Some(row) => Results::new(row),
        None => Results::new(&rows),
    })
}
