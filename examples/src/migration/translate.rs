//! What one platform has, as another one is to have it, and what gets lost.

use std::collections::BTreeMap;

use jsonsql_client::backend::{Capabilities, Capability};

use super::mapping::Mapping;
use crate::sync::state::{Present, State};
use crate::sync::wanted::{Wanted, WantedPackage};

/// What is not migrated, or not as it was, and how often. What the target does
/// not keep of a subscriber's fields is for the target to say.
pub type Losses = BTreeMap<String, usize>;

/// What the target can do that matters here.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Whether subscriptions end when they say.
    pub dates: bool,
    /// Whether everybody has exactly one plan.
    pub plans: bool,
}

impl Target {
    /// Of a platform that can do this.
    pub fn of(platform: &Capabilities) -> Target {
        Target {
            dates: platform.has(Capability::DatedSubscriptions),
            plans: platform.has(Capability::Plans),
        }
    }
}

/// All subscribers of the source as they are to be on the target.
pub fn translate(source: &State, mapping: &Mapping, target: Target) -> (Vec<Wanted>, Losses) {
    let mut losses = Losses::new();
    let wanted = (source.subscribers.iter())
        .map(|present| Wanted {
            record: present.record.clone(),
            packages: packages(present, source, mapping, target, &mut losses),
            macs: present.terminals.iter().map(|(_, mac)| *mac).collect(),
        })
        .collect();
    let of_all = |count: fn(&Present) -> usize| source.subscribers.iter().map(count).sum();
    let left = [
        (
            "subscriptions of a single terminal are not migrated",
            of_all(|one| one.of_one_terminal),
        ),
        (
            "subscriptions that are not in use are not migrated",
            of_all(|one| one.inactive),
        ),
        (
            "terminals without a hardware address are not migrated",
            of_all(|one| one.applications),
        ),
        (
            "terminals of nobody are not migrated",
            source.free_terminals,
        ),
    ];
    for (what, count) in left {
        if count > 0 {
            losses.insert(what.to_owned(), count);
        }
    }
    (wanted, losses)
}

fn packages(
    present: &Present,
    source: &State,
    mapping: &Mapping,
    target: Target,
    losses: &mut Losses,
) -> Vec<WantedPackage> {
    let mut lose = |what: String| *losses.entry(what).or_default() += 1;
    let mut all: Vec<WantedPackage> = Vec::new();
    for had in &present.subscriptions {
        let name = source.package_name(&had.package);
        let stand_for_it = mapping.of(&had.package);
        if stand_for_it.is_empty() {
            lose(format!(
                "package {name:?} is not on the target: subscriptions to it"
            ));
        }
        for package in stand_for_it {
            if all.iter().any(|other| other.offer.id == package.offer.id) {
                continue;
            }
            if package.offer.plan && all.iter().any(|other| other.offer.plan) {
                lose(format!(
                    "a second plan, {:?}, is not given",
                    package.offer.name
                ));
                continue;
            }
            let mut package = package.clone();
            if had.until.is_some() && target.dates {
                package.until = had.until;
            } else if had.until.is_some() {
                lose("subscriptions do not end by themselves any more".to_owned());
            }
            all.push(package);
        }
    }
    if target.plans && !all.iter().any(|package| package.offer.plan) {
        lose("subscribers get the target's own plan, for none stands for theirs".to_owned());
    }
    all
}

#[cfg(test)]
mod tests;
