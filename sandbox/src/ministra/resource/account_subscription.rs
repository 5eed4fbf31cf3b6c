//! `account_subscription`: the optional packages of an account.
//!
//! An answer of `true` says that at least one package changed for every
//! account meant, `false` that for one of them none did.

use serde::Serialize;

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Refused, Results, refuse};
use crate::ministra::collation;
use crate::ministra::form::Form;
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::request::Request;
use crate::ministra::state::{Package, State, User};
use crate::ministra::value::Value;

/// The kind of package that is bought anew each time.
const SINGLE: &str = "single";

#[derive(Serialize)]
struct Row<'a> {
    mac: Option<&'a str>,
    subscribed: Vec<&'a str>,
    subscribed_id: Vec<String>,
}

/// The changes that a call requests for one account.
#[derive(Default)]
struct Wish {
    subscribe: Packages,
    unsubscribe: Packages,
}

/// Packages by either of their ids.
#[derive(Clone, Default)]
struct Packages {
    external: Vec<String>,
    /// As they were sent: one sent twice is two.
    internal: Vec<String>,
}

pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let accounts = accounts(request, server)?;
    let users = accounts.iter().filter_map(|id| server.state.users.get(*id));
    let rows: Vec<Row<'_>> = users
        .map(|user| {
            let subscribed = server.state.subscribed(user);
            Row {
                mac: Some(user.mac.as_str()).filter(|mac| !mac.is_empty()),
                subscribed: subscribed.iter().map(|p| p.external_id.as_str()).collect(),
                subscribed_id: subscribed.iter().map(|p| p.id.to_string()).collect(),
            }
        })
        .collect();
    Ok(Results::new(&rows))
}

/// Replaces the packages, by the kind of id that was given. An empty list is
/// not possible; a list of unknown packages removes everything.
pub(super) fn create(request: &Request, server: &mut Installation) -> Answer {
    let data = &request.data;
    if data.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    if !data.has_any(&["subscribed", "subscribed_id"]) {
        return refuse("Insert data is empty");
    }
    // Only lists are read: PHP cannot subtract a text from a list (read).
    let subscribe = Packages {
        external: texts(data, "subscribed").unwrap_or_default(),
        internal: texts(data, "subscribed_id").unwrap_or_default(),
    };
    change(request, server, |state, user| {
        let subscribed = state.subscribed(user);
        let others = |name, id: fn(&Package) -> String| {
            let kept = texts(data, name);
            let ids = subscribed.iter().map(|package| id(package));
            kept.map(|kept| ids.filter(|id| !kept.contains(id)).collect())
                .unwrap_or_default()
        };
        Wish {
            subscribe: subscribe.clone(),
            unsubscribe: Packages {
                external: others("subscribed", |package| package.external_id.clone()),
                internal: others("subscribed_id", |package| package.id.to_string()),
            },
        }
    })
}

pub(super) fn update(request: &Request, server: &mut Installation) -> Answer {
    const FIELDS: [&str; 4] = [
        "subscribed",
        "subscribed_id",
        "unsubscribed",
        "unsubscribed_id",
    ];
    let data = &request.data;
    if data.is_empty() {
        return refuse("HTTP PUT data is empty");
    }
    if !data.has_any(&FIELDS) {
        return refuse("Insert data is empty");
    }
    change(request, server, |_, _| Wish {
        subscribe: Packages::read(data, "subscribed", "subscribed_id"),
        unsubscribe: Packages::read(data, "unsubscribed", "unsubscribed_id"),
    })
}

/// Goes by the external ids, so packages that share one go together.
pub(super) fn delete(request: &Request, server: &mut Installation) -> Answer {
    change(request, server, |state, user| {
        let mut wish = Wish::default();
        let subscribed = state.subscribed(user).into_iter();
        wish.unsubscribe.external = subscribed.map(|p| p.external_id.clone()).collect();
        wish
    })
}

fn accounts(request: &Request, server: &Installation) -> Result<Vec<i64>, Refused> {
    let identifiers = request.identifiers();
    let accounts = identifiers::accounts(&server.state, identifiers, By::Box);
    match identifiers.len() {
        1 if accounts.is_empty() => refuse("Account not found"),
        0 | 1 => Ok(accounts),
        _ => refuse("Only one identifier allowed"),
    }
}

