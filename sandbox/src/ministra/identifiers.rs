//! From the identifiers of an address to accounts.

use std::collections::BTreeSet;

use super::state::{State, Term};

/// The length from which on an identifier is taken for a MAC address.
const AS_LONG_AS_A_MAC: usize = 12;

/// The meaning of identifiers that are no MAC addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Account numbers, and anything long is a MAC address: `stb` and most.
    Box,
    /// Account numbers, and only what has a colon is a MAC address: `accounts`.
    Account,
    /// Logins, and only what has a colon is a MAC address: `users`.
    Login,
}

/// The ids of the accounts meant, in the order of the table; without an
/// identifier, of all there are.
///
/// Whether they are MAC addresses is decided by the first one alone.
pub(super) fn accounts(state: &State, identifiers: &[String], by: By) -> Vec<i64> {
    let Some(first) = identifiers.first() else {
        return state.users.ids().collect();
    };
    // In bytes, as PHP counts.
    let long = first.len() >= AS_LONG_AS_A_MAC;
    let colon = first.find(':').is_some_and(|at| at > 0);
    let terms: Vec<Term> = if long && (colon || by == By::Box) {
        let macs = identifiers.iter().filter_map(|text| normalized_mac(text));
        macs.map(|mac| Term::mac(&mac)).collect()
    } else {
        let term = match by {
            By::Box | By::Account => Term::number,
            By::Login => Term::login,
        };
        identifiers.iter().map(|text| term(text)).collect()
    };
    let users = terms.iter().flat_map(|term| state.users.by(term));
    // Each once, in the order of the table.
    let ids: BTreeSet<i64> = users.map(|user| user.id).collect();
    ids.into_iter().collect()
}

/// Upper case, with colons put in where there are none. Only the length is
/// looked at: `ZZ:ZZ:ZZ:ZZ:ZZ:ZZ` is one too (recorded).
pub(super) fn normalized_mac(text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    match upper.chars().count() {
        12 => {
            let digits: Vec<char> = upper.chars().collect();
            let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
            Some(pairs.join(":"))
        }
        17 => Some(upper),
        _ => None,
    }
}
