//! The end of a pass: jobs for those who differ, and who is left as they are.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Pass, Pending, Place, Rows, SEVERAL, is_seen};
use crate::model::Patch;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::Desired;
use crate::provisioning::executor::{AT_ONCE, Job};
use crate::provisioning::fit::check;
use crate::provisioning::identity::Key;
use crate::provisioning::platform::Platform;
use crate::provisioning::sync::index::number;
use crate::provisioning::sync::item::{Item, keys_to_find_by};
use crate::provisioning::sync::schedule::{Left, Schedule};
use crate::provisioning::sync::wanted::{WantedRow, WantedRows};

impl<P: Platform> Pass<'_, P> {
    pub(super) fn finish(
        mut self,
        export: Arc<dyn WantedRows>,
        catalogue: Arc<P::Catalogue>,
    ) -> (Schedule<P>, Vec<Pending<P::Observed>>) {
        let mut pending = Vec::new();
        // The places of jobs by those of their subscribers in the stream.
        let mut jobs: HashMap<u32, usize> = HashMap::new();
        self.changes(&mut pending, &mut jobs);
        let base = self.matched + self.owned.len();
        self.removals(&mut pending, &mut jobs);
        self.left.sort_by_key(|left| left.line);
        self.settle_keys(&mut pending, &jobs);
        let schedule = Schedule {
            platform: self.platform.name(),
            base,
            unchanged: self.unchanged,
            unlisted: self.unlisted,
            items: Vec::new(),
            left: self.left,
            export,
            catalogue: Some(catalogue),
            at_once: AT_ONCE,
            reserved: self.index.login_numbers(),
        };
        (schedule, pending)
    }

    /// Makes jobs of the export's rows that nobody is as.
    fn changes(&mut self, pending: &mut Vec<Pending<P::Observed>>, jobs: &mut HashMap<u32, usize>) {
        let identity = self.platform.identity();
        for row in 0..self.places.len() {
            let place = u32::try_from(row).unwrap_or(u32::MAX);
            let ordinal = match self.places[row] {
                Place::Conflict => continue,
                Place::Nobody => None,
                Place::ByReference(ordinal) | Place::ByLogin(ordinal) => Some(ordinal),
            };
            if let Some(ordinal) = ordinal
                && self.twins.contains(&ordinal)
            {
                let reason = "two subscribers of the platform have its login or reference";
                self.unchanged = self.unchanged.saturating_sub(1);
                self.leave_row(place, Conflict::Withheld { reason });
                continue;
            }
            let rows = match ordinal {
                None => None,
                Some(ordinal) => match self.differ.remove(&ordinal) {
                    Some(rows) => Some(rows),
                    None => continue,
                },
            };
            let wanted = self.wanted.row(row);
            let find = keys_to_find_by(identity, &wanted.desired);
            if let Err(refusal) = check(&find, &wanted.desired) {
                self.left
                    .push(left(&wanted, Conflict::from(refusal).to_string()));
                continue;
            }
            jobs.extend(ordinal.map(|ordinal| (ordinal, pending.len())));
            pending.push(Pending::new(Item::of_row(place, &wanted), rows));
        }
    }

    /// Makes jobs of the billing's subscribers that are not in the export.
    fn removals(
        &mut self,
        pending: &mut Vec<Pending<P::Observed>>,
        jobs: &mut HashMap<u32, usize>,
    ) {
        for owned in std::mem::take(&mut self.owned) {
            let reason = if self.twins.contains(&owned.ordinal) {
                Some("another subscriber of the platform has its login or reference")
            } else if self.index.is_nameless {
                Some("a row of the export has neither login nor reference, and may be its own")
            } else {
                None
            };
            if let Some(reason) = reason {
                self.left.push(Left {
                    line: None,
                    login: owned.login,
                    reason: reason.to_owned(),
                });
                continue;
            }
            let Some(key) = owned.key else {
                continue;
            };
            jobs.insert(owned.ordinal, pending.len());
            let job = Job::new([key], Desired::absent());
            pending.push(Pending::new(
                Item::of_job(owned.login, job),
                Some(owned.rows),
            ));
        }
    }

    /// Finds out which keys need not be asked for, and which jobs need nothing
    /// that another one has.
    fn settle_keys(&self, pending: &mut [Pending<P::Observed>], jobs: &HashMap<u32, usize>) {
        let identity = self.platform.identity();
        let mut together = HashSet::new();
        for place in 0..pending.len() {
            let Some(item) = &pending[place].item else {
                continue;
            };
            let (mut known, mut loose) = (0, Vec::new());
            let is_held = |job: usize| matches!(pending[job].rows, Some(Rows::Held(_)));
            let keys = item.job(identity, self.wanted).keys(identity);
            for (bit, key) in keys.iter().enumerate() {
                let holders = self.holders(key);
                for job in holders.iter().filter_map(|holder| jobs.get(holder)) {
                    if *job != place {
                        together.extend([*job, place]);
                    }
                }
                // Whoever holds one of the others is asked for.
                let is_known = match *holders {
                    [] => is_seen(key) || is_held(place),
                    [holder] if self.loose.contains_key(&holder) => {
                        if !loose.contains(&holder) {
                            loose.push(holder);
                        }
                        true
                    }
                    [holder] => jobs.get(&holder).is_some_and(|job| is_held(*job)),
                    _ => false,
                };
                let bit = u32::try_from(bit)
                    .ok()
                    .and_then(|bit| 1_u64.checked_shl(bit));
                known |= bit.filter(|_| is_known).unwrap_or(0);
            }
            let rows = loose.iter().filter_map(|holder| self.loose.get(holder));
            pending[place].loose = rows.cloned().collect();
            pending[place].known = known;
        }
        for (place, one) in pending.iter_mut().enumerate() {
            if let Some(item) = &mut one.item {
                item.is_alone = !together.contains(&place);
            }
        }
    }

    /// Returns the places in the stream of those who have this key.
    fn holders(&self, key: &Key) -> &[u32] {
        let number = number(key);
        match self.seen.get(&number) {
            None => &[],
            Some(&SEVERAL) => self.shared.get(&number).map_or(&[], Vec::as_slice),
            Some(holder) => std::slice::from_ref(holder),
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
