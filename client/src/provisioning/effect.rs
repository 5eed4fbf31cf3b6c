//! The effects on viewers, computed from what their terminals show before and after.

use std::collections::BTreeSet;
use std::fmt;

use super::identity::Key;
use super::package_names::PackageNames;
use super::plan::Step;
use super::view::{Screen, View};
use crate::model::{Capabilities, Capability, PackageId, Subscriber, Subscription, Timestamp};

/// Something that an operation does to viewers, or that cannot be had back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// A terminal gets something to show.
    SwitchedOn {
        /// The terminal.
        terminal: Key,
    },
    /// A terminal shows nothing any more.
    SwitchedOff {
        /// The terminal.
        terminal: Key,
    },
    /// A terminal that is on gets or loses packages.
    Shows {
        /// The terminal.
        terminal: Key,
        /// Packages it did not show.
        gained: Vec<PackageId>,
        /// Packages it shows no more.
        lost: Vec<PackageId>,
    },
    /// A terminal starts again, in the middle of whatever is watched.
    Restart {
        /// The terminal.
        terminal: Key,
    },
    /// Terminals may show something else, and were not read: an operation reads
    /// what it needs. Its [preview](super::Backend::preview) names them, as does
    /// an [`Adapter`](super::Adapter::reporting_all_effects) that reads them.
    Unread,
    /// A removal that cannot be undone.
    Irreversible {
        /// The step that removes it.
        step: &'static str,
        /// The data that is lost: logins, addresses of terminals, packages with the
        /// ends until which they were bought. Empty if the model does not have the
        /// data.
        lost: Vec<String>,
    },
}

/// The beginning of a package among the data that is lost.
const PACKAGE: &str = "package ";

impl Effect {
    /// Returns `true` if there are packages in it, by their keys.
    pub fn has_packages(&self) -> bool {
        match self {
            Effect::Shows { .. } => true,
            Effect::Irreversible { lost, .. } => lost.iter().any(|one| one.starts_with(PACKAGE)),
            Effect::SwitchedOn { .. }
            | Effect::SwitchedOff { .. }
            | Effect::Restart { .. }
            | Effect::Unread => false,
        }
    }

    /// Returns the effect for a person to read: with the names of packages in place of
    /// their keys.
    #[must_use]
    pub fn with_names(&self, packages: &PackageNames) -> Effect {
        let name = |id: &str| packages.name(&id.into()).unwrap_or(id).to_owned();
        let mut effect = self.clone();
        match &mut effect {
            Effect::Shows { gained, lost, .. } => {
                for package in gained.iter_mut().chain(lost) {
                    *package = name(package.as_str()).into();
                }
            }
            Effect::Irreversible { lost, .. } => {
                for one in lost {
                    if let Some(id) = one.strip_prefix(PACKAGE) {
                        *one = format!("{PACKAGE}{}", name(id));
                    }
                }
            }
            _ => {}
        }
        effect
    }
}

/// `cannot be undone: subscriber 10006`.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::SwitchedOn { terminal } => write!(f, "{} is switched on", terminal.text()),
            Effect::SwitchedOff { terminal } => write!(f, "{} is switched off", terminal.text()),
            Effect::Shows {
                terminal,
                gained,
                lost,
            } => {
                write!(f, "{} shows", terminal.text())?;
                for (sign, packages) in [("more", gained), ("less", lost)] {
                    let ids: Vec<&str> = packages.iter().map(PackageId::as_str).collect();
                    if !ids.is_empty() {
                        write!(f, " {sign}: {}", ids.join(", "))?;
                    }
                }
                Ok(())
            }
            Effect::Restart { terminal } => write!(f, "{} restarts", terminal.text()),
            Effect::Unread => f.write_str("terminals were not read, and may show something else"),
            // What the model has no place for is named by the step alone.
            Effect::Irreversible { step, lost } if lost.is_empty() => {
                write!(f, "cannot be undone: {step}")
            }
            Effect::Irreversible { lost, .. } => {
                write!(f, "cannot be undone: {}", lost.join(", "))
            }
        }
    }
}

/// The views of a subscriber before and after.
pub(super) type Views<'v> = (Option<&'v View>, Option<&'v View>);

