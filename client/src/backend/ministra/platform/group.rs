//! A subscriber: all accounts with one account number.
//!
//! The first of them is the one with the shortest login, and of equally long
//! ones the first in the alphabet; its login is the subscriber's. Accounts made
//! for further boxes have logins that begin with it, so it stays the first. The
//! order in which the server answers does not matter.

use std::collections::HashMap;

use super::super::key::colons;
use super::super::{Account, AccountNumber, Login, UserKey};
use super::packages::Plans;
use crate::error::Refusal;
use crate::model::{
    ExternalRef, MacAddr, PackageId, Subscriber, SubscriberId, Subscription, SubscriptionId,
    Terminal, TerminalId,
};

/// The accounts of one subscriber, at least one; the first one first.
#[derive(Debug, Clone)]
pub(super) struct Group {
    rows: Vec<Account>,
    /// The server finds others by the account number too.
    shared: bool,
}

impl Group {
    /// Of accounts that belong together.
    pub(super) fn of(mut rows: Vec<Account>) -> Option<Group> {
        rows.sort_by_key(|row| {
            (
                row.login.is_empty(),
                row.login.chars().count(),
                row.login.clone(),
            )
        });
        let shared = false;
        (!rows.is_empty()).then_some(Group { rows, shared })
    }

    /// Of what the server found by this number. It compares texts otherwise
    /// than by letters: without blanks at the end, and letters with and without
    /// accents as one. Who has another number is somebody else, whom a write by
    /// the number would reach.
    pub(super) fn of_number(number: &str, mut rows: Vec<Account>) -> Option<Group> {
        let found = rows.len();
        rows.retain(|row| {
            row.account_number
                .as_deref()
                .is_some_and(|own| same(own, number))
        });
        let shared = rows.len() < found;
        Some(Group {
            shared,
            ..Group::of(rows)?
        })
    }

    /// All subscribers there are, in the order of their first accounts.
    pub(super) fn fold(rows: Vec<Account>) -> Vec<Group> {
        let mut groups: Vec<Vec<Account>> = Vec::new();
        let mut by_number = HashMap::new();
        for row in rows {
            let number = row.account_number.as_deref().map(str::to_lowercase);
            let at = number.and_then(|number| match by_number.entry(number) {
                std::collections::hash_map::Entry::Occupied(at) => Some(*at.get()),
                std::collections::hash_map::Entry::Vacant(at) => {
                    at.insert(groups.len());
                    None
                }
            });
            match at {
                Some(at) => groups[at].push(row),
                None => groups.push(vec![row]),
            }
        }
        groups.into_iter().filter_map(Group::of).collect()
    }

    pub(super) fn rows(&self) -> &[Account] {
        &self.rows
    }

    pub(super) fn first(&self) -> &Account {
        &self.rows[0]
    }

    pub(super) fn id(&self) -> SubscriberId {
        SubscriberId::new(identity(self.first()))
    }

    /// Whether this is the subscriber's id, and not that of a further account.
    pub(super) fn is(&self, id: &str) -> bool {
        same(&identity(self.first()), id)
    }

    pub(super) fn has(&self, row: &Account) -> bool {
        let id = identity(row);
        self.rows.iter().any(|own| same(&identity(own), &id))
    }

    /// The account number, where all these accounts and no others can be
    /// written by it.
    pub(super) fn number_of_all(&self) -> Option<AccountNumber> {
        self.number().filter(|_| !self.shared)
    }

    /// The account number, where it can be asked for.
    pub(super) fn number(&self) -> Option<AccountNumber> {
        let number = AccountNumber::new(self.first().account_number.as_deref()?).ok()?;
        number.is_said_to_accounts().then_some(number)
    }

    pub(super) fn subscriber(&self) -> Subscriber {
        let first = self.first();
        Subscriber {
            id: self.id(),
            login: first.login.clone(),
            external_ref: first.account_number.as_deref().map(ExternalRef::new),
            // With one box on, the subscriber watches.
            enabled: self.rows.iter().any(|row| row.status),
            name: first.full_name.clone(),
            email: None,
            phone: first.phone.clone(),
            address: None,
            note: first.comment.clone(),
            device_limit: None,
        }
    }

    pub(super) fn terminals(&self) -> Vec<Terminal> {
        let terminal = |row: &Account| {
            let written = row.stb_mac.as_deref()?;
            let mac = row.mac();
            Some(Terminal {
                id: TerminalId::new(written),
                subscriber: Some(self.id()),
                mac,
                unique_id: mac.is_none().then(|| written.to_owned()),
                ip: row.ip.clone(),
                model: row.stb_type.clone(),
                serial: row.stb_sn.clone(),
                firmware: row.version.clone(),
                online: row.online,
            })
        };
        self.rows.iter().filter_map(terminal).collect()
    }

    pub(super) fn macs(&self) -> Vec<MacAddr> {
        self.rows.iter().filter_map(Account::mac).collect()
    }

    /// The plan of the first account and the packages of any.
    pub(super) fn subscriptions(&self, plans: &Plans) -> Vec<Subscription> {
        let mut packages: Vec<PackageId> = plans.id_of(self.first()).into_iter().collect();
        for row in &self.rows {
            for package in &row.subscribed_id {
                let id = super::packages::package_id(*package);
                if !packages.contains(&id) {
                    packages.push(id);
                }
            }
        }
        let subscription = |package: PackageId| Subscription {
            id: subscription_id(&self.id(), &package),
            subscriber: self.id(),
            package,
            terminal: None,
            from: None,
            until: None,
            active: true,
        };
        packages.into_iter().map(subscription).collect()
    }

    /// Whether an account was made for a further box, so that it goes with it.
    pub(super) fn is_made_for_a_box(&self, row: &Account) -> bool {
        let first = &self.first().login;
        let number = row.login.strip_prefix(first.as_str());
        let number = number.and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// No login has a slash in it that can be asked for.
pub(super) fn subscription_id(subscriber: &SubscriberId, package: &PackageId) -> SubscriptionId {
    SubscriptionId::new(format!("{subscriber}/{package}"))
}

/// Letter case does not matter to the server.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The login; of a box that was added without one, its address.
pub(super) fn identity(row: &Account) -> String {
    match (row.login.is_empty(), row.mac()) {
        (true, Some(mac)) => colons(mac),
        _ => row.login.clone(),
    }
}

/// How to ask for one account and no other.
pub(super) fn key(operation: &'static str, id: &str) -> Result<UserKey, Refusal> {
    if let Some(mac) = canonical(id) {
        return Ok(UserKey::Mac(mac));
    }
    match Login::new(id) {
        Ok(login) => Ok(UserKey::Login(login)),
        Err(refusal) => Err(Refusal::new(
            operation,
            format!("the login {}", refusal.reason()),
        )),
    }
}

/// The address, in whichever spelling.
pub(super) fn address(text: &str) -> Option<MacAddr> {
    (text.trim() == text).then(|| text.parse().ok())?
}

/// The address, if it is written as the server finds it.
pub(super) fn canonical(text: &str) -> Option<MacAddr> {
    let mac = text.parse().ok()?;
    (colons(mac) == text).then_some(mac)
}
