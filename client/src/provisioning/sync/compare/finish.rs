//! The end of a pass: jobs for those who differ, and who is left as they are.

use std::collections::HashSet;

use super::{Candidate, Comparison, Pass, Pending, Place};
use crate::model::Patch;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::Desired;
use crate::provisioning::executor::{AT_ONCE, Job, handle};
use crate::provisioning::fit::check;
use crate::provisioning::identity::Key;
use crate::provisioning::platform::Platform;
use crate::provisioning::sync::index::{login, number, reference};
use crate::provisioning::sync::schedule::{Item, Left, Schedule};
use crate::provisioning::sync::wanted::WantedRow;

impl<P: Platform> Pass<'_, P> {
    pub(super) fn finish(mut self) -> Comparison<P> {
        let identity = self.platform.identity();
        let mut held = HashSet::new();
        let mut pending = Vec::new();
        for row in 0..self.places.len() {
            let place = u32::try_from(row).unwrap_or(u32::MAX);
            let ordinal = match self.places[row] {
                Place::Conflict => continue,
                Place::Nobody => None,
                Place::ByReference(ordinal) | Place::ByLogin(ordinal) => Some(ordinal),
            };
            let wanted = self.wanted.row(row).into_owned();
            if let Some(ordinal) = ordinal
                && self.twins.contains(&ordinal)
            {
                let reason = "two subscribers of the platform have its login or reference";
                self.unchanged = self.unchanged.saturating_sub(1);
                self.leave_row(place, Conflict::Withheld { reason });
                continue;
            }
            let candidate = match ordinal {
                None => None,
                Some(ordinal) => match self.found.remove(&ordinal) {
                    Some(candidate) => Some(candidate),
                    None => continue,
                },
            };
            let find: Vec<Key> = (reference(identity, &wanted.desired).into_iter())
                .chain(login(identity, &wanted.desired))
                .collect();
            if let Err(refusal) = check(&find, &wanted.desired) {
                self.left
                    .push(left(&wanted, Conflict::from(refusal).to_string()));
                continue;
            }
            held.extend(ordinal);
            pending.push(Pending {
                item: Item::new(Some(&wanted), Job::new(find, wanted.desired.clone())),
                known: Vec::new(),
                rows: candidate.map(|candidate| candidate.observed),
                loose: Vec::new(),
            });
        }
        let mut rest: Vec<(u32, Candidate<P::Observed>)> = self.found.drain().collect();
        rest.sort_unstable_by_key(|(ordinal, _)| *ordinal);
        for (ordinal, candidate) in rest {
            if self.spoken_for.contains(&ordinal) {
                continue;
            }
            let reason = if self.twins.contains(&ordinal) {
                Some("another subscriber of the platform has its login or reference")
            } else if self.index.is_nameless {
                Some("a row of the export has neither login nor reference, and may be its own")
            } else {
                None
            };
            if let Some(reason) = reason {
                self.left.push(Left {
                    line: None,
                    login: candidate.login,
                    reason: reason.to_owned(),
                });
                continue;
            }
            let Some(key) = handle(&self.platform.keys(&candidate.observed)) else {
                continue;
            };
            let job = Job::new([key.clone()], Desired::absent());
            held.insert(ordinal);
            pending.push(Pending {
                item: Item::of_platform(candidate.login, job),
                known: Vec::new(),
                rows: Some(candidate.observed),
                loose: Vec::new(),
            });
        }
        self.left.sort_by_key(|left| left.line);
        self.settle_keys(&mut pending, &held);
        Comparison {
            schedule: Schedule {
                platform: self.platform.name(),
                base: self.matched + self.owned,
                unchanged: self.unchanged,
                unlisted: self.unlisted,
                items: Vec::new(),
                left: self.left,
                catalogue: None,
                at_once: AT_ONCE,
                reserved: self.index.login_numbers(),
            },
            pending,
        }
    }

    /// Finds out which keys need not be asked for, and which jobs need nothing
    /// that another one has.
    fn settle_keys(&self, pending: &mut [Pending<P::Observed>], held: &HashSet<u32>) {
        let identity = self.platform.identity();
        let mut holders: Vec<(u64, usize)> = Vec::new();
        for (place, one) in pending.iter().enumerate() {
            let keys = one.rows.iter().flat_map(|rows| self.platform.keys(rows));
            holders.extend(keys.map(|key| (number(&key), place)));
        }
        holders.sort_unstable();
        let holders = |key: &Key| {
            let number = number(key);
            let begin = holders.partition_point(|(own, _)| *own < number);
            let same = holders[begin..].iter();
            let same = same.take_while(move |(own, _)| *own == number);
            same.map(|(_, place)| *place)
        };
        let mut together = HashSet::new();
        for (place, one) in pending.iter_mut().enumerate() {
            let mut keys = one.item.job.keys(identity);
            for key in &keys {
                for holder in holders(key).filter(|holder| *holder != place) {
                    together.extend([holder, place]);
                }
            }
            let mut loose = Vec::new();
            // Whoever holds one of the others is asked for.
            keys.retain(|key| {
                let Some(holder) = self.seen.get(&number(key)) else {
                    return true;
                };
                let is_loose = self.loose.contains_key(holder);
                if is_loose && !loose.contains(holder) {
                    loose.push(*holder);
                }
                is_loose || held.contains(holder)
            });
            let rows = loose.iter().filter_map(|holder| self.loose.get(holder));
            one.loose = rows.cloned().collect();
            one.known = keys;
        }
        for (place, one) in pending.iter_mut().enumerate() {
            one.item.is_alone = !together.contains(&place);
        }
    }
}

pub(super) fn left(wanted: &WantedRow, reason: String) -> Left {
    let desired = &wanted.desired;
    let reference = match &desired.external_ref {
        Patch::Set(reference) => Some(reference.to_string()),
        _ => None,
    };
    Left {
        line: wanted.line,
        login: desired.login.clone().or(reference).unwrap_or_default(),
        reason,
    }
}