/// Returns the difference between what the terminals of these subscribers show before and
/// after: one that goes from one of them to another shows something else.
pub(super) fn on_screens(views: &[Views<'_>]) -> Vec<Effect> {
    let screens = |view: Option<&View>| view.map_or(Vec::new(), |one| one.screens.clone());
    let before: Vec<Screen> = (views.iter())
        .flat_map(|(before, _)| screens(*before))
        .collect();
    let after: Vec<Screen> = (views.iter())
        .flat_map(|(_, after)| screens(*after))
        .collect();
    let mut terminals: Vec<Key> = Vec::new();
    for screen in before.iter().chain(&after) {
        if !terminals.contains(&screen.terminal) {
            terminals.push(screen.terminal.clone());
        }
    }
    let effect = |terminal: Key| match (shown(&before, &terminal), shown(&after, &terminal)) {
        (None, None) => None,
        (None, Some(_)) => Some(Effect::SwitchedOn { terminal }),
        (Some(_), None) => Some(Effect::SwitchedOff { terminal }),
        (Some(before), Some(after)) => {
            let gained: Vec<_> = after.difference(&before).cloned().collect();
            let lost: Vec<_> = before.difference(&after).cloned().collect();
            (!gained.is_empty() || !lost.is_empty()).then_some(Effect::Shows {
                terminal,
                gained,
                lost,
            })
        }
    };
    let seen = terminals.into_iter().filter_map(effect);
    let unread = views
        .iter()
        .filter_map(|(before, after)| on_unread(*before, *after));
    seen.chain(unread).collect()
}

/// Returns the packages that a terminal shows if it is on; one that is there
/// twice shows those of each row that is on.
fn shown(screens: &[Screen], terminal: &Key) -> Option<BTreeSet<PackageId>> {
    let rows = screens.iter().filter(|one| one.terminal == *terminal);
    let on = rows.filter(|one| one.on).map(|one| one.shows.clone());
    on.reduce(|one, other| one.union(&other).cloned().collect())
}

/// Returns the effect on terminals that were not read: none if nothing changes
/// that they share.
fn on_unread(before: Option<&View>, after: Option<&View>) -> Option<Effect> {
    let (before, after) = (before?, after?);
    let enabled = |view: &View| view.subscriber.as_ref().map(|one| one.enabled);
    let shared = |view: &View| -> BTreeSet<PackageId> {
        let active = view.subscriptions.iter().filter(|one| one.active);
        let shared = active.filter(|one| one.terminal.is_none());
        shared.map(|one| one.package.clone()).collect()
    };
    let differs = enabled(before) != enabled(after) || shared(before) != shared(after);
    (before.terminals_unread && differs).then_some(Effect::Unread)
}

/// Returns the subscriber's name, if it is there before and not after.
fn subscriber_gone((before, after): Views<'_>) -> Option<String> {
    let is_gone = after.is_none_or(|after| after.subscriber.is_none());
    let login = before?.login().filter(|_| is_gone);
    login.map(|login| format!("subscriber {login}"))
}

/// Returns the names of terminals that are there before and not after: another subscriber may
/// have them, or nobody.
fn terminals_gone((before, after): Views<'_>) -> Vec<String> {
    let stays = |screen: &&Screen| {
        let is_it = |one: &Screen| one.terminal == screen.terminal;
        after.is_some_and(|after| after.screens.iter().any(is_it))
    };
    let screens = before.into_iter().flat_map(|view| &view.screens);
    let gone = screens.filter(|screen| !stays(screen));
    gone.map(|screen| format!("terminal {}", screen.terminal.text()))
        .collect()
}

/// Returns the subscriptions that are there before and not after.
fn subscriptions_gone<'v>((before, after): Views<'v>) -> impl Iterator<Item = &'v Subscription> {
    let all = before.into_iter().flat_map(|view| &view.subscriptions);
    all.filter(move |one| same(after, one).is_none())
}

/// Returns the subscription that this one has become.
fn same<'v>(view: Option<&'v View>, one: &Subscription) -> Option<&'v Subscription> {
    let is_it = |other: &&Subscription| {
        (&other.package, &other.terminal, other.from) == (&one.package, &one.terminal, one.from)
    };
    view?.subscriptions.iter().find(is_it)
}

/// Returns the end until which a subscription was bought.
fn due(one: &Subscription) -> Option<Timestamp> {
    one.until.filter(|_| one.active)
}

