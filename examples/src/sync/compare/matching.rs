//! Who of the platform is whom of the billing, and whom nobody wants.

use std::collections::{HashMap, HashSet};

use jsonsql_client::model::{ExternalRef, NewSubscriber};

use super::{Removal, Rules};
use crate::sync::plan::{Conflict, Plan};
use crate::sync::state::State;
use crate::sync::wanted::Wanted;

/// Whom of the platform a wanted subscriber is.
pub(super) enum Found {
    At(usize),
    Nobody,
    Conflict,
}

/// Finds everybody by the billing's key, or else by the login. Who is spoken
/// for is not deleted, in doubt neither.
pub(super) fn find(
    wanted: &[Wanted],
    state: &State,
    rules: &Rules,
    plan: &mut Plan,
) -> (Vec<Found>, HashSet<usize>) {
    let mut by_reference: HashMap<&ExternalRef, Vec<usize>> = HashMap::new();
    let mut by_login = HashMap::new();
    for (place, present) in state.subscribers.iter().enumerate() {
        if let Some(reference) = &present.record.external_ref {
            by_reference.entry(reference).or_default().push(place);
        }
        by_login.insert(present.record.login.as_str(), place);
    }
    let mut spoken_for = HashSet::new();
    let mut find = |record: &NewSubscriber| {
        let reference = record.external_ref.as_ref();
        let places = reference.and_then(|reference| by_reference.get(reference));
        if let Some(places) = places {
            spoken_for.extend(places);
            return match places.as_slice() {
                [place] => Ok(Found::At(*place)),
                _ => Err("several subscribers have its external reference"),
            };
        }
        let Some(&place) = by_login.get(record.login.as_str()) else {
            return Ok(Found::Nobody);
        };
        let first = spoken_for.insert(place);
        let other = &state.subscribers[place].record.external_ref;
        let another = rules.external_ref && reference.is_some() && other.is_some();
        if another || !first {
            return Err("a subscriber with another external reference has its login");
        }
        Ok(Found::At(place))
    };
    let mut all: Vec<Found> = wanted.iter().map(|_| Found::Nobody).collect();
    // Those with the billing's key come first: a login can be somebody else's now.
    let (keyed, others): (Vec<_>, Vec<_>) =
        (0..wanted.len()).partition(|place| wanted[*place].record.external_ref.is_some());
    for place in keyed.into_iter().chain(others) {
        let record = &wanted[place].record;
        all[place] = find(record).unwrap_or_else(|reason| {
            let login = record.login.clone();
            plan.conflicts.push(Conflict { login, reason });
            Found::Conflict
        });
    }
    (all, spoken_for)
}

/// Whom nobody wants and the billing may delete.
pub(super) fn doomed(
    state: &State,
    spoken_for: &HashSet<usize>,
    rules: &Rules,
    plan: &mut Plan,
) -> Vec<usize> {
    let mut doomed = Vec::new();
    for (place, present) in state.subscribers.iter().enumerate() {
        let owned = match &rules.removal {
            Removal::Nothing => false,
            Removal::Owned(ownership) => ownership.owns(&present.record),
        };
        plan.owned += usize::from(owned);
        if spoken_for.contains(&place) {
            continue;
        }
        if owned {
            doomed.push(place);
        } else if matches!(rules.removal, Removal::Owned(_)) {
            plan.left_alone += 1;
        }
    }
    doomed
}
