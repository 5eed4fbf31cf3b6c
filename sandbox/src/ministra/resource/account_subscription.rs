//! `account_subscription`: the optional packages of an account.
//!
//! An answer of `true` says that at least one package changed for every
//! account meant, `false` that for one of them none did.

use serde::Serialize;

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Refused, Results, refuse};
use crate::ministra::column::{collated, integer};
use crate::ministra::form::Form;
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::request::Request;
use crate::ministra::state::{Package, State, User};
use crate::ministra::value::Value;

#[derive(Serialize)]
struct Row<'a> {
    mac: Option<&'a str>,
    subscribed: Vec<&'a str>,
    subscribed_id: Vec<String>,
}

/// What a call wants changed for one account.
#[derive(Default)]
struct Wish {
    subscribe: Packages,
    unsubscribe: Packages,
}

/// Packages by either of their ids.
#[derive(Default)]
struct Packages {
    external: Vec<String>,
    internal: Vec<i64>,
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
    Ok(Results::of(&rows))
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
    change(request, server, |state, user| {
        let subscribe = Packages::read(data, "subscribed", "subscribed_id");
        let mut unsubscribe = Packages::default();
        // Only a list is subtracted from: PHP cannot take the difference to a
        // text, and unsubscribes nothing then.
        if let Some(Value::Array(_)) = data.filled("subscribed") {
            let others = |package: &&&Package| !subscribe.external.contains(&package.external_id);
            let subscribed = state.subscribed(user);
            let others = subscribed.iter().filter(others);
            unsubscribe.external = others.map(|p| p.external_id.clone()).collect();
        }
        if let Some(Value::Array(_)) = data.filled("subscribed_id") {
            let kept = |package: &Package| {
                let same = |id: &i64| u64::try_from(*id) == Ok(package.id);
                subscribe.internal.iter().any(same)
            };
            let subscribed = state.subscribed(user);
            let others = subscribed.iter().filter(|package| !kept(package));
            unsubscribe.internal = others.filter_map(|p| i64::try_from(p.id).ok()).collect();
        }
        Wish {
            subscribe,
            unsubscribe,
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
        for (package, now) in &changes {
            let Some(mut user) = server.state.users.edit(account) else {
                continue;
            };
            user.optional_packages.retain(|id| id != package);
            if *now {
                user.optional_packages.push(*package);
            }
            drop(user);
            // Every package by itself: a change of five reboots five times.
            server.send(&[account], &Event::packages_changed());
        }
        all &= !changes.is_empty();
    }
    Ok(Results::done(all))
}

/// The packages to change, and whether the account has them then. All of it is
/// decided by what the account had before, so a package in both lists toggles.
fn changes(state: &State, user: &User, wish: &Wish) -> Vec<(u64, bool)> {
    let subscribed = |package: &Package| user.optional_packages.contains(&package.id);
    let plan = state.plan_of(user);
    let available: Vec<(&Package, bool)> = state.packages_of(plan).collect();
    let subscribe = available.iter().filter(|(package, optional)| {
        wish.subscribe.has(package) && *optional && !subscribed(package)
    });
    let unsubscribe = available.iter().filter(|(package, optional)| {
        wish.unsubscribe.has(package) && *optional && subscribed(package)
    });
    let subscribe = subscribe.map(|(package, _)| (package.id, true));
    subscribe
        .chain(unsubscribe.map(|(package, _)| (package.id, false)))
        .collect()
}

impl Packages {
    /// A single text will do for an external id; for an internal one it is not
    /// read (recorded).
    fn read(data: &Form, external: &str, internal: &str) -> Packages {
        Packages {
            external: match data.filled(external) {
                Some(Value::Text(id)) => vec![id.clone()],
                Some(Value::Array(ids)) => ids.texts().map(str::to_owned).collect(),
                None => Vec::new(),
            },
            internal: match data.filled(internal) {
                Some(Value::Array(ids)) => ids.texts().map(integer).collect(),
                Some(Value::Text(_)) | None => Vec::new(),
            },
        }
    }

    fn has(&self, package: &Package) -> bool {
        let external = collated(&package.external_id);
        self.external.iter().any(|id| collated(id) == external)
            || self
                .internal
                .iter()
                .any(|id| u64::try_from(*id) == Ok(package.id))
    }
}