/// `package 3`, with the end until which it was bought.
fn package(one: &Subscription) -> String {
    match due(one) {
        None => format!("package {}", one.package),
        Some(until) => format!("package {} until {until}", one.package),
    }
}

/// Returns the removal that a step is, if it is one.
///
/// One rule holds for all platforms. A record that is not there after the step is lost: the
/// subscriber, a subscription with its end, and a terminal if its row is deleted; one that
/// is taken away can be bound again by its address. So is the end of a subscription that
/// goes on, where ends cannot be written. Rows that the model does not have are named by
/// the step that deletes them. A subscription that is ended and stays to be seen loses
/// nothing, nor does a field that another value replaces, a plan among them.
pub(super) fn irreversible<W>(
    step: &Step<W>,
    views: Views<'_>,
    capabilities: &Capabilities,
) -> Option<Effect> {
    let mut names: Vec<String> = subscriber_gone(views).into_iter().collect();
    if step.removes {
        names.extend(terminals_gone(views));
    }
    let (before, after) = views;
    let plan = before.and_then(|view| view.plan.as_ref());
    let is_replaced = |one: &Subscription| {
        let has_another = after.is_some_and(|after| after.plan.is_some());
        has_another && plan == Some(&one.package) && due(one).is_none()
    };
    let gone = subscriptions_gone(views).filter(|one| !is_replaced(one));
    names.extend(gone.map(package));
    if !capabilities.has(Capability::DatedSubscriptions) {
        let ended = before.into_iter().flat_map(|view| &view.subscriptions);
        names.extend(ended.filter_map(|one| {
            let (until, now) = (due(one)?, same(after, one)?);
            (now.until != Some(until))
                .then(|| format!("the end {until} of package {}", one.package))
        }));
    }
    let is_removal = step.removes || !names.is_empty();
    is_removal.then_some(Effect::Irreversible {
        step: step.name,
        lost: names,
    })
}

/// Leaves out what a later step has put back: of two rows that say the same both are
/// removed, and one is made anew.
pub(super) fn without_restored(effects: Vec<Effect>, last: Option<&View>) -> Vec<Effect> {
    let there = last.into_iter().flat_map(|view| &view.subscriptions);
    let there: Vec<String> = there.map(package).collect();
    let settled = effects.into_iter().filter_map(|effect| match effect {
        Effect::Irreversible { step, mut lost } if !lost.is_empty() => {
            lost.retain(|name| !there.contains(name));
            (!lost.is_empty()).then_some(Effect::Irreversible { step, lost })
        }
        other => Some(other),
    });
    settled.collect()
}

/// Returns `true` if anything is taken away from the subscriber: it is deleted
/// or disabled, loses a terminal or a package, or a field of it is cleared.
pub(super) fn takes_away(before: Option<&View>, after: Option<&View>) -> bool {
    let Some(was) = before.and_then(|view| view.subscriber.as_ref()) else {
        return false;
    };
    let Some(is) = after.and_then(|view| view.subscriber.as_ref()) else {
        return true;
    };
    let cleared = |field: fn(&Subscriber) -> bool| field(was) && !field(is);
    cleared(|one| one.enabled)
        || cleared(|one| one.external_ref.is_some())
        || cleared(|one| one.name.is_some())
        || cleared(|one| one.email.is_some())
        || cleared(|one| one.phone.is_some())
        || cleared(|one| one.address.is_some())
        || cleared(|one| one.note.is_some())
        || !terminals_gone((before, after)).is_empty()
        || subscriptions_gone((before, after)).next().is_some()
        || (on_screens(&[(before, after)]).iter()).any(|effect| match effect {
            Effect::SwitchedOff { .. } => true,
            Effect::Shows { lost, .. } => !lost.is_empty(),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_named_or_the_step_that_removes_it() {
        let effect = |lost: &[&str]| Effect::Irreversible {
            step: "delete the addresses",
            lost: lost.iter().map(|one| (*one).to_owned()).collect(),
        };
        let named = effect(&["subscriber 10006", "package 3"]).to_string();
        assert_eq!(named, "cannot be undone: subscriber 10006, package 3");
        let unnamed = effect(&[]).to_string();
        assert_eq!(unnamed, "cannot be undone: delete the addresses");
    }
}