/// Carries out a wish for each account meant, one after the other.
fn change(
    request: &Request,
    server: &mut Installation,
    wish: impl Fn(&State, &User) -> Wish,
) -> Answer {
    let mut all = true;
    for account in accounts(request, server)? {
        let Some(user) = server.state.users.get(account) else {
            continue;
        };
        let changes = changes(&server.state, user, &wish(&server.state, user));
        for change in &changes {
            if let Some(mut user) = server.state.users.edit(account) {
                match change {
                    Change::Subscribe(package) => user.optional_packages.push(*package),
                    Change::Unsubscribe(package) => {
                        user.optional_packages.retain(|id| id != package);
                    }
                }
                user.optional_packages.sort_unstable();
            }
            server.send(&[account], &Event::packages_changed());
        }
        all &= !changes.is_empty();
    }
    Ok(Results::done(all))
}

/// A change to the packages of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// One more row of this package.
    Subscribe(u64),
    /// All rows of this package go.
    Unsubscribe(u64),
}

/// The changes that a wish makes. All of them are decided by what the account
/// had before, so a package in both lists toggles.
///
/// A package that is sold singly can be had again and again, and even where the
/// plan has it for everybody (recorded; read).
fn changes(state: &State, user: &User, wish: &Wish) -> Vec<Change> {
    let plan = state.plan_of(user);
    let available: Vec<(&Package, bool)> = state.packages_of(plan).collect();
    let subscribed = |id: u64| user.optional_packages.contains(&id);
    let can_be_had = |id: u64| {
        let mut same = available.iter().filter(|(package, _)| package.id == id);
        same.any(|(package, optional)| {
            (*optional && !subscribed(id)) || package.service_type == SINGLE
        })
    };
    let can_go = |id: u64| {
        let mut same = available.iter().filter(|(package, _)| package.id == id);
        same.any(|(_, optional)| *optional && subscribed(id))
    };
    let subscribe = wish.subscribe.ids(state).into_iter();
    let unsubscribe = wish.unsubscribe.ids(state).into_iter();
    let subscribe = subscribe
        .filter(|id| can_be_had(*id))
        .map(Change::Subscribe);
    let unsubscribe = unsubscribe
        .filter(|id| can_go(*id))
        .map(Change::Unsubscribe);
    subscribe.chain(unsubscribe).collect()
}

impl Packages {
    /// A single text will do for an external id; for an internal one it is not
    /// read (recorded).
    fn read(data: &Form, external: &str, internal: &str) -> Packages {
        let single = match data.filled(external) {
            Some(Value::Text(id)) => Some(vec![id.clone()]),
            Some(Value::Array(_)) | None => None,
        };
        Packages {
            external: single.or_else(|| texts(data, external)).unwrap_or_default(),
            internal: texts(data, internal).unwrap_or_default(),
        }
    }

    /// The packages meant: those with one of the external ids, each once, and
    /// then those of the internal ids as they were sent.
    fn ids(&self, state: &State) -> Vec<u64> {
        let packages = state.packages.iter();
        let named = |package: &&Package| {
            let mut ids = self.external.iter();
            ids.any(|id| collation::equal(id, &package.external_id))
        };
        let mut ids: Vec<u64> = packages.filter(named).map(|package| package.id).collect();
        ids.extend(self.internal.iter().filter_map(|text| number(text)));
        ids
    }
}

/// The entries of a field that is a list with any.
fn texts(data: &Form, name: &str) -> Option<Vec<String>> {
    match data.filled(name)? {
        Value::Array(array) => Some(array.texts().map(str::to_owned).collect()),
        Value::Text(_) => None,
    }
}

/// The number that PHP finds equal to a text: `03` and `3.0` are 3, and `3a` is
/// no number.
fn number(text: &str) -> Option<u64> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    let number: f64 = text.chars().all(digits).then(|| text.parse().ok())??;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "looked at before"
    )]
    let whole = ((0.0..9e15).contains(&number) && number.fract() == 0.0).then_some(number as u64);
    whole
}
