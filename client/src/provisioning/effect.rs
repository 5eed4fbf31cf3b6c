//! The effects on viewers, computed from what their terminals show before and after.

use std::collections::BTreeSet;
use std::fmt;

use super::identity::Key;
use super::lost_record::LostRecord;
use super::package_names::PackageNames;

use super::view::{Screen, View};
use crate::model::PackageId;

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
        /// The records that are lost. Empty if the model does not have them.
        lost: Vec<LostRecord>,
    },
}

impl Effect {
    /// Returns `true` if there are packages in it, by their keys.
    pub fn has_packages(&self) -> bool {
        match self {
            Effect::Shows { .. } => true,
            Effect::Irreversible { lost, .. } => lost.iter().any(|one| match one {
                LostRecord::Subscription { .. } | LostRecord::End { .. } => true,
                LostRecord::Subscriber(_) | LostRecord::Terminal(_) => false,
            }),
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
        let name = |id: &mut PackageId| {
            if let Some(name) = packages.name(id) {
                *id = name.into();
            }
        };
        let mut effect = self.clone();
        match &mut effect {
            Effect::Shows { gained, lost, .. } => {
                gained.iter_mut().chain(lost).for_each(name);
            }
            Effect::Irreversible { lost, .. } => {
                for one in lost {
                    match one {
                        LostRecord::Subscription { package, .. }
                        | LostRecord::End { package, .. } => name(package),
                        LostRecord::Subscriber(_) | LostRecord::Terminal(_) => {}
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
                let lost: Vec<String> = lost.iter().map(ToString::to_string).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_named_or_the_step_that_removes_it() {
        let effect = |lost: &[LostRecord]| Effect::Irreversible {
            step: "delete the addresses",
            lost: lost.to_vec(),
        };
        let package = LostRecord::Subscription {
            package: PackageId::from(3),
            until: None,
        };
        let named = effect(&[LostRecord::Subscriber("10006".to_owned()), package]).to_string();
        assert_eq!(named, "cannot be undone: subscriber 10006, package 3");
        let unnamed = effect(&[]).to_string();
        assert_eq!(unnamed, "cannot be undone: delete the addresses");
    }
}
