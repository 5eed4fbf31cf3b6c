//! From the identifiers of an address to accounts.

use std::collections::HashSet;

use super::column::collated;
use super::state::{State, User};

/// The length from which on an identifier is taken for a MAC address.
const AS_LONG_AS_A_MAC: usize = 12;

/// What identifiers that are no MAC addresses are.
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
pub(super) fn accounts(state: &State, identifiers: &[String], by: By) -> Vec<u64> {
    let Some(first) = identifiers.first() else {
        return state.users.keys().copied().collect();
    };
    // In bytes, as PHP counts.
    let long = first.len() >= AS_LONG_AS_A_MAC;
    let colon = first.find(':').is_some_and(|at| at > 0);
    if long && (colon || by == By::Box) {
        let macs = identifiers.iter().filter_map(|text| normalized_mac(text));
        return matching(state, macs, |user| &user.mac);
    }
    let texts = identifiers.iter().cloned();
    match by {
        By::Box | By::Account => matching(state, texts, |user| &user.ls),
        By::Login => matching(state, texts, |user| &user.login),
    }
}

fn matching(
    state: &State,
    texts: impl Iterator<Item = String>,
    column: impl Fn(&User) -> &str,
) -> Vec<u64> {
    let texts: HashSet<String> = texts.map(|text| collated(&text)).collect();
    let users = state.users.values();
    users
        .filter(|user| texts.contains(&collated(column(user))))
        .map(|user| user.id)
        .collect()
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
